using AppAttach.Contracts;
using AppAttach.Pipeline.Catalog;
using AppAttach.Pipeline.Orchestration;
using AppAttach.Pipeline.Ports;

namespace AppAttach.Pipeline.Rollout;

/// <summary>What became of a batch in one phase.</summary>
/// <param name="RolloutId">The rollout.</param>
/// <param name="Ring">Number of the ring.</param>
/// <param name="Batch">Number of the batch.</param>
/// <param name="Kind">Stage or register.</param>
/// <param name="Answers">What hosts said; whoever was asked and is not in it said nothing.</param>
public sealed record RecordBatchInput(string RolloutId, int Ring, int Batch, CommandKind Kind, IReadOnlyList<HostAnswer> Answers);

/// <summary>It is recorded.</summary>
public sealed record RecordBatchResult;

/// <summary>Writes how far each host of a batch has come.</summary>
/// <param name="catalog">Holds the batches.</param>
public sealed class RecordBatchActivity(ICatalog catalog) : IActivity<RecordBatchInput, RecordBatchResult>
{
    /// <inheritdoc/>
    public async Task<RecordBatchResult> RunAsync(RecordBatchInput input, CancellationToken cancellationToken)
    {
        var answers = input.Answers.ToDictionary(answer => answer.Host, StringComparer.OrdinalIgnoreCase);
        var asked = input.Kind == CommandKind.Stage ? HostProgress.Staging : HostProgress.Staged;
        var done = input.Kind == CommandKind.Stage ? HostProgress.Staged : HostProgress.Registered;
        await catalog.UpdateAsync<RolloutBatch>(
            DocumentKinds.RolloutHosts,
            RolloutBatch.KeyOf(input.RolloutId, input.Ring, input.Batch),
            current => (current ?? throw new InvalidOperationException("The batch is not in the catalog any more.")) with
            {
                Hosts = [.. current.Hosts.Select(host => host.Progress != asked ? host : Move(host, answers.GetValueOrDefault(host.Host), done, input.Kind))],
            },
            cancellationToken);
        return new RecordBatchResult();
    }

    private static RolloutHost Move(RolloutHost host, HostAnswer? answer, HostProgress done, CommandKind kind) => answer switch
    {
        null => host with
        {
            Progress = HostProgress.Failed, Code = ErrorCodes.NoAnswer, Message = $"No outcome of {kind} arrived from {host.Host} by the deadline.",
        },
        { Code: null } => host with { Progress = done, Code = null, Message = null },
        { Code: { } code } => host with { Progress = HostProgress.Failed, Code = code, Message = answer.Message },
    };
}
