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

    /// <summary>A share may be away for long: 2 s, 4 s … at most 5 min apart, 40 attempts, so 9,810 s or 2.7 hours in the worst case.</summary>
    private static readonly TaskOptions Regional = new(new RetryPolicy(40, TimeSpan.FromSeconds(2), 2, TimeSpan.FromMinutes(5)));

    /// <inheritdoc/>
    public async Task<PublishPackageResult> RunAsync(OrchestrationContext context, PublishPackageInput input)
    {
        var package = default(PackageReference);
        try
        {
            context.SetCustomStatus(PackageState.Verifying);
            var verified = await context.CallActivityAsync<VerifyPackageResult>(
                nameof(VerifyPackageActivity), new VerifyPackageInput(context.InstanceId, input.Drop), Nearby);
            package = verified.Package;
            if (verified.Rejection is { } refused)
            {
                return await EndAsync(context, input, PackageState.Rejected, package, refused);
            }

            context.SetCustomStatus(PackageState.Converting);
            var converted = await context.CallActivityAsync<ConvertPackageResult>(
                nameof(ConvertPackageActivity), new ConvertPackageInput(context.InstanceId, input.Drop, package!), Nearby);
            return converted.Rejection is { } broken
                ? await EndAsync(context, input, PackageState.Rejected, package, broken)
                : await ReplicateAsync(context, input, package!, converted.Image!, verified.Regions);
        }
        catch (TaskFailedException failure) when (failure.TaskName is nameof(VerifyPackageActivity) or nameof(ConvertPackageActivity))
        {
            return await EndAsync(context, input, PackageState.Failed, package, new Rejection(ErrorCodes.Internal, failure.Message));
        }
    }

    private static async Task<PublishPackageResult> ReplicateAsync(
        OrchestrationContext context,
        PublishPackageInput input,
        PackageReference package,
        ImageDescription image,
        IReadOnlyList<string> regions)
    {
        context.SetCustomStatus(PackageState.Replicating);
        var ends = await Task.WhenAll(regions.Select(region => PublishRegionAsync(context, package, image, region)));
        var failures = ends.OfType<Rejection>().ToList();
        if (failures.Count == 0)
        {
            return await EndAsync(context, input, PackageState.Released, package, null);
        }

        var isPartly = failures.Count < ends.Length;
        var message = $"{package.FullName} is available in {ends.Length - failures.Count} of {ends.Length} regions. "
            + string.Join(' ', failures.Select(failure => failure.Message));
        return await EndAsync(
            context, input, isPartly ? PackageState.PartlyReleased : PackageState.Failed, package, new Rejection(failures[0].Code, message));
    }

    /// <summary>One region from copy to release; gives null, or why the region does not have the release.</summary>
    private static async Task<Rejection?> PublishRegionAsync(
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
            var code = failure.ErrorType == typeof(ShareUnavailableException).FullName ? ErrorCodes.ShareUnavailable : ErrorCodes.Internal;
            return new Rejection(code, $"Region {region}: {failure.ErrorMessage}");
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
