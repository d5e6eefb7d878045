using AppAttach.Embedded.Storage;
using Microsoft.Data.Sqlite;

namespace AppAttach.Embedded.Bus.Store;

/// <summary>Messages, within one transaction at one moment: sending, locking and settling. <see cref="MessageUpkeep"/> does what time asks for.</summary>
/// <param name="connection">The transaction's connection.</param>
/// <param name="entities">The entities of the same transaction.</param>
/// <param name="now">The moment.</param>
/// <param name="changed">Takes the entities whose receivers must look again.</param>
internal sealed class MessageTable(SqliteConnection connection, EntityTable entities, DateTimeOffset now, ISet<long> changed)
{
    private const string Columns =
        "id, sequence, enqueued_sequence, enqueued_at, delivery_count, message_id, header, body, token, due, state";

    /// <summary>Adds a message to a queue, or to those subscriptions of a topic that want it, once each.</summary>
    /// <param name="target">Queue or topic.</param>
    /// <param name="message">The message, checked.</param>
    /// <returns>False if it is a duplicate and was dropped.</returns>
    public bool Send(BusEntity target, BusMessage message)
    {
        var messageId = message.MessageId ?? Guid.NewGuid().ToString("N");
        if (IsDuplicate(target, messageId))
        {
            return false;
        }

        var sequence = entities.NextSequence(target.Id);
        if (target.Kind == BusEntityKind.Queue)
        {
            Insert(target, sequence, 0, messageId, message, target.Settings.DefaultTimeToLive);
            return true;
        }

        foreach (var id in entities.FindSubscriptions(target.Id, message))
        {
            Insert(entities.Get(id), entities.NextSequence(id), sequence, messageId, message, target.Settings.DefaultTimeToLive);
        }

        return true;
    }

    /// <summary>Locks the first message that can be received.</summary>
    /// <param name="entity">Where.</param>
    /// <returns>The message or null.</returns>
    public BusDelivery? LockNext(BusEntity entity)
    {
        var delivery = connection.Rows(
            $"""
            UPDATE messages SET state = 2, due = @until, token = @token, delivery_count = delivery_count + 1
            WHERE id = (SELECT id FROM messages WHERE entity_id = @entity AND state = 0 ORDER BY sequence LIMIT 1)
            RETURNING {Columns}
            """,
            reader => Read(reader, entity),
            ("@until", (now + entity.Settings.LockDuration).UtcTicks),
            ("@token", Guid.NewGuid().ToString("D")),
            ("@entity", entity.Id)).SingleOrDefault();
        if (delivery is not null && entity.DeadLetterId is { } deadLetters && delivery.DeliveryCount >= entity.Settings.MaxDeliveryCount)
        {
            // The end of this lock makes a dead letter: who waits there must know when.
            changed.Add(deadLetters);
        }

        return delivery;
    }

    /// <summary>Looks at messages in any state without locking them.</summary>
    /// <param name="entity">Where.</param>
    /// <param name="fromSequence">The first sequence number of interest.</param>
    /// <param name="limit">At most so many.</param>
    /// <returns>The messages by sequence number.</returns>
    public List<BusDelivery> Peek(BusEntity entity, long fromSequence, int limit) => connection.Rows(
        $"SELECT {Columns} FROM messages WHERE entity_id = @entity AND sequence >= @from ORDER BY sequence LIMIT @limit",
        reader => Read(reader, entity) with { LockToken = null, LockedUntil = null },
        ("@entity", entity.Id),
        ("@from", fromSequence),
        ("@limit", limit));

    /// <summary>Removes a locked message.</summary>
    /// <param name="entity">Where.</param>
    /// <param name="token">Its lock.</param>
    public void Complete(BusEntity entity, Guid token) => RequireOne(
        connection.Run(
            "DELETE FROM messages WHERE entity_id = @entity AND token = @token", ("@entity", entity.Id), ("@token", token.ToString("D"))),
        entity,
        token);

    /// <summary>Locks a locked message for one more lock duration from now.</summary>
    /// <param name="entity">Where.</param>
    /// <param name="token">Its lock.</param>
    /// <returns>When the lock ends.</returns>
    public DateTimeOffset Renew(BusEntity entity, Guid token)
    {
        var until = now + entity.Settings.LockDuration;
        RequireOne(
            connection.Run(
                "UPDATE messages SET due = @until WHERE entity_id = @entity AND token = @token",
                ("@until", until.UtcTicks),
                ("@entity", entity.Id),
                ("@token", token.ToString("D"))),
            entity,
            token);
        return until;
    }

