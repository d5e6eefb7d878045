using AppAttach.Contracts;

namespace AppAttach.Pipeline.Ports;

/// <summary>Tells other systems.</summary>
public interface IEventSender
{
    /// <summary>Sends an event to the topic <c>events</c>.</summary>
    /// <param name="type">One of <see cref="MessageTypes"/>.</param>
    /// <param name="id">Identifies the event: the same id twice is one event.</param>
    /// <param name="content">What it says.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>A task that completes when the bus has it.</returns>
    Task SendAsync(string type, string id, PipelineEvent content, CancellationToken cancellationToken);
}
