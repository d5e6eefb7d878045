using AppAttach.Contracts;
using AppAttach.Pipeline.Catalog;
using AppAttach.Pipeline.Orchestration;
using AppAttach.Pipeline.Ports;
using AppAttach.Pipeline.Reconcile;
using AppAttach.Pipeline.Telemetry;

namespace AppAttach.Pipeline.Rollout;

/// <summary>Takes what hosts say on the queue <c>host-outcomes</c>. When it returns, the message's effect is recorded.</summary>
/// <param name="orchestrations">Takes outcomes to the rollouts that wait for them.</param>
/// <param name="sender">Makes subscriptions for new hosts.</param>
/// <param name="reconciler">Brings hosts to what they should have.</param>
/// <param name="options">The pools.</param>
/// <param name="clock">The clock.</param>
public sealed class HostMessageHandler(
    IOrchestrationClient orchestrations,
    ICommandSender sender,
    HostReconciler reconciler,
    PipelineOptions options,
    TimeProvider clock)
{
    /// <summary>Packages that a hello may name at most: a host that reports more reports rubbish.</summary>
    private const int MostPackages = 2_000;

    /// <summary>Pools that a host may be in.</summary>
    private const int MostPools = 20;

    /// <summary>Characters of a host's own words that go into a history.</summary>
    private const int LongestMessage = 500;

    /// <summary>How long a pool is waited for, three of the hellos that listeners send by default, before its host may go back to a former pool.</summary>
    internal static readonly TimeSpan RivalPatience = TimeSpan.FromMinutes(15);

    /// <summary>How far a host's clock may run ahead of ours and still order its hellos.</summary>
    private static readonly TimeSpan LargestClockDifference = TimeSpan.FromMinutes(10);

    /// <summary>Handles one message.</summary>
    /// <param name="body">The message's body.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <param name="sentBy">The host whose key the message was sent with, where the bus knows it: nobody speaks for another host then.</param>
    /// <param name="proof">The host's signature, where the bus does not know; null: the message has none.</param>
    /// <returns>A task that completes when the effect is recorded and the message may be completed.</returns>
    /// <exception cref="MessageInvalidException">The message can never be handled: dead-letter it with this reason.</exception>
    public async Task HandleAsync(ReadOnlyMemory<byte> body, CancellationToken cancellationToken, string? sentBy = null, HostProof? proof = null)
    {
        switch (Message.ReadType(body.Span))
        {
            case MessageTypes.Outcome:
                var outcome = Message.ReadOutcome(body.Span);
                RequireSender(outcome.Host, sentBy);
                if (sentBy is null)
                {
                    await RequireKeyAsync(outcome.Host, KeyOf(outcome.Host, body.Span, proof), cancellationToken);
                }

                await HandleAsync(outcome, cancellationToken);
                break;
            case MessageTypes.Hello:
                var hello = Message.ReadHello(body.Span);
                RequireSender(hello.Host, sentBy);
                await HandleAsync(hello, sentBy is null, KeyOf(hello.Host, body.Span, proof), cancellationToken);
                break;
            case var other:
                throw new MessageInvalidException($"The queue {BusEntities.HostOutcomes} takes outcomes and hellos; this is of type {other}.");
        }
    }

    private static void RequireSender(string host, string? sentBy)
    {
        if (sentBy is not null && !string.Equals(host, sentBy, StringComparison.OrdinalIgnoreCase))
        {
            throw new MessageInvalidException($"The message speaks for {host} and was sent with the key of {sentBy}: it counts for neither.");
        }
    }

    private static string? KeyOf(string host, ReadOnlySpan<byte> body, HostProof? proof) => proof is null
        ? null
        : proof.Verify(body) ?? throw new MessageInvalidException($"The message speaks for {host} and its signature does not fit it: it was changed on its way, or put together.");

    private async Task RequireKeyAsync(string host, string? key, CancellationToken cancellationToken)
    {
        if ((await reconciler.FindAsync(host, cancellationToken))?.Key is { } known && known != key)
        {
            throw new MessageInvalidException(
                $"The message speaks for {host} and is not signed with its key: it does not count. A host that was built anew gets its new key known by its hellos.");
        }
    }

    private async Task HandleAsync(CommandOutcome outcome, CancellationToken cancellationToken)
    {
        PipelineTelemetry.OutcomeReceived(outcome);

        // Only rollouts wait for outcomes: a host must not reach any other orchestration by naming it.
        if (outcome.CommandId.StartsWith(ReconcileRule.IdPrefix, StringComparison.Ordinal))
        {
            await reconciler.TakeOutcomeAsync(outcome, cancellationToken);
        }
        else if (outcome.RolloutId is { } rolloutId && RolloutInput.IsInstanceId(rolloutId))
        {
            await orchestrations.RaiseEventAsync(rolloutId, RolloutOrchestrator.OutcomeEvent, outcome, cancellationToken);
        }
        else if (outcome.RolloutId is { } batchId && RolloutIds.IsBatch(batchId) && outcome.CommandId == $"{batchId}.{outcome.Host}")
        {
            var answer = outcome.Result == OutcomeResult.Succeeded
                ? new HostAnswer(outcome.Host)
                : new HostAnswer(outcome.Host, Shorten(outcome.Code) ?? ErrorCodes.Internal, Shorten(outcome.Message) ?? "The host gave no reason.");
            await orchestrations.RaiseEventAsync(batchId, RunBatchOrchestrator.AnswerEvent, answer, cancellationToken);
        }
    }

    private static string? Shorten(string? text) => text?.Length > LongestMessage ? text[..LongestMessage] : text;

    private async Task HandleAsync(HostHello hello, bool isKeyNeeded, string? key, CancellationToken cancellationToken)
    {
        if (!IsUsableName(hello.Host))
        {
            throw new MessageInvalidException(
                $"'{hello.Host}' cannot name a host: 1 to 50 letters, digits, '-', '.' or '_', for a subscription is named after it.");
        }

        if (hello.Inventory.Count > MostPackages)
        {
            throw new MessageInvalidException($"{hello.Host} reports {hello.Inventory.Count} packages; {MostPackages} at most are believed.");
        }

        if (hello.Pools.Count > MostPools || hello.Pools.Any(string.IsNullOrWhiteSpace))
        {
            throw new MessageInvalidException($"{hello.Host} names {hello.Pools.Count} pools, or one without a name; {MostPools} at most are believed.");
        }

        // The subscription comes before the record: what a rollout sends to a recorded host must wait for it somewhere.
        var isPoolKnown = options.FindPool(hello.Pool) is not null;
        if (isPoolKnown)
        {
            await sender.EnsureHostAsync(hello.Pool, hello.Host, cancellationToken);
        }

        await reconciler.ReconcileAsync(hello.Host, current => TakeSigned(hello, current, isPoolKnown, isKeyNeeded, key), cancellationToken);
    }

    /// <summary>
    /// The host's record after a hello that may be signed. The first key counts, until nothing signed with it was heard for a while: a host that is built
    /// anew has a new one, and says hello before anybody could have told us.
    /// </summary>
    private HostRecord TakeSigned(HostHello hello, HostRecord? current, bool isPoolKnown, bool isKeyNeeded, string? key)
    {
        var now = clock.GetUtcNow();
        if (isKeyNeeded && current?.Key is { } known && known != key && (key is null || now - current.LastSeenAt < RivalPatience))
        {
            return current with { OtherKeySeenAt = now, Note = DescribeOtherKey(hello.Host) };
        }

        var taken = Take(hello, current, isPoolKnown);
        var otherAt = current?.OtherKeySeenAt is { } seenAt && now - seenAt < RivalPatience && current.Key == key ? current.OtherKeySeenAt : null;
        return taken with
        {
            Key = key ?? current?.Key, OtherKeySeenAt = otherAt, Note = taken.Note ?? (otherAt is null ? null : DescribeOtherKey(hello.Host)),
        };
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

        var moved = current is not null && !IsSamePool(current.Hello.Pool, hello.Pool);
        if (moved && IsRival(current!, hello, now))
        {
            return current! with { RivalPool = hello.Pool, RivalSeenAt = now, Note = DescribeRival(hello.Host, current!.Hello.Pool, hello.Pool) };
        }

        // A host of an unknown pool is recorded, so that its admin finds it with the reason, once, however often it says hello.
        var note = isPoolKnown
            ? null
            : $"{hello.Host} says that it belongs to the pool {hello.Pool}, which this deployment does not have: it gets nothing. "
                + "Correct the host's settings, or add the pool; its next hello is enough then.";
        var rival = current is { RivalSeenAt: { } seen, RivalPool: { } pool } && now - seen < RivalPatience && !IsSamePool(pool, hello.Pool) ? current : null;
        note ??= rival is null ? null : DescribeRival(hello.Host, hello.Pool, rival.RivalPool!);
        note ??= hello.Pools.Where(pool => options.FindPool(pool) is null).ToList() is { Count: > 0 } unknown
            ? $"{hello.Host} says that it is also in {string.Join(", ", unknown)}, which this deployment does not have. Correct the host's settings, or add the pool."
            : null;
        return new HostRecord(hello, current?.FirstSeenAt ?? now, now, IsWelcomed: isPoolKnown, note)
        {
            // A host that was built anew, or belongs elsewhere now, remembers no commands; one that says the same as before keeps them.
            Commands = current is null || moved ? [] : ReconcileRule.AfterDrift(current, hello),
            FormerPools = current is null ? [] : [.. current.FormerPools.Union(current.Hello.Pools, StringComparer.OrdinalIgnoreCase).Except(hello.Pools, StringComparer.OrdinalIgnoreCase)],
            RivalPool = rival?.RivalPool,
            RivalSeenAt = rival?.RivalSeenAt,
        };
    }

    /// <summary>
    /// Whether a hello comes from a second machine or listener of the name. A host may move, but one that is back in its former pool while the new one still
    /// hears of it is in both: if each hello moved it, its users would lose and get their apps by turns.
    /// </summary>
    private static bool IsRival(HostRecord current, HostHello hello, DateTimeOffset now) =>
        now - current.LastSeenAt < RivalPatience && current.FormerPools.Any(pool => IsSamePool(pool, hello.Pool));

    private static string DescribeRival(string host, string pool, string rival) =>
        $"{host} says by turns that it belongs to {pool} and to {rival}: two machines have one name, or two listeners run on one. It stays in {pool}. "
        + $"Give one of them another name or stop it; the host moves to {rival} when {pool} has not heard of it for {RivalPatience.TotalMinutes} minutes.";

    private static string DescribeOtherKey(string host) =>
        $"Somebody says hello as {host} without the key of the machine that did before: it is not believed. If {host} was built anew, it is once the old machine was not "
        + $"heard of for {RivalPatience.TotalMinutes} minutes; if its listener does not sign any more, forget the host. If neither is so, look who it is.";

    private static bool IsSamePool(string one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);

    private static bool IsUsableName(string host) =>
        host.Length is >= 1 and <= 50 && host.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_');
}
