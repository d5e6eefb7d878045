using AppAttach.Contracts;
using AppAttach.Embedded.Bus;
using AppAttach.Embedded.Bus.Rest;
using AppAttach.Pipeline.Rollout;

namespace AppAttach.Embedded.Hosting;

/// <summary>Takes what hosts say from the queue <c>host-outcomes</c> to the pipeline; completes a message once its effect is recorded.</summary>
internal sealed class HostOutcomeReceiver(BusBroker broker, HostMessageHandler handler, TimeProvider clock, ILogger<HostOutcomeReceiver> logger)
    : BackgroundService
{
    private const int Concurrency = 4;

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        new BusReceiver(broker, BusEntities.HostOutcomes, Concurrency, HandleAsync, clock, logger).RunAsync(stoppingToken);

    private async Task<BusHandling> HandleAsync(BusDelivery delivery, CancellationToken cancellationToken)
    {
        var sentBy = delivery.Message.Properties.GetValueOrDefault(SendOperation.SenderProperty) as string;
        await handler.HandleAsync(delivery.Message.Body, cancellationToken, sentBy);
        return BusHandling.Complete;
    }
}
