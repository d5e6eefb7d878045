using AppAttach.Contracts;
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
/// Checks everything that can be known from the archive's directory, the manifest, the block map and the signature, reading those parts
/// only. Content is checked block by block while it is converted, and the signature then once more, with the digest over all of it.
/// </summary>
/// <param name="inbox">Where the package lies.</param>
/// <param name="catalog">Takes the verdict.</param>
/// <param name="shares">Names the regions.</param>
/// <param name="gate">Holds packages to the deployment's policy.</param>
/// <param name="clock">The clock.</param>
public sealed class VerifyPackageActivity(
    IPackageInbox inbox,
    ICatalog catalog,
    IRegionalShares shares,
    PackageGate gate,
    TimeProvider clock) : IActivity<VerifyPackageInput, VerifyPackageResult>
{
    /// <inheritdoc/>
    public async Task<VerifyPackageResult> RunAsync(VerifyPackageInput input, CancellationToken cancellationToken)
    {
        await RecordAsync(input, PackageState.Verifying, null, [], cancellationToken);
        PackageReference? reference = null;
        return await input.Drop.OrRefusalAsync(
            inbox, VerifyAsync, rejection => new VerifyPackageResult(reference, rejection, []), cancellationToken);

        async Task<VerifyPackageResult> VerifyAsync()
        {
            gate.RequireSize(input.Drop.Name, input.Drop.SizeBytes);
            await using var stream = await inbox.OpenAsync(input.Drop, cancellationToken);
            using var file = gate.Open(stream);
            reference = PackageReferences.Of(file.Main.Identity);
            var verdict = gate.Judge(file, pass: null, clock.GetUtcNow());
            verdict.ThrowIfRefused();
            await RecordAsync(input, PackageState.Converting, reference, verdict.Notes, cancellationToken);
            return new VerifyPackageResult(reference, null, shares.Regions);
        }
    }

    private Task RecordAsync(
        VerifyPackageInput input, PackageState state, PackageReference? package, IReadOnlyList<PackageNote> notes, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        return catalog.UpdateAsync<PackageRecord>(
            DocumentKinds.Packages,
            input.InstanceId,
            current => (current ?? PackageRecord.Begin(input.InstanceId, input.Drop, now)) with
            {
                State = state, Package = package, Notes = notes, VerifiedAt = state == PackageState.Converting ? now : null, UpdatedAt = now,
            },
            cancellationToken);
    }
}
