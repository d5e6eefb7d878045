namespace AppAttach.Pipeline.Orchestration;

/// <summary>Starts orchestrations and speaks to them from outside.</summary>
public interface IOrchestrationClient
{
    /// <summary>Starts an orchestration, unless one of that instance id was started before, whatever became of it.</summary>
    /// <param name="name">The orchestrator's class name.</param>
    /// <param name="instanceId">Its instance id; at most 100 characters, none of <c>/ \ # ?</c>.</param>
    /// <param name="input">Its input; written to the history as JSON.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>Whether it was started now.</returns>
    Task<bool> StartAsync(string name, string instanceId, object input, CancellationToken cancellationToken);

    /// <summary>Raises an event to an instance. One that does not exist, or has ended, is passed over in silence.</summary>
    /// <param name="instanceId">The instance.</param>
    /// <param name="eventName">The event's name.</param>
    /// <param name="payload">Its content; written to the history as JSON.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>A task that completes when the event cannot be lost any more.</returns>
    Task RaiseEventAsync(string instanceId, string eventName, object payload, CancellationToken cancellationToken);
}
