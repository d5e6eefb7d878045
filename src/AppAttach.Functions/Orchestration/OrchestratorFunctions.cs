using AppAttach.Pipeline.Intake;
using AppAttach.Pipeline.Orchestration;
using AppAttach.Pipeline.Rollout;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace AppAttach.Functions.Orchestration;

/// <summary>The pipeline's orchestrators as functions, one each; a test compares them with the pipeline's list.</summary>
public static class OrchestratorFunctions
{
    /// <summary>See <see cref="PublishPackageOrchestrator"/>.</summary>
    /// <param name="context">What it may do.</param>
    /// <returns>What became of the drop.</returns>
    [Function(nameof(PublishPackageOrchestrator))]
    public static Task<PublishPackageResult> PublishPackage([OrchestrationTrigger] TaskOrchestrationContext context) =>
        Run<PublishPackageOrchestrator, PublishPackageInput, PublishPackageResult>(context);

    /// <summary>See <see cref="FetchPackageOrchestrator"/>.</summary>
    /// <param name="context">What it may do.</param>
    /// <returns>What became of it.</returns>
    [Function(nameof(FetchPackageOrchestrator))]
    public static Task<FetchPackageResult> FetchPackage([OrchestrationTrigger] TaskOrchestrationContext context) =>
        Run<FetchPackageOrchestrator, FetchPackageInput, FetchPackageResult>(context);

    /// <summary>See <see cref="RolloutOrchestrator"/>.</summary>
    /// <param name="context">What it may do.</param>
    /// <returns>How the rollout ended.</returns>
    [Function(nameof(RolloutOrchestrator))]
    public static Task<RolloutResult> Rollout([OrchestrationTrigger] TaskOrchestrationContext context) =>
        Run<RolloutOrchestrator, RolloutInput, RolloutResult>(context);

    /// <summary>See <see cref="RunRolloutOrchestrator"/>.</summary>
    /// <param name="context">What it may do.</param>
    /// <returns>How it ended.</returns>
    [Function(nameof(RunRolloutOrchestrator))]
    public static Task<RunRolloutResult> RunRollout([OrchestrationTrigger] TaskOrchestrationContext context) =>
        Run<RunRolloutOrchestrator, RunRolloutInput, RunRolloutResult>(context);

    /// <summary>See <see cref="RunRingOrchestrator"/>.</summary>
    /// <param name="context">What it may do.</param>
    /// <returns>How it ended.</returns>
    [Function(nameof(RunRingOrchestrator))]
    public static Task<RunRingResult> RunRing([OrchestrationTrigger] TaskOrchestrationContext context) =>
        Run<RunRingOrchestrator, RunRingInput, RunRingResult>(context);

    /// <summary>See <see cref="RunBatchOrchestrator"/>.</summary>
    /// <param name="context">What it may do.</param>
    /// <returns>How it ended.</returns>
    [Function(nameof(RunBatchOrchestrator))]
    public static Task<RunBatchResult> RunBatch([OrchestrationTrigger] TaskOrchestrationContext context) =>
        Run<RunBatchOrchestrator, RunBatchInput, RunBatchResult>(context);

    private static Task<TResult> Run<TOrchestrator, TInput, TResult>(TaskOrchestrationContext context)
        where TOrchestrator : IOrchestrator<TInput, TResult>, new()
        where TInput : class =>
        new TOrchestrator().RunAsync(
            new DurableOrchestrationContext(context),
            context.GetInput<TInput>() ?? throw new InvalidOperationException($"The instance {context.InstanceId} has no input."));
}
