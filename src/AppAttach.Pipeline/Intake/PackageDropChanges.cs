using AppAttach.Contracts;
using AppAttach.Pipeline.Ports;

namespace AppAttach.Pipeline.Intake;

/// <summary>Tells content that is bad from a file that was written over while it was read: only the former is a verdict on a package.</summary>
internal static class PackageDropChanges
{
    /// <summary>Looks whether a drop is still what was dropped.</summary>
    /// <param name="drop">The drop.</param>
    /// <param name="inbox">Where it lies.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>Null if it is; else the rejection with <see cref="ErrorCodes.DropChanged"/>.</returns>
    public static async Task<Rejection?> FindChangeAsync(this PackageDrop drop, IPackageInbox inbox, CancellationToken cancellationToken)
    {
        try
        {
            await using var stream = await inbox.OpenAsync(drop, cancellationToken);
            return null;
        }
        catch (DropChangedException e)
        {
            return new Rejection(ErrorCodes.DropChanged, e.Message);
        }
    }
}
