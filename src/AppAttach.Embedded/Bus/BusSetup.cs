using AppAttach.Contracts;

namespace AppAttach.Embedded.Bus;

/// <summary>The entities that every deployment has; hosts' subscriptions come with their hosts.</summary>
internal static class BusSetup
{
    /// <summary>How long an id is remembered where one id is one message: the longest that Azure Service Bus allows.</summary>
    public static readonly TimeSpan LongestDuplicateWindow = TimeSpan.FromDays(7);

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
