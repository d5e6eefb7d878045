using AppAttach.Contracts;
using AppAttach.Embedded.Bus;
using AppAttach.Pipeline.Ports;
using AppAttach.Pipeline.Requests;

namespace AppAttach.Embedded.Hosting;

/// <summary>Takes what other systems ask for from the queue <c>requests</c>; completes a message once its effect is recorded.</summary>
internal sealed class RequestReceiver(BusBroker broker, RequestHandler handler, TimeProvider clock, ILogger<RequestReceiver> logger)
    : BackgroundService
{
    // One after the other: who pauses and then resumes must not be overtaken by himself.
    private const int Concurrency = 1;

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        new BusReceiver(broker, BusEntities.Requests, Concurrency, HandleAsync, clock, logger).RunAsync(stoppingToken);

    private async Task<BusHandling> HandleAsync(BusDelivery delivery, CancellationToken cancellationToken)
    {
        var message = delivery.Message;
        var address = ReplyAddress.Of(message.ReplyTo, message.CorrelationId, message.MessageId, message.ReplyToSessionId);
        await handler.HandleAsync(message.Body, address, cancellationToken);
        return BusHandling.Complete;
    }
}
