using AppAttach.Contracts;
using AppAttach.Pipeline.Catalog;
using AppAttach.Pipeline.Orchestration;
using AppAttach.Pipeline.Ports;

namespace AppAttach.Pipeline.Rollout;

/// <summary>Which rollout begins.</summary>
/// <param name="InstanceId">Its instance id.</param>
/// <param name="Package">The package.</param>
/// <param name="Pool">The pool.</param>
/// <param name="OnlyHost">One host of the pool, or null for all.</param>
public sealed record BeginRolloutInput(string InstanceId, PackageReference Package, string Pool, string? OnlyHost);

/// <summary>Who is in it.</summary>
/// <param name="Hosts">Names of the hosts, sorted.</param>
public sealed record BeginRolloutResult(IReadOnlyList<string> Hosts);

/// <summary>Decides which hosts a rollout is for, and writes the rollout's document.</summary>
/// <param name="catalog">Holds hosts and rollouts.</param>
/// <param name="clock">The clock.</param>
public sealed class BeginRolloutActivity(ICatalog catalog, TimeProvider clock) : IActivity<BeginRolloutInput, BeginRolloutResult>
{
    /// <inheritdoc/>
    public async Task<BeginRolloutResult> RunAsync(BeginRolloutInput input, CancellationToken cancellationToken)
    {
        var hosts = input.OnlyHost is { } only
            ? [only]
            : await catalog.ListAsync<HostRecord>(DocumentKinds.Hosts, cancellationToken)
                .Where(entry => string.Equals(entry.Document.Hello.Pool, input.Pool, StringComparison.OrdinalIgnoreCase))
                .Select(entry => entry.Document.Hello.Host)
                .Order(StringComparer.Ordinal)
                .ToListAsync(cancellationToken);
        var now = clock.GetUtcNow();

        // Run again after a crash, this must give the hosts of the first time: commands may be out to them.
        var rollout = await catalog.UpdateAsync<RolloutRecord>(
            DocumentKinds.Rollouts,
            input.InstanceId,
            current => current ?? new RolloutRecord
            {
                Id = input.InstanceId,
                Package = input.Package,
                Pool = input.Pool,
                State = RolloutState.Running,
                Hosts = [.. hosts.Select(host => new RolloutHost(host, HostProgress.Staging))],
                StartedAt = now,
                UpdatedAt = now,
            },
            cancellationToken);
        return new BeginRolloutResult([.. rollout.Hosts.Select(host => host.Host)]);
    }
}
