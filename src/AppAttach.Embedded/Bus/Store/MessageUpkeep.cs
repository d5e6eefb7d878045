using AppAttach.Embedded.Storage;
using Microsoft.Data.Sqlite;

namespace AppAttach.Embedded.Bus.Store;

/// <summary>What the passing of time does to an entity's messages, done whenever the entity is touched, in the same transaction.</summary>
/// <param name="connection">The transaction's connection.</param>
/// <param name="entities">The entities of the same transaction.</param>
/// <param name="messages">The messages of the same transaction.</param>
/// <param name="now">The moment.</param>
/// <param name="changed">Takes the entities whose receivers must look again.</param>
internal sealed class MessageUpkeep(
    SqliteConnection connection, EntityTable entities, MessageTable messages, DateTimeOffset now, ISet<long> changed)
{
    /// <summary>Ends locks, brings scheduled messages out and lets messages expire, up to this moment.</summary>
    /// <param name="entity">The entity.</param>
    public void CatchUp(BusEntity entity)
    {
        if (entity.Kind == BusEntityKind.DeadLetterQueue)
        {
            // What its owner gives up belongs here already.
            CatchUp(entities.Get(entity.ParentId!.Value));
        }

        EndLocks(entity);
        BringOut(entity);
        Expire(entity);
    }

    /// <summary>When the entity will next change by itself.</summary>
    /// <param name="entity">The entity, caught up.</param>
    /// <returns>The time; null if it will not.</returns>
    public DateTimeOffset? NextChange(BusEntity entity)
    {
        var next = Earliest(entity.Id);
        if (entity.Kind == BusEntityKind.DeadLetterQueue)
        {
            var owner = entities.Get(entity.ParentId!.Value);
            next = Sooner(next, Earliest(owner.Id));
            next = owner.Settings.DeadLetterOnExpiry
                ? Sooner(next, connection.Number("SELECT MIN(expires_at) FROM messages WHERE entity_id = @entity AND state = 0", ("@entity", owner.Id)))
                : next;
        }

        return next is { } ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;
    }

    private static long? Sooner(long? one, long? other) => one is null || other < one ? other ?? one : one;

    private long? Earliest(long entityId) => Sooner(
        connection.Number("SELECT MIN(due) FROM messages WHERE entity_id = @entity AND state = 1 AND due IS NOT NULL", ("@entity", entityId)),
        connection.Number("SELECT MIN(due) FROM messages WHERE entity_id = @entity AND state = 2 AND due IS NOT NULL", ("@entity", entityId)));

    private void EndLocks(BusEntity entity)
    {
        foreach (var (id, count) in connection.Rows(
            "SELECT id, delivery_count FROM messages WHERE entity_id = @entity AND state = 2 AND due <= @now ORDER BY sequence",
            static reader => (reader.GetInt64(0), reader.GetInt32(1)),
            ("@entity", entity.Id),
            ("@now", now.UtcTicks)))
        {
            if (entity.DeadLetterId is not null && count >= entity.Settings.MaxDeliveryCount)
            {
                messages.MoveToDeadLetters(
                    entity, id, DeadLetterReasons.MaxDeliveryCountExceeded, DeadLetterReasons.DeliveredTooOften(count));
                continue;
            }

            connection.Run("UPDATE messages SET state = 0, due = NULL, token = NULL WHERE id = @id", ("@id", id));
            changed.Add(entity.Id);
        }
    }

    private void BringOut(BusEntity entity)
    {
        foreach (var id in connection.Rows(
            "SELECT id FROM messages WHERE entity_id = @entity AND state = 1 AND due <= @now ORDER BY due, sequence",
            static reader => reader.GetInt64(0),
            ("@entity", entity.Id),
            ("@now", now.UtcTicks)))
        {
            // A new sequence number: it stands in line as if it had been sent when its time came.
            connection.Run(
                "UPDATE messages SET state = 0, due = NULL, sequence = @sequence WHERE id = @id",
                ("@sequence", entities.NextSequence(entity.Id)),
                ("@id", id));
            changed.Add(entity.Id);
        }
    }

    private void Expire(BusEntity entity)
    {
        foreach (var id in connection.Rows(
            "SELECT id FROM messages WHERE entity_id = @entity AND state = 0 AND expires_at <= @now ORDER BY sequence",
            static reader => reader.GetInt64(0),
            ("@entity", entity.Id),
            ("@now", now.UtcTicks)))
        {
            if (entity is { Settings.DeadLetterOnExpiry: true, DeadLetterId: not null })
            {
                messages.MoveToDeadLetters(entity, id, DeadLetterReasons.TimeToLiveExpired, DeadLetterReasons.Expired);
            }
            else
            {
                connection.Run("DELETE FROM messages WHERE id = @id", ("@id", id));
            }
        }
    }
}
