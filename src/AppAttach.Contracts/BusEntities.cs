namespace AppAttach.Contracts;

/// <summary>Names on the bus, the same in every deployment.</summary>
public static class BusEntities
{
    /// <summary>Queue: events of dropped packages.</summary>
    public const string Drops = "drops";

    /// <summary>Queue: what other systems ask for.</summary>
    public const string Requests = "requests";

    /// <summary>Queue: outcomes and hellos of hosts.</summary>
    public const string HostOutcomes = "host-outcomes";

    /// <summary>Topic: what other systems may want to hear.</summary>
    public const string Events = "events";

    /// <summary>Topics of commands start with this; the shard's number follows.</summary>
    public const string HostCommandsPrefix = "host-commands-";

    /// <summary>
    /// Message property by which a host's subscription filters. Over the REST API properties travel as HTTP headers, where
    /// <c>host</c> is taken.
    /// </summary>
    public const string HostProperty = "target";

    /// <summary>Message property that carries an event's type, for filters.</summary>
    public const string TypeProperty = "type";

    /// <summary>The topic that carries a pool's commands.</summary>
    /// <param name="pool">Name of the pool; case does not matter.</param>
    /// <param name="shardCount">Number of topics that commands are spread over, 1 or more. Changing it moves pools.</param>
    /// <returns>Name of the topic.</returns>
    public static string HostCommandsTopic(string pool, int shardCount = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(shardCount, 1);

        // FNV-1a (32 bit): string.GetHashCode differs from process to process, and listeners must find the same topic.
        var hash = 2166136261u;
        foreach (var c in pool.ToLowerInvariant())
        {
            hash = unchecked((hash ^ c) * 16777619u);
        }

        return HostCommandsPrefix + (hash % (uint)shardCount).ToString(System.Globalization.CultureInfo.InvariantCulture);
    }
}
