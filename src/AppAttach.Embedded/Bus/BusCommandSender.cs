using System.Collections.Concurrent;
using AppAttach.Contracts;
using AppAttach.Pipeline.Ports;

namespace AppAttach.Embedded.Bus;

/// <summary>Carries commands to hosts over the bus of this process: a topic for the pools of a shard, a subscription a host.</summary>
/// <param name="broker">The bus.</param>
/// <param name="time">The clock.</param>
internal sealed class BusCommandSender(BusBroker broker, TimeProvider time) : ICommandSender
{
    // No duplicate detection: a command sent before its host's subscription existed must count when it is sent again.
    private static readonly BusEntitySettings Settings = new();

    // Hosts say hello every few minutes; their subscriptions last as long as the bus file, and nothing else removes them.
    private readonly ConcurrentDictionary<(string Topic, string Host), bool> _ensured = new();
    private readonly ConcurrentDictionary<string, bool> _topics = new();

    /// <inheritdoc/>
    public async Task EnsureHostAsync(string pool, string host, CancellationToken cancellationToken)
    {
        var topic = BusEntities.HostCommandsTopic(pool);
        var name = NameOf(host);
        if (_ensured.ContainsKey((topic, name)))
        {
            return;
        }

        await EnsureTopicAsync(topic, cancellationToken);
        await broker.EnsureSubscriptionAsync(
            topic, name, [BusFilter.OnProperty(BusEntities.HostProperty, name)], Settings, cancellationToken);
        _ensured[(topic, name)] = true;
    }

    /// <inheritdoc/>
    public Task RemoveHostAsync(string pool, string host, CancellationToken cancellationToken)
    {
        var topic = BusEntities.HostCommandsTopic(pool);
        var name = NameOf(host);
        _ensured.TryRemove((topic, name), out _);
        return broker.DeleteSubscriptionAsync(topic, name, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task SendAsync(string pool, IReadOnlyList<HostCommand> commands, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();

        // Past its deadline a command says nothing that its host would act on.
        var messages = commands.Where(command => command.Deadline > now).Select(command => new BusMessage
        {
            MessageId = command.CommandId,
            ContentType = Message.ContentType,
            TimeToLive = command.Deadline - now,
            Label = MessageTypes.Command,
            Body = Message.Write(command, now),
            Properties = new Dictionary<string, object>(StringComparer.OrdinalIgnoreCase) { [BusEntities.HostProperty] = NameOf(command.Host) },
        }).ToList();

        // A pool none of whose hosts has said hello has no topic yet; what is sent is for nobody then, and no error.
        await EnsureTopicAsync(BusEntities.HostCommandsTopic(pool), cancellationToken);
        await broker.SendAsync(BusEntities.HostCommandsTopic(pool), messages, cancellationToken);
    }

    /// <summary>Host names ignore case, filters do not.</summary>
    private static string NameOf(string host) => host.ToLowerInvariant();

    private async Task EnsureTopicAsync(string topic, CancellationToken cancellationToken)
    {
        if (!_topics.ContainsKey(topic))
        {
            await broker.EnsureTopicAsync(topic, Settings, cancellationToken);
            _topics[topic] = true;
        }
    }
}
