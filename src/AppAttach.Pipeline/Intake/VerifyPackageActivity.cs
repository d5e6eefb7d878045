using AppAttach.Contracts;
using AppAttach.Imaging;
using AppAttach.Imaging.Packages;
using AppAttach.Pipeline.Catalog;
using AppAttach.Pipeline.Orchestration;
using AppAttach.Pipeline.Ports;

namespace AppAttach.Pipeline.Intake;

/// <summary>What to verify.</summary>
/// <param name="InstanceId">Instance id of the publishing.</param>
/// <param name="Drop">The dropped package.</param>
public sealed record VerifyPackageInput(string InstanceId, PackageDrop Drop);

/// <summary>The verdict.</summary>
/// <param name="Package">The package, if its manifest could be read.</param>
/// <param name="Rejection">Why it is refused; null: it is accepted.</param>
/// <param name="Regions">The regions to publish it in, as of now.</param>
public sealed record VerifyPackageResult(PackageReference? Package, Rejection? Rejection, IReadOnlyList<string> Regions);

/// <summary>
/// Checks everything that can be known from the archive's directory, the manifest and the block map, reading those parts only.
/// Content is checked block by block while it is converted.
/// </summary>
/// <param name="inbox">Where the package lies.</param>
/// <param name="catalog">Takes the verdict.</param>
/// <param name="shares">Names the regions.</param>
/// <param name="options">The deployment's limits.</param>
/// <param name="clock">The clock.</param>
public sealed class VerifyPackageActivity(
    IPackageInbox inbox,
    ICatalog catalog,
    IRegionalShares shares,
    PipelineOptions options,
    TimeProvider clock) : IActivity<VerifyPackageInput, VerifyPackageResult>
{
    /// <summary>Said of every package until signatures are checked.</summary>
    public const string SignatureNotChecked =
        "The signature was not checked: this version checks the package's structure and the hash of every block, not who signed it.";

    /// <inheritdoc/>
    public async Task<VerifyPackageResult> RunAsync(VerifyPackageInput input, CancellationToken cancellationToken)
    {
        await RecordAsync(input, PackageState.Verifying, null, cancellationToken);
        PackageReference? reference = null;
        try
        {
            if (input.Drop.SizeBytes > options.MaximumPackageBytes)
            {
                throw new InvalidInputException(
                    Defect.LimitExceeded,
                    $"{input.Drop.Name} has {input.Drop.SizeBytes} bytes; the limit of this deployment is {options.MaximumPackageBytes}.");
            }

            await using var stream = await inbox.OpenAsync(input.Drop, cancellationToken);
            reference = PackageReferences.Of(Package.Open(stream).Identity);
            await RecordAsync(input, PackageState.Converting, reference, cancellationToken);
            return new VerifyPackageResult(reference, null, shares.Regions);
        }
        catch (InvalidInputException e)
        {
            if (await input.Drop.FindChangeAsync(inbox, cancellationToken) is { } change)
            {
                return new VerifyPackageResult(reference, change, []);
            }

            return new VerifyPackageResult(reference, new Rejection(e.Code, e.Message), []);
        }
        catch (DropChangedException e)
        {
            return new VerifyPackageResult(reference, new Rejection(ErrorCodes.DropChanged, e.Message), []);
        }
    }

    private Task RecordAsync(VerifyPackageInput input, PackageState state, PackageReference? package, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        return catalog.UpdateAsync<PackageRecord>(
            DocumentKinds.Packages,
            input.InstanceId,
            current => new PackageRecord
            {
                Id = input.InstanceId,
                Drop = input.Drop.Name,
                SizeBytes = input.Drop.SizeBytes,
                State = state,
                Package = package,
                Notes = package is null ? [] : [SignatureNotChecked],
                StartedAt = current?.StartedAt ?? now,
                UpdatedAt = now,
            },
            cancellationToken);
    }
}
