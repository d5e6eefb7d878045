using Microsoft.Data.Sqlite;

namespace AppAttach.Embedded.Bus.Store;

/// <summary>The tables of the bus within one transaction at one moment.</summary>
internal sealed class BusTransaction
{
    private readonly HashSet<long> _changed = [];
    private readonly MessageUpkeep _upkeep;

    /// <summary>Begins.</summary>
    /// <param name="connection">The transaction's connection.</param>
    /// <param name="now">The moment.</param>
    public BusTransaction(SqliteConnection connection, DateTimeOffset now)
    {
        Now = now;
        Entities = new EntityTable(connection);
        Messages = new MessageTable(connection, Entities, now, _changed);
        _upkeep = new MessageUpkeep(connection, Entities, Messages, now, _changed);
    }

    /// <summary>The moment.</summary>
    public DateTimeOffset Now { get; }

    /// <summary>Entities and rules.</summary>
    public EntityTable Entities { get; }

    /// <summary>Messages.</summary>
    public MessageTable Messages { get; }

    /// <summary>Entities whose receivers must look again after the commit.</summary>
    public IReadOnlySet<long> Changed => _changed;

    /// <summary>An entity that holds messages, with all that time asks for done.</summary>
    /// <param name="path">Its path.</param>
    /// <returns>The entity.</returns>
    /// <exception cref="BusException">There is none, or it is a topic.</exception>
    public BusEntity Open(string path)
    {
        var entity = Entities.Get(path);
        if (!entity.HoldsMessages)
        {
            throw new BusException(BusError.BadRequest, $"\"{path}\" is a topic; receive from one of its subscriptions.");
        }

        _upkeep.CatchUp(entity);
        return entity;
    }

    /// <summary>Does all that time asks for.</summary>
    /// <param name="entity">The entity.</param>
    public void CatchUp(BusEntity entity) => _upkeep.CatchUp(entity);

    /// <summary>When an entity that was opened will next change by itself.</summary>
    /// <param name="entity">The entity.</param>
    /// <returns>The time; null if it will not.</returns>
    public DateTimeOffset? NextChange(BusEntity entity) => _upkeep.NextChange(entity);

    /// <summary>Marks an entity as changed.</summary>
    /// <param name="entityId">The entity.</param>
    public void Touch(long entityId) => _changed.Add(entityId);
}
