using AppAttach.Contracts;
using AppAttach.Pipeline.Catalog;
using AppAttach.Pipeline.Ports;
using AppAttach.Pipeline.Rollout;

namespace AppAttach.Pipeline.Reconcile;

/// <summary>
/// Brings hosts from what they have to what the plans of their pools want: new, rebuilt and long-absent hosts, and those that a rollout
/// left behind, by one path. Commands go out first and are recorded second: after a crash in between the same ones go out again.
/// </summary>
/// <param name="catalog">Holds plans and hosts.</param>
/// <param name="fleet">Reads them.</param>
/// <param name="sender">Takes the commands.</param>
/// <param name="events">Takes events about hosts that fail.</param>
/// <param name="options">How long a command lives.</param>
/// <param name="clock">The clock.</param>
public sealed class HostReconciler(
    ICatalog catalog, FleetReader fleet, ICommandSender sender, IEventSender events, PipelineOptions options, TimeProvider clock)
{
    private const int MaximumAttempts = 50;

    /// <summary>Changes a host's record and sends what the host needs then.</summary>
    /// <param name="host">The host.</param>
    /// <param name="change">Gives the new record from the one that is there, or from null; gives null to leave everything as it is.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The record as it was written; null: there is none.</returns>
    public async Task<HostRecord?> ReconcileAsync(string host, Func<HostRecord?, HostRecord?> change, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var entry = await catalog.ReadAsync<HostRecord>(DocumentKinds.Hosts, host, cancellationToken);
            if (change(entry?.Document) is not { } changed)
            {
                return entry?.Document;
            }

            var (commands, record) = await DecideAsync(changed, [], cancellationToken);
            if (commands.Count == 0 && ReferenceEquals(changed, entry?.Document) && record.Commands.Count == changed.Commands.Count)
            {
                return record;
            }

            if (commands.Count > 0)
            {
                await sender.SendAsync(record.Hello.Pool, commands, cancellationToken);
            }

            try
            {
                await catalog.WriteAsync(DocumentKinds.Hosts, host, record, entry?.ETag, cancellationToken);
                return record;
            }
            catch (CatalogConflictException) when (attempt < MaximumAttempts)
            {
                // Another message of the host was faster: look again.
            }
        }
    }

    /// <summary>A host's record as it is.</summary>
    /// <param name="host">The host.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The record; null: there is none.</returns>
    public async Task<HostRecord?> FindAsync(string host, CancellationToken cancellationToken) =>
        (await catalog.ReadAsync<HostRecord>(DocumentKinds.Hosts, host, cancellationToken))?.Document;

    /// <summary>Compares all hosts of a pool with what they should have, from what they last said.</summary>
    /// <param name="pool">The pool; null: every pool.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <param name="except">Hosts that are left out: they are known to be well, though their last words may be older than that.</param>
    /// <returns>How many hosts were told something.</returns>
    public async Task<int> ReconcilePoolAsync(string? pool, CancellationToken cancellationToken, IReadOnlySet<string>? except = null)
    {
        var plans = new Dictionary<string, PoolPlan>(StringComparer.OrdinalIgnoreCase);
        var told = 0;
        var hosts = await catalog.ListAsync<HostRecord>(DocumentKinds.Hosts, cancellationToken)
            .Where(entry => (pool is null || entry.Document.Hello.Pools.Contains(pool, StringComparer.OrdinalIgnoreCase)) && except?.Contains(entry.Key) != true)
            .ToListAsync(cancellationToken);
        foreach (var entry in hosts)
        {
            // Only those for whom there is something to do are read again and written.
            if ((await DecideAsync(entry.Document, plans, cancellationToken)).Commands.Count > 0)
            {
                await ReconcileAsync(entry.Key, current => current, cancellationToken);
                told++;
            }
        }

        return told;
    }

    /// <summary>Takes the outcome of a command that reconciling sent.</summary>
    /// <param name="outcome">The outcome.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>A task that completes when it is recorded.</returns>
    public async Task TakeOutcomeAsync(CommandOutcome outcome, CancellationToken cancellationToken)
    {
        // Nothing is sent on the strength of it: what the host has now, its next hello says.
        var now = clock.GetUtcNow();
        var entry = await catalog.ReadAsync<HostRecord>(DocumentKinds.Hosts, outcome.Host, cancellationToken);
        if (entry is null || ReconcileRule.Take(entry.Document, outcome, now) is null)
        {
            return;
        }

        var record = await catalog.UpdateAsync<HostRecord>(
            DocumentKinds.Hosts,
            outcome.Host,
            current => ReconcileRule.Take(current ?? entry.Document, outcome, now) ?? current!,
            cancellationToken);
        if (outcome.Result != OutcomeResult.Succeeded
            && record.Commands.FirstOrDefault(command => command.CommandId == outcome.CommandId) is { Failures: 1 } failed)
        {
            await events.SendAsync(
                MessageTypes.HostFailing,
                outcome.CommandId + "-failed",
                new PipelineEvent
                {
                    Package = Planning.HostDifference.Parse(failed.PackageFullName),
                    Pool = record.Hello.Pool,
                    Host = outcome.Host,
                    Code = failed.Code,
                    Message = $"{outcome.Host} could not {failed.Kind.ToString().ToLowerInvariant()} {failed.PackageFullName}: {failed.Message ?? "it gave no reason."}",
                },
                cancellationToken);
        }
    }

    private async Task<(IReadOnlyList<HostCommand> Commands, HostRecord Record)> DecideAsync(
        HostRecord record, Dictionary<string, PoolPlan> known, CancellationToken cancellationToken)
    {
        if (options.FindPool(record.Hello.Pool) is null)
        {
            return ([], record);
        }

        var former = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var plan in await fleet.PlansAsync(record.FormerPools, known, cancellationToken))
        {
            former.UnionWith(plan.Apps.Select(app => app.Family));
        }

        var now = clock.GetUtcNow();
        var plans = await fleet.PlansAsync(record.Hello.Pools, known, cancellationToken);
        return ReconcileRule.Decide(record, plans, former, now, now + options.CommandDeadline, options.LeastListenerVersion);
    }
}
