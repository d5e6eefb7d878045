using AppAttach.Embedded.Storage;
using Microsoft.Data.Sqlite;

namespace AppAttach.Embedded.Bus.Store;

/// <summary>Entities and rules, within one transaction.</summary>
/// <param name="connection">The transaction's connection.</param>
internal sealed class EntityTable(SqliteConnection connection)
{
    private const string Select = """
        SELECT e.id, e.path, e.kind, e.parent_id, e.lock_duration, e.max_delivery_count, e.default_time_to_live,
               e.dead_letter_on_expiry, e.duplicate_window,
               (SELECT d.id FROM entities d WHERE d.parent_id = e.id AND d.kind = 3)
        FROM entities e
        """;

    /// <summary>Finds an entity by its path.</summary>
    /// <param name="path">The path; case does not matter.</param>
    /// <returns>The entity.</returns>
    /// <exception cref="BusException">There is none.</exception>
    public BusEntity Get(string path) =>
        Find(path) ?? throw new BusException(BusError.EntityUnknown, $"There is no entity \"{path}\".");

    /// <summary>Finds an entity by its path.</summary>
    /// <param name="path">The path; case does not matter.</param>
    /// <returns>The entity or null.</returns>
    public BusEntity? Find(string path) => connection.Rows(Select + " WHERE e.path = @path", Read, ("@path", path)).SingleOrDefault();

    /// <summary>Finds an entity by its row.</summary>
    /// <param name="id">The row.</param>
    /// <returns>The entity.</returns>
    public BusEntity Get(long id) => connection.Rows(Select + " WHERE e.id = @id", Read, ("@id", id)).Single();

    /// <summary>The dead-letter queues that hold a message, or whose owner does.</summary>
    /// <returns>The entities, by path.</returns>
    public List<BusEntity> DeadLetterQueuesInUse() => connection.Rows(
        Select + """
         WHERE e.kind = 3 AND (e.id IN (SELECT entity_id FROM messages) OR e.parent_id IN (SELECT entity_id FROM messages))
        ORDER BY e.path
        """,
        Read);

    /// <summary>Makes an entity, or gives an existing one these settings.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="kind">What it is.</param>
    /// <param name="parentId">Topic of a subscription, owner of a dead-letter queue.</param>
    /// <param name="settings">Its settings.</param>
    /// <returns>The entity.</returns>
    /// <exception cref="ArgumentException">The path is taken by an entity of another kind.</exception>
    public BusEntity Ensure(string path, BusEntityKind kind, long? parentId, BusEntitySettings settings)
    {
        connection.Run(
            """
            INSERT INTO entities (path, kind, parent_id, lock_duration, max_delivery_count, default_time_to_live, dead_letter_on_expiry, duplicate_window)
            VALUES (@path, @kind, @parent, @lock, @max, @ttl, @expiry, @window)
            ON CONFLICT (path) DO UPDATE SET lock_duration = @lock, max_delivery_count = @max, default_time_to_live = @ttl,
                dead_letter_on_expiry = @expiry, duplicate_window = @window WHERE kind = @kind
            """,
            ("@path", path),
            ("@kind", (int)kind),
            ("@parent", parentId),
            ("@lock", settings.LockDuration.Ticks),
            ("@max", settings.MaxDeliveryCount),
            ("@ttl", settings.DefaultTimeToLive?.Ticks),
            ("@expiry", settings.DeadLetterOnExpiry ? 1 : 0),
            ("@window", settings.DuplicateDetectionWindow?.Ticks));
        var entity = Get(path);
        return entity.Kind == kind
            ? entity
            : throw new ArgumentException($"\"{path}\" exists and is a {entity.Kind}; a {kind} was asked for.", nameof(path));
    }

    /// <summary>Removes an entity with its messages, rules and dead letters.</summary>
    /// <param name="id">The entity.</param>
    public void Delete(long id) => connection.Run("DELETE FROM entities WHERE id = @id", ("@id", id));

    /// <summary>Replaces the rules of a subscription.</summary>
    /// <param name="subscriptionId">The subscription.</param>
    /// <param name="filters">One rule each.</param>
    public void SetRules(long subscriptionId, IReadOnlyList<BusFilter> filters)
    {
        connection.Run("DELETE FROM rules WHERE subscription_id = @id", ("@id", subscriptionId));
        for (var i = 0; i < filters.Count; i++)
        {
            connection.Run(
                "INSERT INTO rules VALUES (@id, @name, @property, @value, @to, @correlation, @label)",
                ("@id", subscriptionId),
                ("@name", "rule-" + i.ToString(System.Globalization.CultureInfo.InvariantCulture)),
                ("@property", filters[i].Property),
                ("@value", filters[i].PropertyValue),
                ("@to", filters[i].To),
                ("@correlation", filters[i].CorrelationId),
                ("@label", filters[i].Label));
        }
    }

    /// <summary>The subscriptions of a topic that a message is for. A topic has one for each host, so they are found by what their rules ask for.</summary>
    /// <param name="topicId">The topic.</param>
    /// <param name="message">The message.</param>
    /// <returns>The subscriptions, each once.</returns>
    public List<long> FindSubscriptions(long topicId, BusMessage message) =>
    [
        .. message.Properties.Values.OfType<string>().Append(null).Distinct()
            .SelectMany(value => Rules(topicId, value))
            .Where(rule => rule.Filter.Matches(message))
            .Select(rule => rule.SubscriptionId)
            .Distinct(),
    ];

    // CROSS JOIN: SQLite keeps that order. Left to itself it begins with the topic's subscriptions, all of them for each message.
    private List<(long SubscriptionId, BusFilter Filter)> Rules(long topicId, string? propertyValue) => connection.Rows(
        """
        SELECT r.subscription_id, r.property, r.property_value, r.to_address, r.correlation_id, r.label
        FROM rules r CROSS JOIN entities s ON s.id = r.subscription_id WHERE r.property_value IS @value AND s.parent_id = @topic AND s.kind = 2
        """,
        static reader => (reader.GetInt64(0), new BusFilter
        {
            Property = reader.TextOrNull(1), PropertyValue = reader.TextOrNull(2), To = reader.TextOrNull(3),
            CorrelationId = reader.TextOrNull(4), Label = reader.TextOrNull(5),
        }),
        ("@value", propertyValue),
        ("@topic", topicId));

    /// <summary>The next sequence number of an entity.</summary>
    /// <param name="id">The entity.</param>
    /// <returns>A number that was never given before, from 1.</returns>
    public long NextSequence(long id) =>
        connection.Number("UPDATE entities SET last_sequence = last_sequence + 1 WHERE id = @id RETURNING last_sequence", ("@id", id))
        ?? throw new BusException(BusError.EntityUnknown, "The entity was deleted.");

    private static BusEntity Read(SqliteDataReader reader) => new(
        reader.GetInt64(0),
        reader.GetString(1),
        (BusEntityKind)reader.GetInt32(2),
        reader.NumberOrNull(3),
        reader.NumberOrNull(9),
        new BusEntitySettings
        {
            LockDuration = TimeSpan.FromTicks(reader.GetInt64(4)),
            MaxDeliveryCount = reader.GetInt32(5),
            DefaultTimeToLive = reader.NumberOrNull(6) is { } ttl ? TimeSpan.FromTicks(ttl) : null,
            DeadLetterOnExpiry = reader.GetInt32(7) != 0,
            DuplicateDetectionWindow = reader.NumberOrNull(8) is { } window ? TimeSpan.FromTicks(window) : null,
        });
}
