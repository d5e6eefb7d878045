using AppAttach.Contracts;
using AppAttach.Imaging;
using AppAttach.Pipeline.Ports;

namespace AppAttach.Pipeline.Intake;

/// <summary>Tells content that is bad from a file that was written over while it was read: only the former is a verdict on a package.</summary>
internal static class PackageDropChanges
{
    /// <summary>Does work on a drop, and turns what speaks against the package into a refusal.</summary>
    /// <typeparam name="TResult">Type of the result.</typeparam>
    /// <param name="drop">The drop.</param>
    /// <param name="inbox">Where it lies.</param>
    /// <param name="work">The work; a package that is bad or not wanted makes it throw.</param>
    /// <param name="refuse">Makes the result of a refusal.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>What the work gave, or the refusal: with <see cref="ErrorCodes.DropChanged"/> if the drop is not what was dropped any more.</returns>
    public static async Task<TResult> OrRefusalAsync<TResult>(
        this PackageDrop drop, IPackageInbox inbox, Func<Task<TResult>> work, Func<Rejection, TResult> refuse, CancellationToken cancellationToken)
    {
        Rejection rejection;
        try
        {
            return await work();
        }
        catch (InvalidInputException e)
        {
            rejection = new Rejection(e.Code, e.Message);
        }
        catch (PackageRefusedException e)
        {
            rejection = e.Rejection;
        }
        catch (DropChangedException e)
        {
            return refuse(Changed(e));
        }

        return refuse(await FindChangeAsync(drop, inbox, cancellationToken) ?? rejection);
    }

    private static async Task<Rejection?> FindChangeAsync(PackageDrop drop, IPackageInbox inbox, CancellationToken cancellationToken)
    {
        try
        {
            await using var stream = await inbox.OpenAsync(drop, cancellationToken);
            return null;
        }
        catch (DropChangedException e)
        {
            return Changed(e);
        }
    }

    private static Rejection Changed(DropChangedException e) => new(ErrorCodes.DropChanged, e.Message);
}
