using AppAttach.Pipeline.Conversion;
using AppAttach.Pipeline.Intake;
using AppAttach.Pipeline.Orchestration;
using AppAttach.Pipeline.Replication;
using AppAttach.Pipeline.Rollout;
using AppAttach.Pipeline.Telemetry;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;

namespace AppAttach.Functions.Orchestration;

/// <summary>The pipeline's activities as functions, one each; a test compares them with the pipeline's list.</summary>
/// <param name="services">Holds the activities.</param>
/// <param name="orchestrations">Takes the client that each function is given.</param>
public sealed class ActivityFunctions(IServiceProvider services, DurableOrchestrationClient orchestrations)
{
    /// <summary>See <see cref="VerifyPackageActivity"/>.</summary>
    /// <param name="input">Its input.</param>
    /// <param name="client">Starts orchestrations.</param>
    /// <param name="cancellationToken">The host is stopping.</param>
    /// <returns>Its result.</returns>
    [Function(nameof(VerifyPackageActivity))]
    public Task<VerifyPackageResult> VerifyPackage(
        [ActivityTrigger] VerifyPackageInput input,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) =>
        Run<VerifyPackageActivity, VerifyPackageInput, VerifyPackageResult>(input, client, cancellationToken);

    /// <summary>See <see cref="ConvertPackageActivity"/>.</summary>
    /// <param name="input">Its input.</param>
    /// <param name="client">Starts orchestrations.</param>
    /// <param name="cancellationToken">The host is stopping.</param>
    /// <returns>Its result.</returns>
    [Function(nameof(ConvertPackageActivity))]
    public Task<ConvertPackageResult> ConvertPackage(
        [ActivityTrigger] ConvertPackageInput input,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) =>
        Run<ConvertPackageActivity, ConvertPackageInput, ConvertPackageResult>(input, client, cancellationToken);

    /// <summary>See <see cref="ReplicateImageActivity"/>.</summary>
    /// <param name="input">Its input.</param>
    /// <param name="client">Starts orchestrations.</param>
    /// <param name="cancellationToken">The host is stopping.</param>
    /// <returns>Its result.</returns>
    [Function(nameof(ReplicateImageActivity))]
    public Task<ReplicateImageResult> ReplicateImage(
        [ActivityTrigger] ReplicateImageInput input,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) =>
        Run<ReplicateImageActivity, ReplicateImageInput, ReplicateImageResult>(input, client, cancellationToken);

    /// <summary>See <see cref="ReleaseRegionActivity"/>.</summary>
    /// <param name="input">Its input.</param>
    /// <param name="client">Starts orchestrations.</param>
    /// <param name="cancellationToken">The host is stopping.</param>
    /// <returns>Its result.</returns>
    [Function(nameof(ReleaseRegionActivity))]
    public Task<ReleaseRegionResult> ReleaseRegion(
        [ActivityTrigger] ReleaseRegionInput input,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) =>
        Run<ReleaseRegionActivity, ReleaseRegionInput, ReleaseRegionResult>(input, client, cancellationToken);

    /// <summary>See <see cref="RecordVerdictActivity"/>.</summary>
    /// <param name="input">Its input.</param>
    /// <param name="client">Starts orchestrations.</param>
    /// <param name="cancellationToken">The host is stopping.</param>
    /// <returns>Its result.</returns>
    [Function(nameof(RecordVerdictActivity))]
    public Task<RecordVerdictResult> RecordVerdict(
        [ActivityTrigger] RecordVerdictInput input,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) =>
        Run<RecordVerdictActivity, RecordVerdictInput, RecordVerdictResult>(input, client, cancellationToken);

    /// <summary>See <see cref="BeginRolloutActivity"/>.</summary>
    /// <param name="input">Its input.</param>
    /// <param name="client">Starts orchestrations.</param>
    /// <param name="cancellationToken">The host is stopping.</param>
    /// <returns>Its result.</returns>
    [Function(nameof(BeginRolloutActivity))]
    public Task<BeginRolloutResult> BeginRollout(
        [ActivityTrigger] BeginRolloutInput input,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) =>
        Run<BeginRolloutActivity, BeginRolloutInput, BeginRolloutResult>(input, client, cancellationToken);

    /// <summary>See <see cref="SendCommandsActivity"/>.</summary>
    /// <param name="input">Its input.</param>
    /// <param name="client">Starts orchestrations.</param>
    /// <param name="cancellationToken">The host is stopping.</param>
    /// <returns>Its result.</returns>
    [Function(nameof(SendCommandsActivity))]
    public Task<SendCommandsResult> SendCommands(
        [ActivityTrigger] SendCommandsInput input,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) =>
        Run<SendCommandsActivity, SendCommandsInput, SendCommandsResult>(input, client, cancellationToken);

    /// <summary>See <see cref="RecordRolloutActivity"/>.</summary>
    /// <param name="input">Its input.</param>
    /// <param name="client">Starts orchestrations.</param>
    /// <param name="cancellationToken">The host is stopping.</param>
    /// <returns>Its result.</returns>
    [Function(nameof(RecordRolloutActivity))]
    public Task<RecordRolloutResult> RecordRollout(
        [ActivityTrigger] RecordRolloutInput input,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) =>
        Run<RecordRolloutActivity, RecordRolloutInput, RecordRolloutResult>(input, client, cancellationToken);

    private Task<TResult> Run<TActivity, TInput, TResult>(TInput input, DurableTaskClient client, CancellationToken cancellationToken)
        where TActivity : class, IActivity<TInput, TResult> =>
        orchestrations.UseAsync(
            client,
            () => PipelineTelemetry.RunActivityAsync(
                typeof(TActivity).Name, () => services.GetRequiredService<TActivity>().RunAsync(input, cancellationToken)));
}
