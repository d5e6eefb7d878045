using AppAttach.Contracts;
using AppAttach.Pipeline.Catalog;
using AppAttach.Pipeline.Orchestration;
using AppAttach.Pipeline.Ports;
using AppAttach.Pipeline.Telemetry;

namespace AppAttach.Pipeline.Rollout;

/// <summary>Takes what hosts say on the queue <c>host-outcomes</c>. When it returns, the message's effect is recorded.</summary>
/// <param name="catalog">Holds the hosts.</param>
/// <param name="orchestrations">Takes outcomes to the rollouts that wait for them.</param>
/// <param name="sender">Makes subscriptions for new hosts.</param>
/// <param name="rollouts">Brings new hosts what their pool already has.</param>
/// <param name="options">The pools.</param>
/// <param name="clock">The clock.</param>
public sealed class HostMessageHandler(
    ICatalog catalog,
    IOrchestrationClient orchestrations,
    ICommandSender sender,
    RolloutStarter rollouts,
    PipelineOptions options,
    TimeProvider clock)
{
    /// <summary>How far a host's clock may run ahead of ours and still order its hellos.</summary>
    private static readonly TimeSpan LargestClockDifference = TimeSpan.FromMinutes(10);

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
        PipelineTelemetry.OutcomeReceived(outcome);

        // Only rollouts wait for outcomes: a host must not reach any other orchestration by naming it.
        if (outcome.RolloutId is { } rolloutId && RolloutInput.IsInstanceId(rolloutId))
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

        // The subscription comes before the record: what a rollout sends to a recorded host must wait for it somewhere.
        var isPoolKnown = options.FindPool(hello.Pool) is not null;
        if (isPoolKnown)
        {
            await sender.EnsureHostAsync(hello.Pool, hello.Host, cancellationToken);
        }

        var record = await catalog.UpdateAsync<HostRecord>(
            DocumentKinds.Hosts, hello.Host, current => Take(hello, current, isPoolKnown), cancellationToken);
        if (!record.IsWelcomed && record.Note is null)
        {
            // The host is in the catalog first, and a release lists its copy before its rollout looks for hosts: so one sees the other.
            await rollouts.StartForNewHostAsync(record.Hello.Pool, hello.Host, cancellationToken);
            await catalog.UpdateAsync<HostRecord>(
                DocumentKinds.Hosts, hello.Host, current => Welcome(current ?? record, record.Hello.Pool), cancellationToken);
        }
    }

    /// <summary>
    /// The host's record after a hello. Hellos may overtake each other, so an older one only shows that the host is there; but a
    /// host whose clock ran ahead of ours must not stay silenced until that time has come.
    /// </summary>
    private HostRecord Take(HostHello hello, HostRecord? current, bool isPoolKnown)
    {
        var now = clock.GetUtcNow();
        if (current is not null && current.Hello.SentAt > hello.SentAt && current.Hello.SentAt <= now + LargestClockDifference)
        {
            return current with { LastSeenAt = now };
        }

        // A host of an unknown pool is recorded, so that its admin finds it with the reason, once, however often it says hello.
        var note = isPoolKnown
            ? null
            : $"{hello.Host} says that it belongs to the pool {hello.Pool}, which this deployment does not have: it gets nothing. "
                + "Correct the host's settings, or add the pool; its next hello is enough then.";
        var isWelcomed = current is { IsWelcomed: true } && isPoolKnown && IsSamePool(current.Hello.Pool, hello.Pool);
        return new HostRecord(hello, current?.FirstSeenAt ?? now, now, isWelcomed, note);
    }

    /// <summary>The record of a host that was given all its pool has, unless it has moved on in between.</summary>
    private static HostRecord Welcome(HostRecord current, string pool) =>
        IsSamePool(current.Hello.Pool, pool) ? current with { IsWelcomed = true } : current;

    private static bool IsSamePool(string one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);

    private static bool IsUsableName(string host) =>
        host.Length is >= 1 and <= 50 && host.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_');
}
