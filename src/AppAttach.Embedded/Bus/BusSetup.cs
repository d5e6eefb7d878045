using AppAttach.Contracts;

namespace AppAttach.Embedded.Bus;

/// <summary>The entities that every deployment has; subscriptions come with their hosts and systems.</summary>
internal static class BusSetup
{
    /// <summary>How long an id is remembered where one id is one message: the longest that Azure Service Bus allows.</summary>
    public static readonly TimeSpan LongestDuplicateWindow = TimeSpan.FromDays(7);

    // What a system does not fetch must not fill the disk.
    private static readonly TimeSpan LongestUnfetched = TimeSpan.FromDays(14);

    /// <summary>The queue for answers to a system.</summary>
    /// <param name="system">Name of the system.</param>
    /// <returns>Name of the queue.</returns>
    public static string RepliesQueue(string system) => "replies-" + system;

    /// <summary>Makes what another system listens to: a queue for its answers, and a subscription to all events under its name.</summary>
    /// <param name="broker">The bus.</param>
    /// <param name="system">Name of the system.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>A task that completes when both exist.</returns>
    public static async Task EnsureSystemAsync(BusBroker broker, string system, CancellationToken cancellationToken)
    {
        var settings = new BusEntitySettings { DefaultTimeToLive = LongestUnfetched };
        await broker.EnsureQueueAsync(RepliesQueue(system), settings, cancellationToken);
        await broker.EnsureSubscriptionAsync(BusEntities.Events, system, [BusFilter.All], settings, cancellationToken);
    }

    /// <summary>Makes them.</summary>
    /// <param name="broker">The bus.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>A task that completes when they exist.</returns>
    public static async Task EnsureAsync(BusBroker broker, CancellationToken cancellationToken)
    {
        var plain = new BusEntitySettings();
        await broker.EnsureQueueAsync(BusEntities.Drops, plain, cancellationToken);
        await broker.EnsureQueueAsync(BusEntities.Requests, plain, cancellationToken);
        await broker.EnsureQueueAsync(BusEntities.HostOutcomes, plain, cancellationToken);
        await broker.EnsureTopicAsync(
            BusEntities.Events, plain with { DuplicateDetectionWindow = LongestDuplicateWindow }, cancellationToken);
    }
}
