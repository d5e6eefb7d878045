using AppAttach.Contracts;
using AppAttach.Pipeline.Ports;

namespace AppAttach.Functions.Tests.Triggers;

/// <summary>Notes which events and answers are sent.</summary>
internal sealed class RecordedEvents(List<string> log) : IEventSender, IReplySender
{
    public Task SendAsync(string type, string id, PipelineEvent content, CancellationToken cancellationToken)
    {
        log.Add("event " + type);
        return Task.CompletedTask;
    }

    public Task SendAsync(ReplyAddress address, RequestReply reply, CancellationToken cancellationToken)
    {
        log.Add($"reply to {address.ReplyTo} for {address.CorrelationId}");
        return Task.CompletedTask;
    }
}
