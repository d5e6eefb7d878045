using AppAttach.Contracts;
using AppAttach.Pipeline.Catalog;
using AppAttach.Pipeline.Orchestration;
using AppAttach.Pipeline.Planning;
using AppAttach.Pipeline.Ports;

namespace AppAttach.Pipeline.Rollout;

/// <summary>What to ask of a batch.</summary>
/// <param name="InstanceId">Instance id of the batch's phase; answers come back to it.</param>
/// <param name="RolloutId">The rollout.</param>
/// <param name="Ring">Number of the ring.</param>
/// <param name="Batch">Number of the batch.</param>
/// <param name="Kind">Stage or register.</param>
/// <param name="Delivery">What to bring to whom.</param>
/// <param name="Deadline">When hosts refuse the command, UTC.</param>
public sealed record SendBatchInput(
    string InstanceId, string RolloutId, int Ring, int Batch, CommandKind Kind, RolloutDelivery Delivery, DateTime Deadline);

/// <summary>The bus has the commands.</summary>
/// <param name="Hosts">The hosts that were asked.</param>
public sealed record SendBatchResult(IReadOnlyList<string> Hosts);

/// <summary>Sends one command to each host of a batch that is ready for it. Command ids are made from instance and host: a repetition is one.</summary>
/// <param name="catalog">Holds the batches.</param>
/// <param name="fleet">Reads plans.</param>
/// <param name="sender">The bus.</param>
public sealed class SendBatchActivity(ICatalog catalog, FleetReader fleet, ICommandSender sender) : IActivity<SendBatchInput, SendBatchResult>
{
    /// <inheritdoc/>
    public async Task<SendBatchResult> RunAsync(SendBatchInput input, CancellationToken cancellationToken)
    {
        var key = RolloutBatch.KeyOf(input.RolloutId, input.Ring, input.Batch);
        var batch = await catalog.ReadAsync<RolloutBatch>(DocumentKinds.RolloutHosts, key, cancellationToken)
            ?? throw new InvalidOperationException($"The batch {key} is not in the catalog.");
        var ready = input.Kind == CommandKind.Stage ? HostProgress.Staging : HostProgress.Staged;
        var hosts = batch.Document.Hosts.Where(host => host.Progress == ready).ToList();
        var plans = new Dictionary<string, PoolPlan>(StringComparer.OrdinalIgnoreCase);
        foreach (var group in hosts.GroupBy(host => string.Join('\n', host.Pools ?? [input.Delivery.Pool]), StringComparer.OrdinalIgnoreCase))
        {
            IReadOnlyList<string> pools = group.First().Pools ?? [input.Delivery.Pool];
            var registering = input.Kind == CommandKind.Register ? await fleet.PlansAsync(pools, plans, cancellationToken) : null;
            await sender.SendAsync(
                pools[0],
                [.. group.Select(host => Make(input, host.Host, registering is null ? [] : UsersOf(input.Delivery, registering, host.Host)))],
                cancellationToken);
        }

        return new SendBatchResult([.. hosts.Select(host => host.Host)]);
    }

    /// <summary>Whom the family is for by now: an assignment may have been narrowed since the rollout began.</summary>
    private static IReadOnlyList<string> UsersOf(RolloutDelivery delivery, IReadOnlyList<PoolPlan> plans, string host)
    {
        var family = delivery.Release.Package.FamilyName;
        return HostPlan.FindPlan(plans, family, host) is null ? delivery.Users : HostPlan.UsersOf(plans, family, host);
    }

    private static HostCommand Make(SendBatchInput input, string host, IReadOnlyList<string> users) => new()
    {
        CommandId = $"{input.InstanceId}.{host}",
        Host = host,
        Kind = input.Kind,
        Package = input.Delivery.Release.Package,
        Image = input.Kind == CommandKind.Stage ? input.Delivery.Release.Image : null,
        Users = users,
        Mode = input.Kind == CommandKind.Register ? input.Delivery.Mode : null,
        Deadline = new DateTimeOffset(DateTime.SpecifyKind(input.Deadline, DateTimeKind.Utc)),
        RolloutId = input.InstanceId,
    };
}
