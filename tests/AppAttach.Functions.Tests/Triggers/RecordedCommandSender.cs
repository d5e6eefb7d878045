using AppAttach.Contracts;
using AppAttach.Pipeline.Ports;

namespace AppAttach.Functions.Tests.Triggers;

/// <summary>Notes for which hosts subscriptions are made and removed.</summary>
internal sealed class RecordedCommandSender(List<string> log) : ICommandSender
{
    public Task EnsureHostAsync(string pool, string host, CancellationToken cancellationToken)
    {
        log.Add($"ensure {pool}/{host}");
        return Task.CompletedTask;
    }

    public Task RemoveHostAsync(string pool, string host, CancellationToken cancellationToken)
    {
        log.Add($"remove {pool}/{host}");
        return Task.CompletedTask;
    }

    public Task SendAsync(string pool, IReadOnlyList<HostCommand> commands, CancellationToken cancellationToken) =>
        throw new NotSupportedException("A host that says hello gets its commands by a rollout.");
}
