using System.Collections.Concurrent;
using AppAttach.Contracts;
using AppAttach.Pipeline.Ports;
using AppAttach.Pipeline.Telemetry;
using Azure.Messaging.ServiceBus;
using Azure.Messaging.ServiceBus.Administration;

namespace AppAttach.Azure.Bus;

/// <summary>
/// Commands over the topics <c>host-commands-N</c>: each pool has one of them, each host a subscription of its own name, whose one
/// rule lets through what carries that name. Checked against the documentation and, over AMQP, a server of the tests: no Service
/// Bus has seen it yet.
/// </summary>
/// <param name="client">Sends; its identity needs Azure Service Bus Data Sender on the topics.</param>
/// <param name="administration">Makes subscriptions; its identity needs Azure Service Bus Data Owner on the topics.</param>
/// <param name="topicCount">Number of command topics, 1 or more; the same for every listener.</param>
/// <param name="clock">The clock.</param>
public sealed class ServiceBusCommandSender(
    ServiceBusClient client,
    ServiceBusAdministrationClient administration,
    int topicCount,
    TimeProvider clock) : ICommandSender, IAsyncDisposable
{
    /// <summary>Name of a subscription's one rule.</summary>
    public const string RuleName = "host";

    /// <summary>
    /// How long a subscription is taken to be there after it was seen: hosts say hello every few minutes, and the management API
    /// is throttled.
    /// </summary>
    private static readonly TimeSpan SeenFor = TimeSpan.FromHours(1);

    /// <summary>
    /// A subscription that nobody receives from for so long goes by itself, and does not count against the topic's 2,000 any more.
    /// A host that returns later says hello and gets a new one.
    /// </summary>
    private static readonly TimeSpan ForgottenAfter = TimeSpan.FromDays(60);

    private readonly ConcurrentDictionary<string, ServiceBusSender> _senders = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string Topic, string Host), DateTimeOffset> _seen = new();

    /// <inheritdoc/>
    public async Task EnsureHostAsync(string pool, string host, CancellationToken cancellationToken)
    {
        var topic = BusEntities.HostCommandsTopic(pool, topicCount);
        var name = NameOf(host);
        if (_seen.TryGetValue((topic, name), out var seenAt) && clock.GetUtcNow() - seenAt < SeenFor)
        {
            return;
        }

        if (!await TryCreateAsync(topic, name, cancellationToken))
        {
            await RepairRulesAsync(topic, name, cancellationToken);
        }

        _seen[(topic, name)] = clock.GetUtcNow();
    }

    /// <inheritdoc/>
    public async Task RemoveHostAsync(string pool, string host, CancellationToken cancellationToken)
    {
        var topic = BusEntities.HostCommandsTopic(pool, topicCount);
        var name = NameOf(host);
        _seen.TryRemove((topic, name), out _);
        try
        {
            await administration.DeleteSubscriptionAsync(topic, name, cancellationToken);
        }
        catch (ServiceBusException e) when (e.Reason == ServiceBusFailureReason.MessagingEntityNotFound)
        {
            // Nothing is left of it.
        }
    }

    /// <inheritdoc/>
    public async Task SendAsync(string pool, IReadOnlyList<HostCommand> commands, CancellationToken cancellationToken)
    {
        var topic = BusEntities.HostCommandsTopic(pool, topicCount);
        var sender = _senders.GetOrAdd(topic, client.CreateSender);
        var next = 0;
        while (next < commands.Count)
        {
            using var batch = await sender.CreateMessageBatchAsync(cancellationToken);
            while (next < commands.Count && batch.TryAddMessage(ToMessage(commands[next])))
            {
                next++;
            }

            if (batch.Count == 0)
            {
                throw new InvalidOperationException(
                    $"Command {commands[next].CommandId} does not fit into a message of at most {batch.MaxSizeInBytes} bytes; "
                    + "name fewer users.");
            }

            await sender.SendMessagesAsync(batch, cancellationToken);
        }

        PipelineTelemetry.CommandsSent(pool, commands);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var sender in _senders.Values)
        {
            await sender.DisposeAsync();
        }
    }

    /// <summary>Host names ignore case, filters do not.</summary>
    private static string NameOf(string host) => host.ToLowerInvariant();

    private static CreateRuleOptions RuleFor(string name) =>
        new(RuleName, new CorrelationRuleFilter { ApplicationProperties = { [BusEntities.HostProperty] = name } });

    private async Task<bool> TryCreateAsync(string topic, string name, CancellationToken cancellationToken)
    {
        try
        {
            // With the rule in the same call there is no moment with the rule $Default, which lets everything through.
            await administration.CreateSubscriptionAsync(
                new CreateSubscriptionOptions(topic, name)
                {
                    LockDuration = TimeSpan.FromMinutes(1), MaxDeliveryCount = 10, AutoDeleteOnIdle = ForgottenAfter,
                },
                RuleFor(name),
                cancellationToken);
            return true;
        }
        catch (ServiceBusException e) when (e.Reason == ServiceBusFailureReason.MessagingEntityAlreadyExists)
        {
            return false;
        }
    }

    /// <summary>Puts right a subscription that something else made.</summary>
    private async Task RepairRulesAsync(string topic, string name, CancellationToken cancellationToken)
    {
        if (!(await administration.RuleExistsAsync(topic, name, RuleName, cancellationToken)).Value)
        {
            try
            {
                await administration.CreateRuleAsync(topic, name, RuleFor(name), cancellationToken);
            }
            catch (ServiceBusException e) when (e.Reason == ServiceBusFailureReason.MessagingEntityAlreadyExists)
            {
                // Another instance of the app was faster.
            }
        }

        if ((await administration.RuleExistsAsync(topic, name, RuleProperties.DefaultRuleName, cancellationToken)).Value)
        {
            try
            {
                await administration.DeleteRuleAsync(topic, name, RuleProperties.DefaultRuleName, cancellationToken);
            }
            catch (ServiceBusException e) when (e.Reason == ServiceBusFailureReason.MessagingEntityNotFound)
            {
                // Another instance of the app was faster.
            }
        }
    }

    private ServiceBusMessage ToMessage(HostCommand command)
    {
        var now = clock.GetUtcNow();
        var left = command.Deadline - now;
        return new ServiceBusMessage(BinaryData.FromBytes(Message.Write(command, now)))
        {
            MessageId = command.CommandId,
            Subject = MessageTypes.Command,
            ContentType = Message.ContentType,

            // The host refuses it after the deadline; until then it waits for a host that is off.
            TimeToLive = left > TimeSpan.FromSeconds(1) ? left : TimeSpan.FromSeconds(1),
            ApplicationProperties = { [BusEntities.HostProperty] = NameOf(command.Host) },
        }.WithTrace();
    }
}