    /// <summary>Gives a locked message back, or to the dead-letter queue if it has been delivered often enough.</summary>
    /// <param name="entity">Where.</param>
    /// <param name="token">Its lock.</param>
    /// <param name="rest">How long nobody is to get it; zero: it can be received at once, in its old place.</param>
    /// <returns>True if it went to the dead-letter queue.</returns>
    public bool Abandon(BusEntity entity, Guid token, TimeSpan rest)
    {
        var (id, count) = Locked(entity, token);
        if (entity.DeadLetterId is not null && count >= entity.Settings.MaxDeliveryCount)
        {
            MoveToDeadLetters(entity, id, DeadLetterReasons.MaxDeliveryCountExceeded, DeadLetterReasons.DeliveredTooOften(count));
            return true;
        }

        connection.Run(
            "UPDATE messages SET state = @state, due = @due, token = NULL WHERE id = @id",
            ("@state", rest > TimeSpan.Zero ? BusSchema.Locked : BusSchema.Active),
            ("@due", rest > TimeSpan.Zero ? (now + rest).UtcTicks : null),
            ("@id", id));
        changed.Add(entity.Id);
        return false;
    }

    /// <summary>Gives back a message that its receiver never saw: as if it had not been locked.</summary>
    /// <param name="entity">Where.</param>
    /// <param name="token">Its lock.</param>
    public void Undo(BusEntity entity, Guid token)
    {
        var (id, _) = Locked(entity, token);
        connection.Run(
            "UPDATE messages SET state = 0, due = NULL, token = NULL, delivery_count = delivery_count - 1 WHERE id = @id", ("@id", id));
        changed.Add(entity.Id);
    }

    /// <summary>Moves a locked message to the dead-letter queue.</summary>
    /// <param name="entity">Where.</param>
    /// <param name="token">Its lock.</param>
    /// <param name="reason">A short, stable word.</param>
    /// <param name="description">A sentence for people.</param>
    public void DeadLetter(BusEntity entity, Guid token, string reason, string description) =>
        MoveToDeadLetters(entity, Locked(entity, token).Id, reason, description);

    /// <summary>Checks that a lock is on the message that a request names.</summary>
    /// <param name="entity">Where.</param>
    /// <param name="token">The lock.</param>
    /// <param name="messageIdOrSequence">The message's id, or its sequence number in decimals.</param>
    /// <exception cref="BusException">It is not.</exception>
    public void RequireLockOn(BusEntity entity, Guid token, string messageIdOrSequence) => RequireOne(
        (int)connection.Number(
            """
            SELECT COUNT(*) FROM messages
            WHERE entity_id = @entity AND token = @token AND (message_id = @name OR CAST(sequence AS TEXT) = @name)
            """,
            ("@entity", entity.Id),
            ("@token", token.ToString("D")),
            ("@name", messageIdOrSequence)).GetValueOrDefault(),
        entity,
        token);

    /// <summary>Moves a message to the dead-letter queue of its entity.</summary>
    /// <param name="entity">A queue or subscription.</param>
    /// <param name="id">The message's row.</param>
    /// <param name="reason">A short, stable word.</param>
    /// <param name="description">A sentence for people.</param>
    public void MoveToDeadLetters(BusEntity entity, long id, string reason, string description)
    {
        var deadLetters = entity.DeadLetterId
            ?? throw new BusException(BusError.BadRequest, $"\"{entity.Path}\" has no dead-letter queue.");
        var message = Get(id);
        var properties = new Dictionary<string, object>(message.Properties, StringComparer.OrdinalIgnoreCase)
        {
            [DeadLetterReasons.ReasonProperty] = reason,
            [DeadLetterReasons.DescriptionProperty] = description,
        };
        Move(id, deadLetters, message with { Properties = properties }, null);
    }

    /// <summary>Puts a dead letter back where it came from, with a fresh life and delivery count.</summary>
    /// <param name="deadLetters">The dead-letter queue.</param>
    /// <param name="owner">Its owner.</param>
    /// <param name="sequence">The dead letter's sequence number.</param>
    /// <param name="by">Who asks, for the record.</param>
    /// <returns>False if there is no such dead letter, or a receiver holds it.</returns>
    public bool Replay(BusEntity deadLetters, BusEntity owner, long sequence, string by)
    {
        if (connection.Number(
            "SELECT id FROM messages WHERE entity_id = @entity AND sequence = @sequence AND state = 0",
            ("@entity", deadLetters.Id),
            ("@sequence", sequence)) is not { } id)
        {
            return false;
        }

        var message = Get(id);
        var properties = new Dictionary<string, object>(message.Properties, StringComparer.OrdinalIgnoreCase);
        properties.Remove(DeadLetterReasons.ReasonProperty, out var reason);
        properties.Remove(DeadLetterReasons.DescriptionProperty);
        connection.Run(
            "INSERT INTO replays (entity_path, message_id, reason, replayed_by, replayed_at) VALUES (@path, @message, @reason, @by, @now)",
            ("@path", owner.Path),
            ("@message", message.MessageId),
            ("@reason", reason as string),
            ("@by", by),
            ("@now", now.UtcTicks));
        Move(id, owner.Id, message with { Properties = properties }, Expiry(now, message.TimeToLive, owner.Settings.DefaultTimeToLive));
        return true;
    }

