using AppAttach.Contracts;
using AppAttach.Functions.Triggers;
using Azure;
using Azure.Messaging.ServiceBus;
using Azure.Messaging.ServiceBus.Administration;
using Microsoft.Extensions.Logging;

namespace AppAttach.Functions.Site;

/// <summary>
/// Which hosts' subscriptions have dead letters. The management API is throttled and gives a topic's subscriptions a hundred at a time, so it is asked
/// every few minutes only; an overview that is not answered keeps the last one.
/// </summary>
/// <param name="administration">Lists subscriptions; its identity needs Azure Service Bus Data Owner on the command topics, as for making them.</param>
/// <param name="topicCount">Number of command topics.</param>
/// <param name="clock">The clock.</param>
/// <param name="logger">Says when there was no answer.</param>
internal sealed class CommandSubscriptions(
    ServiceBusAdministrationClient administration, int topicCount, TimeProvider clock, ILogger<CommandSubscriptions> logger) : IDisposable
{
    /// <summary>Subscriptions that are named, those with the most dead letters first.</summary>
    public const int Most = 50;

    /// <summary>How long an answer is good for.</summary>
    public static readonly TimeSpan GoodFor = TimeSpan.FromMinutes(5);

    private readonly SemaphoreSlim _turn = new(1, 1);
    private IReadOnlyList<SubscriptionName> _found = [];
    private DateTimeOffset _askAt = DateTimeOffset.MinValue;

    /// <summary>The subscriptions that have dead letters.</summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>At most <see cref="Most"/>.</returns>
    public async Task<IReadOnlyList<SubscriptionName>> FindAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (clock.GetUtcNow() >= _askAt)
            {
                _found = await AskAsync(cancellationToken);
                _askAt = clock.GetUtcNow() + GoodFor;
            }
        }
        catch (Exception e) when (e is ServiceBusException or RequestFailedException or UnauthorizedAccessException)
        {
            Logs.SubscriptionsNotListed(logger, e);
            _askAt = clock.GetUtcNow() + GoodFor;
        }
        finally
        {
            _turn.Release();
        }

        return _found;
    }

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();

    private async Task<IReadOnlyList<SubscriptionName>> AskAsync(CancellationToken cancellationToken)
    {
        var found = new List<(SubscriptionName Name, long DeadLetters)>();
        for (var i = 0; i < topicCount; i++)
        {
            var topic = FormattableString.Invariant($"{BusEntities.HostCommandsPrefix}{i}");
            await foreach (var subscription in administration.GetSubscriptionsRuntimePropertiesAsync(topic, cancellationToken))
            {
                if (subscription.DeadLetterMessageCount > 0)
                {
                    found.Add((new SubscriptionName(topic, subscription.SubscriptionName), subscription.DeadLetterMessageCount));
                }
            }
        }

        return [.. found.OrderByDescending(one => one.DeadLetters).ThenBy(one => one.Name.ToString(), StringComparer.Ordinal).Take(Most).Select(one => one.Name)];
    }
}
