using AppAttach.Contracts;
using AppAttach.Pipeline.Catalog;
using AppAttach.Pipeline.Orchestration;
using AppAttach.Pipeline.Ports;

namespace AppAttach.Pipeline.Intake;

/// <summary>What to fetch.</summary>
/// <param name="InstanceId">Instance id of the fetching.</param>
/// <param name="Source">The package's address, with all that it takes to get it.</param>
/// <param name="Name">Its file name in the inbox.</param>
/// <param name="Digest">SHA-256 that it must have, hexadecimal; null: any.</param>
/// <param name="RequestedBy">Who asks.</param>
public sealed record FetchPackageInput(string InstanceId, string Source, string Name, string? Digest, string RequestedBy)
{
    /// <summary>Instance id of what a request has fetched.</summary>
    /// <param name="request">Id of the request.</param>
    /// <returns><c>fetch-</c> and 32 hexadecimal digits.</returns>
    public static string InstanceIdOf(string request) => Orchestration.InstanceId.Of("fetch-", request);

    /// <summary>The drop that it will be, before anything is known of it but its name.</summary>
    /// <returns>The drop.</returns>
    internal PackageDrop ToDrop() => new("", Name, "", 0);
}

/// <summary>What became of it.</summary>
/// <param name="Publishing">Instance id of its publishing.</param>
/// <param name="Rejection">Why there is none.</param>
public sealed record FetchPackageResult(string? Publishing, Rejection? Rejection);

/// <summary>Fetches a package into the inbox, as often as it takes a source that is away for a moment.</summary>
public sealed class FetchPackageOrchestrator : IOrchestrator<FetchPackageInput, FetchPackageResult>
{
    /// <summary>Six attempts over 5 + 10 + 20 + 40 + 60 = 135 s: whoever asked is still there to ask again.</summary>
    private static readonly TaskOptions Remote = new(new RetryPolicy(6, TimeSpan.FromSeconds(5), 2, TimeSpan.FromMinutes(1)));

    private static readonly TaskOptions Nearby = new(new RetryPolicy(5, TimeSpan.FromSeconds(2), 2));

    /// <inheritdoc/>
    public async Task<FetchPackageResult> RunAsync(OrchestrationContext context, FetchPackageInput input)
    {
        context.SetCustomStatus(PackageState.Fetching);
        var (state, result) = await FetchAsync(context, input);
        if (result.Rejection is not null)
        {
            await context.CallActivityAsync<RecordVerdictResult>(
                nameof(RecordVerdictActivity), new RecordVerdictInput(context.InstanceId, input.ToDrop(), state, null, result.Rejection), Nearby);
            context.SetCustomStatus(state);
        }

        return result;
    }

    private static async Task<(PackageState State, FetchPackageResult Result)> FetchAsync(OrchestrationContext context, FetchPackageInput input)
    {
        try
        {
            return (PackageState.Rejected, await context.CallActivityAsync<FetchPackageResult>(nameof(FetchPackageActivity), input, Remote));
        }
        catch (TaskFailedException failure)
        {
            var code = failure.ErrorType == typeof(SourceUnavailableException).FullName ? ErrorCodes.SourceUnavailable : ErrorCodes.Internal;
            return (PackageState.Failed, new FetchPackageResult(null, new Rejection(code, failure.ErrorMessage)));
        }
    }
}