    private static long? Expiry(DateTimeOffset from, params ReadOnlySpan<TimeSpan?> lives)
    {
        var shortest = TimeSpan.MaxValue;
        foreach (var life in lives)
        {
            shortest = life is { } given && given < shortest ? given : shortest;
        }

        // A life that goes beyond the calendar has no end.
        return shortest < DateTimeOffset.MaxValue - from ? (from + shortest).UtcTicks : null;
    }

    private static BusDelivery Read(SqliteDataReader reader, BusEntity entity) => new()
    {
        EntityPath = entity.Path,
        SequenceNumber = reader.GetInt64(1),
        EnqueuedSequenceNumber = reader.GetInt64(2),
        EnqueuedTime = new DateTimeOffset(reader.GetInt64(3), TimeSpan.Zero),
        DeliveryCount = reader.GetInt32(4),
        Message = StoredHeader.Read(reader.GetString(6), reader.GetString(5), reader.GetFieldValue<byte[]>(7)),
        LockToken = reader.TextOrNull(8) is { } token ? Guid.Parse(token) : null,
        LockedUntil = reader.NumberOrNull(9) is { } due ? new DateTimeOffset(due, TimeSpan.Zero) : null,
    };

    private static void RequireOne(int count, BusEntity entity, Guid token)
    {
        if (count != 1)
        {
            throw new BusException(BusError.LockLost, $"No message of \"{entity.Path}\" is locked with the token {token}; its lock may have ended.");
        }
    }

    private (long Id, int DeliveryCount) Locked(BusEntity entity, Guid token)
    {
        var rows = connection.Rows(
            "SELECT id, delivery_count FROM messages WHERE entity_id = @entity AND token = @token",
            static reader => (reader.GetInt64(0), reader.GetInt32(1)),
            ("@entity", entity.Id),
            ("@token", token.ToString("D")));
        RequireOne(rows.Count, entity, token);
        return rows[0];
    }

    private BusMessage Get(long id) => connection.Rows(
        "SELECT message_id, header, body FROM messages WHERE id = @id",
        static reader => StoredHeader.Read(reader.GetString(1), reader.GetString(0), reader.GetFieldValue<byte[]>(2)),
        ("@id", id)).Single();

    private void Move(long id, long entityId, BusMessage message, long? expiresAt)
    {
        connection.Run(
            """
            UPDATE messages SET entity_id = @entity, sequence = @sequence, state = 0, due = NULL, token = NULL, delivery_count = 0,
                expires_at = @expires, header = @header WHERE id = @id
            """,
            ("@entity", entityId),
            ("@sequence", entities.NextSequence(entityId)),
            ("@expires", expiresAt),
            ("@header", StoredHeader.Write(message)),
            ("@id", id));
        changed.Add(entityId);
    }

    private bool IsDuplicate(BusEntity target, string messageId)
    {
        if (target.Settings.DuplicateDetectionWindow is not { } window)
        {
            return false;
        }

        connection.Run(
            "DELETE FROM seen_ids WHERE entity_id = @entity AND seen_at <= @before",
            ("@entity", target.Id),
            ("@before", window.Ticks < now.UtcTicks ? now.UtcTicks - window.Ticks : 0));
        return connection.Run(
            "INSERT INTO seen_ids VALUES (@entity, @id, @now) ON CONFLICT DO NOTHING",
            ("@entity", target.Id),
            ("@id", messageId),
            ("@now", now.UtcTicks)) == 0;
    }

    private void Insert(BusEntity entity, long sequence, long enqueuedSequence, string messageId, BusMessage message, TimeSpan? topicLife)
    {
        var later = message.ScheduledEnqueueTime is { } time && time > now;
        var enqueued = later ? message.ScheduledEnqueueTime!.Value : now;
        connection.Run(
            """
            INSERT INTO messages (entity_id, sequence, enqueued_sequence, state, due, enqueued_at, expires_at, message_id, header, body)
            VALUES (@entity, @sequence, @enqueued, @state, @due, @at, @expires, @message, @header, @body)
            """,
            ("@entity", entity.Id),
            ("@sequence", sequence),
            ("@enqueued", enqueuedSequence),
            ("@state", later ? BusSchema.Scheduled : BusSchema.Active),
            ("@due", later ? enqueued.UtcTicks : null),
            ("@at", enqueued.UtcTicks),
            ("@expires", Expiry(enqueued, message.TimeToLive, entity.Settings.DefaultTimeToLive, topicLife)),
            ("@message", messageId),
            ("@header", StoredHeader.Write(message)),
            ("@body", message.Body));
        changed.Add(entity.Id);
        if (entity is { DeadLetterId: { } deadLetters, Settings.DeadLetterOnExpiry: true })
        {
            // Its expiry makes a dead letter: who waits there must know when.
            changed.Add(deadLetters);
        }
    }
}
