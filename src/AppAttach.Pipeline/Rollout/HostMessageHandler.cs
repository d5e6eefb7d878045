using AppAttach.Contracts;
using AppAttach.Pipeline.Catalog;
using AppAttach.Pipeline.Orchestration;
using AppAttach.Pipeline.Ports;

namespace AppAttach.Pipeline.Rollout;

/// <summary>Takes what hosts say on the queue <c>host-outcomes</c>. When it returns, the message's effect is recorded.</summary>
/// <param name="catalog">Holds the hosts.</param>
/// <param name="orchestrations">Takes outcomes to the rollouts that wait for them.</param>
/// <param name="sender">Makes subscriptions for new hosts.</param>
/// <param name="rollouts">Brings new hosts what their pool already has.</param>
/// <param name="clock">The clock.</param>
public sealed class HostMessageHandler(
    ICatalog catalog,
    IOrchestrationClient orchestrations,
    ICommandSender sender,
    RolloutStarter rollouts,
    TimeProvider clock)
{
    /// <summary>Handles one message.</summary>
    /// <param name="body">The message's body.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>A task that completes when the effect is recorded and the message may be completed.</returns>
    /// <exception cref="MessageInvalidException">The message can never be handled: dead-letter it with this reason.</exception>
    public async Task HandleAsync(ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        switch (Message.ReadType(body.Span))
        {
            case MessageTypes.Outcome:
                await HandleAsync(Message.ReadOutcome(body.Span), cancellationToken);
                break;
            case MessageTypes.Hello:
                await HandleAsync(Message.ReadHello(body.Span), cancellationToken);
                break;
            case var other:
                throw new MessageInvalidException($"The queue {BusEntities.HostOutcomes} takes outcomes and hellos; this is of type {other}.");
        }
    }

    private async Task HandleAsync(CommandOutcome outcome, CancellationToken cancellationToken)
    {
        if (outcome.RolloutId is { } rolloutId)
        {
            await orchestrations.RaiseEventAsync(rolloutId, RolloutOrchestrator.OutcomeEvent, outcome, cancellationToken);
        }
    }

    private async Task HandleAsync(HostHello hello, CancellationToken cancellationToken)
    {
        if (!IsUsableName(hello.Host))
        {
            throw new MessageInvalidException(
                $"'{hello.Host}' cannot name a host: 1 to 50 letters, digits, '-', '.' or '_', for a subscription is named after it.");
        }

        var now = clock.GetUtcNow();
        await sender.EnsureHostAsync(hello.Pool, hello.Host, cancellationToken);
        var record = await catalog.UpdateAsync<HostRecord>(
            DocumentKinds.Hosts,
            hello.Host,
            current => current is not null && current.Hello.SentAt > hello.SentAt
                ? current with { LastSeenAt = now }
                : new HostRecord(hello, current?.FirstSeenAt ?? now, now, current?.IsWelcomed ?? false),
            cancellationToken);
        if (!record.IsWelcomed)
        {
            // The host is in the catalog first, and a release lists its copy before its rollout looks for hosts: so one sees the other.
            await rollouts.StartForNewHostAsync(hello.Pool, hello.Host, cancellationToken);
            await catalog.UpdateAsync<HostRecord>(
                DocumentKinds.Hosts, hello.Host, current => current! with { IsWelcomed = true }, cancellationToken);
        }
    }

    private static bool IsUsableName(string host) =>
        host.Length is >= 1 and <= 50 && host.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_');
}
