using AppAttach.Pipeline.Conversion;
using AppAttach.Pipeline.Intake;
using AppAttach.Pipeline.Orchestration;
using AppAttach.Pipeline.Replication;
using AppAttach.Pipeline.Rollout;

namespace AppAttach.Pipeline;

/// <summary>The list of everything that an engine must be able to run.</summary>
public static class PipelineTasks
{
    /// <summary>Adds every orchestrator and activity of the pipeline.</summary>
    /// <param name="registry">Takes them.</param>
    public static void AddTo(ITaskRegistry registry)
    {
        registry.AddOrchestrator<PublishPackageOrchestrator, PublishPackageInput, PublishPackageResult>();
        registry.AddOrchestrator<FetchPackageOrchestrator, FetchPackageInput, FetchPackageResult>();
        registry.AddOrchestrator<RunRolloutOrchestrator, RunRolloutInput, RunRolloutResult>();
        registry.AddOrchestrator<RunRingOrchestrator, RunRingInput, RunRingResult>();
        registry.AddOrchestrator<RunBatchOrchestrator, RunBatchInput, RunBatchResult>();

        // Started by none any more; here until no host has one under way.
        registry.AddOrchestrator<RolloutOrchestrator, RolloutInput, RolloutResult>();

        registry.AddActivity<FetchPackageActivity, FetchPackageInput, FetchPackageResult>();
        registry.AddActivity<VerifyPackageActivity, VerifyPackageInput, VerifyPackageResult>();
        registry.AddActivity<ConvertPackageActivity, ConvertPackageInput, ConvertPackageResult>();
        registry.AddActivity<ReplicateImageActivity, ReplicateImageInput, ReplicateImageResult>();
        registry.AddActivity<ReleaseRegionActivity, ReleaseRegionInput, ReleaseRegionResult>();
        registry.AddActivity<RecordVerdictActivity, RecordVerdictInput, RecordVerdictResult>();
        registry.AddActivity<BeginRolloutActivity, BeginRolloutInput, BeginRolloutResult>();
        registry.AddActivity<SendCommandsActivity, SendCommandsInput, SendCommandsResult>();
        registry.AddActivity<RecordRolloutActivity, RecordRolloutInput, RecordRolloutResult>();
        registry.AddActivity<EnterRolloutActivity, EnterRolloutInput, EnterRolloutResult>();
        registry.AddActivity<ConsultRolloutActivity, ConsultRolloutInput, ConsultRolloutResult>();
        registry.AddActivity<SendBatchActivity, SendBatchInput, SendBatchResult>();
        registry.AddActivity<RecordBatchActivity, RecordBatchInput, RecordBatchResult>();
        registry.AddActivity<EndPhaseActivity, EndPhaseInput, EndPhaseResult>();
        registry.AddActivity<EndSoakActivity, EndSoakInput, EndPhaseResult>();
        registry.AddActivity<FinishRolloutActivity, FinishRolloutInput, FinishRolloutResult>();
        registry.AddActivity<RevertRolloutActivity, RevertRolloutInput, RevertRolloutResult>();
        registry.AddActivity<SettleRevertActivity, SettleRevertInput, SettleRevertResult>();
    }
}
