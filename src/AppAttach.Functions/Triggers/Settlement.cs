using AppAttach.Contracts;
using AppAttach.Pipeline.Telemetry;
using Azure.Core;
using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace AppAttach.Functions.Triggers;

/// <summary>
/// Settles messages: completes what has had its effect, dead-letters with the reason what can never have one, and puts back what
/// may work later, with back-off. Service Bus itself gives an abandoned message out again at once; so a copy is scheduled for
/// later, and then the message is completed. A crash between the two leaves both, and every handler takes a repetition for one.
/// </summary>
/// <param name="bus">Schedules copies; its identity needs Azure Service Bus Data Sender on the queues.</param>
/// <param name="clock">The clock.</param>
/// <param name="logger">Takes what went wrong.</param>
public sealed class Settlement(ServiceBusClient bus, TimeProvider clock, ILogger<Settlement> logger) : IAsyncDisposable
{
    /// <summary>Message property: how often the message was tried before. Service Bus counts each copy from nothing.</summary>
    public const string AttemptsProperty = "appattach-attempts";

    /// <summary>Reason of a dead letter that was tried <see cref="MaximumAttempts"/> times.</summary>
    public const string ExhaustedReason = "retries-exhausted";

    /// <summary>
    /// How often a message is tried. With waits of 5, 10, 20, 40, 80, 160 and then 300 seconds (give or take a fifth) the last
    /// attempt is some 45 minutes after the first.
    /// </summary>
    public const int MaximumAttempts = 15;

    /// <summary>Characters of a dead-letter description at most (Service Bus: 4,096).</summary>
    private const int MaximumDescriptionLength = 4096;

    /// <summary>Characters of a message id at most (Service Bus).</summary>
    private const int MaximumMessageIdLength = 128;

    private const string CopySeparator = "~attempt-";

    private static readonly DelayStrategy Backoff =
        DelayStrategy.CreateExponentialDelayStrategy(TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(5));

    private readonly Dictionary<string, ServiceBusSender> _senders = new(StringComparer.Ordinal)
    {
        [BusEntities.Drops] = bus.CreateSender(BusEntities.Drops),
        [BusEntities.Requests] = bus.CreateSender(BusEntities.Requests),
        [BusEntities.HostOutcomes] = bus.CreateSender(BusEntities.HostOutcomes),
    };

    /// <summary>Handles a message and settles it.</summary>
    /// <param name="queue">The queue that it came from, one of <see cref="BusEntities"/>.</param>
    /// <param name="message">The message.</param>
    /// <param name="actions">Settles it.</param>
    /// <param name="handle">Has the message's effect; when it returns, the effect is recorded.</param>
    /// <param name="cancellationToken">The host is stopping: the message is left to the host, which gives it back.</param>
    /// <returns>What became of the message.</returns>
    public Task<MessageFate> SettleAsync(
        string queue,
        ServiceBusReceivedMessage message,
        ServiceBusMessageActions actions,
        Func<Task> handle,
        CancellationToken cancellationToken) =>
        PipelineTelemetry.HandleMessageAsync(
            queue, message.Body.ToMemory(), () => HandleAsync(queue, message, actions, handle, cancellationToken));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var sender in _senders.Values)
        {
            await sender.DisposeAsync();
        }
    }

    private async Task<MessageFate> HandleAsync(
        string queue,
        ServiceBusReceivedMessage message,
        ServiceBusMessageActions actions,
        Func<Task> handle,
        CancellationToken cancellationToken)
    {
        try
        {
            await handle();
        }
        catch (MessageInvalidException e)
        {
            Logs.MessageInvalid(logger, queue, message.MessageId, e.Message);
            await DeadLetterAsync(message, actions, ErrorCodes.MessageInvalid, e.Message, cancellationToken);
            return MessageFate.DeadLettered;
        }
#pragma warning disable CA1031 // Whatever else it was may work later; after the last attempt it stands in the dead letter.
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            return await PutBackAsync(queue, message, actions, e, cancellationToken);
        }

        await actions.CompleteMessageAsync(message, cancellationToken);
        return MessageFate.Completed;
    }

    private async Task<MessageFate> PutBackAsync(
        string queue,
        ServiceBusReceivedMessage message,
        ServiceBusMessageActions actions,
        Exception reason,
        CancellationToken cancellationToken)
    {
        // A message that was given back by a crash or a lost lock was tried too.
        var attempts = AttemptsOf(message) + Math.Max(1, message.DeliveryCount);
        if (attempts >= MaximumAttempts)
        {
            Logs.MessageExhausted(logger, reason, queue, message.MessageId, attempts);
            await DeadLetterAsync(message, actions, ExhaustedReason, $"{attempts} attempts failed, the last one with: {reason.Message}", cancellationToken);
            return MessageFate.DeadLettered;
        }

        var delay = Backoff.GetNextDelay(null, attempts);
        Logs.MessagePutBack(logger, reason, queue, message.MessageId, attempts, delay);
        await _senders[queue].SendMessageAsync(CopyOf(message, attempts, clock.GetUtcNow() + delay), cancellationToken);
        await actions.CompleteMessageAsync(message, cancellationToken);
        return MessageFate.PutBack;
    }

    /// <summary>Whatever moves messages between queues may widen a number.</summary>
    private static int AttemptsOf(ServiceBusReceivedMessage message) => message.ApplicationProperties.GetValueOrDefault(AttemptsProperty) switch
    {
        int attempts => Math.Max(0, attempts),
        long attempts => (int)Math.Clamp(attempts, 0, MaximumAttempts),
        _ => 0,
    };

    private static ServiceBusMessage CopyOf(ServiceBusReceivedMessage message, int attempts, DateTimeOffset at)
    {
        // An id of its own: where a queue detects duplicates, the copy would be dropped as one of its original.
        var original = message.MessageId.Split(CopySeparator, 2)[0];
        var suffix = FormattableString.Invariant($"{CopySeparator}{attempts}");
        var copy = new ServiceBusMessage(message)
        {
            MessageId = original[..Math.Min(original.Length, MaximumMessageIdLength - suffix.Length)] + suffix,
            ScheduledEnqueueTime = at,
        };
        copy.ApplicationProperties[AttemptsProperty] = attempts;
        return copy;
    }

    private static Task DeadLetterAsync(
        ServiceBusReceivedMessage message,
        ServiceBusMessageActions actions,
        string reason,
        string description,
        CancellationToken cancellationToken) =>
        actions.DeadLetterMessageAsync(
            message,
            deadLetterReason: reason,
            deadLetterErrorDescription: description[..Math.Min(description.Length, MaximumDescriptionLength)],
            cancellationToken: cancellationToken);
}
