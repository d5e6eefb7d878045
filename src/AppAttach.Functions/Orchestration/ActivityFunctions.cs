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
    /// <summary>See <see cref="FetchPackageActivity"/>.</summary>
    /// <param name="input">Its input.</param>
    /// <param name="client">Starts orchestrations.</param>
    /// <param name="cancellationToken">The host is stopping.</param>
    /// <returns>Its result.</returns>
    [Function(nameof(FetchPackageActivity))]
    public Task<FetchPackageResult> FetchPackage(
        [ActivityTrigger] FetchPackageInput input,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) =>
        Run<FetchPackageActivity, FetchPackageInput, FetchPackageResult>(input, client, cancellationToken);

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

    /// <summary>See <see cref="EnterRolloutActivity"/>.</summary>
    /// <param name="input">Its input.</param>
    /// <param name="client">Starts orchestrations.</param>
    /// <param name="cancellationToken">The host is stopping.</param>
    /// <returns>Its result.</returns>
    [Function(nameof(EnterRolloutActivity))]
    public Task<EnterRolloutResult> EnterRollout(
        [ActivityTrigger] EnterRolloutInput input,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) =>
        Run<EnterRolloutActivity, EnterRolloutInput, EnterRolloutResult>(input, client, cancellationToken);

    /// <summary>See <see cref="ConsultRolloutActivity"/>.</summary>
    /// <param name="input">Its input.</param>
    /// <param name="client">Starts orchestrations.</param>
    /// <param name="cancellationToken">The host is stopping.</param>
    /// <returns>Its result.</returns>
    [Function(nameof(ConsultRolloutActivity))]
    public Task<ConsultRolloutResult> ConsultRollout(
        [ActivityTrigger] ConsultRolloutInput input,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) =>
        Run<ConsultRolloutActivity, ConsultRolloutInput, ConsultRolloutResult>(input, client, cancellationToken);

    /// <summary>See <see cref="SendBatchActivity"/>.</summary>
    /// <param name="input">Its input.</param>
    /// <param name="client">Starts orchestrations.</param>
    /// <param name="cancellationToken">The host is stopping.</param>
    /// <returns>Its result.</returns>
    [Function(nameof(SendBatchActivity))]
    public Task<SendBatchResult> SendBatch(
        [ActivityTrigger] SendBatchInput input,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) =>
        Run<SendBatchActivity, SendBatchInput, SendBatchResult>(input, client, cancellationToken);

    /// <summary>See <see cref="RecordBatchActivity"/>.</summary>
    /// <param name="input">Its input.</param>
    /// <param name="client">Starts orchestrations.</param>
    /// <param name="cancellationToken">The host is stopping.</param>
    /// <returns>Its result.</returns>
    [Function(nameof(RecordBatchActivity))]
    public Task<RecordBatchResult> RecordBatch(
        [ActivityTrigger] RecordBatchInput input,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) =>
        Run<RecordBatchActivity, RecordBatchInput, RecordBatchResult>(input, client, cancellationToken);

    /// <summary>See <see cref="EndPhaseActivity"/>.</summary>
    /// <param name="input">Its input.</param>
    /// <param name="client">Starts orchestrations.</param>
    /// <param name="cancellationToken">The host is stopping.</param>
    /// <returns>Its result.</returns>
    [Function(nameof(EndPhaseActivity))]
    public Task<EndPhaseResult> EndPhase(
        [ActivityTrigger] EndPhaseInput input,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) =>
        Run<EndPhaseActivity, EndPhaseInput, EndPhaseResult>(input, client, cancellationToken);

    /// <summary>See <see cref="EndSoakActivity"/>.</summary>
    /// <param name="input">Its input.</param>
    /// <param name="client">Starts orchestrations.</param>
    /// <param name="cancellationToken">The host is stopping.</param>
    /// <returns>Its result.</returns>
    [Function(nameof(EndSoakActivity))]
    public Task<EndPhaseResult> EndSoak(
        [ActivityTrigger] EndSoakInput input,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) =>
        Run<EndSoakActivity, EndSoakInput, EndPhaseResult>(input, client, cancellationToken);

    /// <summary>See <see cref="FinishRolloutActivity"/>.</summary>
    /// <param name="input">Its input.</param>
    /// <param name="client">Starts orchestrations.</param>
    /// <param name="cancellationToken">The host is stopping.</param>
    /// <returns>Its result.</returns>
    [Function(nameof(FinishRolloutActivity))]
    public Task<FinishRolloutResult> FinishRollout(
        [ActivityTrigger] FinishRolloutInput input,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) =>
        Run<FinishRolloutActivity, FinishRolloutInput, FinishRolloutResult>(input, client, cancellationToken);

    /// <summary>See <see cref="RevertRolloutActivity"/>.</summary>
    /// <param name="input">Its input.</param>
    /// <param name="client">Starts orchestrations.</param>
    /// <param name="cancellationToken">The host is stopping.</param>
    /// <returns>Its result.</returns>
    [Function(nameof(RevertRolloutActivity))]
    public Task<RevertRolloutResult> RevertRollout(
        [ActivityTrigger] RevertRolloutInput input,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) =>
        Run<RevertRolloutActivity, RevertRolloutInput, RevertRolloutResult>(input, client, cancellationToken);

    /// <summary>See <see cref="SettleRevertActivity"/>.</summary>
    /// <param name="input">Its input.</param>
    /// <param name="client">Starts orchestrations.</param>
    /// <param name="cancellationToken">The host is stopping.</param>
    /// <returns>Its result.</returns>
    [Function(nameof(SettleRevertActivity))]
    public Task<SettleRevertResult> SettleRevert(
        [ActivityTrigger] SettleRevertInput input,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) =>
        Run<SettleRevertActivity, SettleRevertInput, SettleRevertResult>(input, client, cancellationToken);

    private Task<TResult> Run<TActivity, TInput, TResult>(TInput input, DurableTaskClient client, CancellationToken cancellationToken)
        where TActivity : class, IActivity<TInput, TResult> =>
        orchestrations.UseAsync(
            client,
            () => PipelineTelemetry.RunActivityAsync(
                typeof(TActivity).Name, () => services.GetRequiredService<TActivity>().RunAsync(input, cancellationToken)));
}
