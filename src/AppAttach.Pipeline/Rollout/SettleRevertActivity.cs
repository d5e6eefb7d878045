using AppAttach.Contracts;
using AppAttach.Pipeline.Catalog;
using AppAttach.Pipeline.Orchestration;
using AppAttach.Pipeline.Ports;

namespace AppAttach.Pipeline.Rollout;

/// <summary>Which rollout is being taken back.</summary>
/// <param name="RolloutId">The rollout.</param>
/// <param name="Pool">The pool.</param>
/// <param name="IsLast">Whether nothing more is waited for.</param>
public sealed record SettleRevertInput(string RolloutId, string Pool, bool IsLast);

/// <summary>How far it is.</summary>
/// <param name="IsOver">Whether it is recorded as rolled back.</param>
public sealed record SettleRevertResult(bool IsOver);

/// <summary>Looks in the catalog which hosts still have what a rollout brought; records the end once none has, or the time is over.</summary>
/// <param name="catalog">Holds rollouts.</param>
/// <param name="fleet">Reads hosts.</param>
/// <param name="events">Takes the event.</param>
/// <param name="clock">The clock.</param>
public sealed class SettleRevertActivity(ICatalog catalog, FleetReader fleet, IEventSender events, TimeProvider clock)
    : IActivity<SettleRevertInput, SettleRevertResult>
{
    private const int HostsNamed = 5;

    /// <inheritdoc/>
    public async Task<SettleRevertResult> RunAsync(SettleRevertInput input, CancellationToken cancellationToken)
    {
        var rollout = (await catalog.ReadAsync<RolloutRecord>(DocumentKinds.Rollouts, input.RolloutId, cancellationToken)
            ?? throw RolloutRecord.Missing(input.RolloutId)).Document;
        var plan = await catalog.ReadAsync<PoolPlan>(DocumentKinds.Plans, PoolPlan.KeyOf(input.Pool), cancellationToken);
        var app = plan?.Document.Find(rollout.Package.FamilyName);

        // Someone may have made the same release wanted again meanwhile: then nothing is to be taken back any more.
        var isWanted = app?.Current?.Package == rollout.Package || app?.Rollout?.Release.Package == rollout.Package;
        var left = isWanted
            ? []
            : (await fleet.HostsAsync(input.Pool, rollout.Package.FamilyName, cancellationToken))
                .Where(host => host.Hello.Inventory.Any(item => item.PackageFullName == rollout.Package.FullName && item.RegisteredUsers.Count > 0))
                .Select(host => host.Hello.Host)
                .ToList();
        if (left.Count > 0 && !input.IsLast)
        {
            return new SettleRevertResult(IsOver: false);
        }

        await catalog.UpdateAsync<RolloutRecord>(
            DocumentKinds.Rollouts, input.RolloutId, current => (current ?? rollout) with { State = RolloutState.RolledBack, UpdatedAt = clock.GetUtcNow() }, cancellationToken);
        var rest = left.Count == 0
            ? "."
            : $", but for {left.Count} that were not heard of since: {string.Join(", ", left.Take(HostsNamed))}{(left.Count > HostsNamed ? " …" : "")}. They follow when they return.";
        await events.SendAsync(
            MessageTypes.RolloutRolledBack,
            input.RolloutId + "-rolled-back",
            new PipelineEvent
            {
                Package = rollout.Package,
                Pool = rollout.Pool,
                RolloutId = rollout.Id,
                RequestedBy = rollout.RequestedBy,
                Code = rollout.Code,
                Message = $"{rollout.Package.FullName} was taken back from the hosts of {rollout.Pool}{rest}",
            },
            cancellationToken);
        return new SettleRevertResult(IsOver: true);
    }
}
