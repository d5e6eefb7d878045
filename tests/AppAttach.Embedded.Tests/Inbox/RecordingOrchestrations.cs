using AppAttach.Pipeline.Intake;
using AppAttach.Pipeline.Orchestration;
using AppAttach.Pipeline.Ports;

namespace AppAttach.Embedded.Tests.Inbox;

/// <summary>Takes down which drops are to be published.</summary>
internal sealed class RecordingOrchestrations : IOrchestrationClient
{
    private readonly List<PackageDrop> _drops = [];

    /// <summary>The drops so far.</summary>
    public IReadOnlyList<PackageDrop> Drops
    {
        get
        {
            lock (_drops)
            {
                return [.. _drops];
            }
        }
    }

    public Task<bool> StartAsync(string name, string instanceId, object input, CancellationToken cancellationToken)
    {
        lock (_drops)
        {
            _drops.Add(((PublishPackageInput)input).Drop);
        }

        return Task.FromResult(true);
    }

    public Task RaiseEventAsync(string instanceId, string eventName, object payload, CancellationToken cancellationToken) => Task.CompletedTask;
}
