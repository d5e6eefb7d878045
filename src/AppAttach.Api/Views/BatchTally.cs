using AppAttach.Pipeline.Catalog;
using AppAttach.Pipeline.Rollout;

namespace AppAttach.Api.Views;

/// <summary>How many hosts of a batch stand where, for either phase that its ring may be in.</summary>
/// <param name="Staging">While the ring stages.</param>
/// <param name="Registering">While it registers.</param>
internal sealed record BatchTally(RingTally Staging, RingTally Registering)
{
    /// <summary>Counts a batch.</summary>
    public static BatchTally Of(RolloutBatch batch) => new(RingJudge.Count(batch.Hosts, HostProgress.Staged), RingJudge.Count(batch.Hosts, HostProgress.Registered));

    /// <summary>Whether a phase is counted while it is under way. Of one that has ended the rollout has the counts.</summary>
    public static bool Counts(RingPhase phase) => phase is RingPhase.Staging or RingPhase.Registering;

    /// <summary>Batches together, in a phase that is counted.</summary>
    public static RingTally Sum(IEnumerable<BatchTally> batches, RingPhase phase) => batches
        .Select(batch => phase == RingPhase.Staging ? batch.Staging : batch.Registering)
        .Aggregate(new RingTally(), (sum, next) => new RingTally
        {
            Hosts = sum.Hosts + next.Hosts, Succeeded = sum.Succeeded + next.Succeeded, Failed = sum.Failed + next.Failed, Silent = sum.Silent + next.Silent,
            Unfit = sum.Unfit + next.Unfit,
        });
}
