using AppAttach.Contracts;
using AppAttach.Pipeline.Catalog;
using AppAttach.Pipeline.Conversion;
using AppAttach.Pipeline.Orchestration;
using AppAttach.Pipeline.Ports;
using AppAttach.Pipeline.Replication;

namespace AppAttach.Pipeline.Intake;

/// <summary>What to publish.</summary>
/// <param name="Drop">The dropped package.</param>
public sealed record PublishPackageInput(PackageDrop Drop);

/// <summary>What became of it.</summary>
/// <param name="State">Final state.</param>
/// <param name="Package">The package, if its manifest could be read.</param>
/// <param name="Code">Code of the rejection or failure.</param>
public sealed record PublishPackageResult(PackageState State, PackageReference? Package, string? Code);

/// <summary>
/// Takes a drop to a release: verify, convert, then each region for itself replicate and release, so that a share that is away
/// keeps back its own region only. Rollouts are orchestrations of their own and outlive this one.
/// </summary>
public sealed class PublishPackageOrchestrator : IOrchestrator<PublishPackageInput, PublishPackageResult>
{
    /// <summary>Catalog, inbox and hub are close by: five attempts over 2 + 4 + 8 + 16 = 30 s outlast a restart of either.</summary>
    private static readonly TaskOptions Nearby = new(new RetryPolicy(5, TimeSpan.FromSeconds(2), 2));

    /// <summary>A share may be away for long: 2 s, 4 s … at most 5 min apart, 40 attempts, so about 2.8 hours in the worst case.</summary>
    private static readonly TaskOptions Regional = new(new RetryPolicy(40, TimeSpan.FromSeconds(2), 2, TimeSpan.FromMinutes(5)));

    /// <inheritdoc/>
    public async Task<PublishPackageResult> RunAsync(OrchestrationContext context, PublishPackageInput input)
    {
        context.SetCustomStatus("verifying");
        var verified = await context.CallActivityAsync<VerifyPackageResult>(
            nameof(VerifyPackageActivity), new VerifyPackageInput(context.InstanceId, input.Drop), Nearby);
        if (verified.Rejection is { } refused)
        {
            return await EndAsync(context, input, PackageState.Rejected, verified.Package, refused);
        }

        context.SetCustomStatus("converting");
        var converted = await context.CallActivityAsync<ConvertPackageResult>(
            nameof(ConvertPackageActivity), new ConvertPackageInput(context.InstanceId, input.Drop, verified.Package!), Nearby);
        if (converted.Rejection is { } broken)
        {
            return await EndAsync(context, input, PackageState.Rejected, verified.Package, broken);
        }

        context.SetCustomStatus("replicating");
        var regions = await Task.WhenAll(
            verified.Regions.Select(region => PublishRegionAsync(context, verified.Package!, converted.Image!, region)));
        var failures = regions.Where(failure => failure is not null).ToList();
        var state = failures.Count == 0 ? PackageState.Released
            : failures.Count < regions.Length ? PackageState.PartlyReleased
            : PackageState.Failed;
        return await EndAsync(
            context,
            input,
            state,
            verified.Package,
            failures.Count == 0 ? null : new Rejection(ErrorCodes.ShareUnavailable, string.Join(' ', failures)));
    }

    /// <summary>One region from copy to release; gives null, or a sentence about why the region has no copy.</summary>
    private static async Task<string?> PublishRegionAsync(
        OrchestrationContext context,
        PackageReference package,
        ImageDescription image,
        string region)
    {
        try
        {
            var copied = await context.CallActivityAsync<ReplicateImageResult>(
                nameof(ReplicateImageActivity), new ReplicateImageInput(region, image), Regional);
            await context.CallActivityAsync<ReleaseRegionResult>(
                nameof(ReleaseRegionActivity), new ReleaseRegionInput(package, copied.Copy), Nearby);
            return null;
        }
        catch (TaskFailedException failure)
        {
            return $"Region {region} has no copy: {failure.ErrorMessage}";
        }
    }

    private static async Task<PublishPackageResult> EndAsync(
        OrchestrationContext context,
        PublishPackageInput input,
        PackageState state,
        PackageReference? package,
        Rejection? reason)
    {
        await context.CallActivityAsync<RecordVerdictResult>(
            nameof(RecordVerdictActivity), new RecordVerdictInput(context.InstanceId, input.Drop, state, package, reason), Nearby);
        context.SetCustomStatus(state);
        return new PublishPackageResult(state, package, reason?.Code);
    }
}
