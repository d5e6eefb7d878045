using AppAttach.Embedded.Bus.Store;
using AppAttach.Embedded.Storage;

namespace AppAttach.Embedded.Bus;

/// <summary>
/// The bus in the process: queues, topics and subscriptions in one SQLite file. What a method has returned from is committed.
/// Nothing runs on its own: locks end, messages appear and expire when someone looks, and a waiting receiver knows when to look.
/// </summary>
internal sealed class BusBroker : IDisposable
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    private readonly SqliteDatabase _database;
    private readonly BusSignals _signals = new();
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    /// <summary>Opens the bus, making the file if it is not there. One process at a time.</summary>
    /// <param name="path">Path of <c>bus.db</c>; its folder exists.</param>
    /// <param name="time">The clock and its timers.</param>
    /// <param name="logger">Where to log.</param>
    public BusBroker(string path, TimeProvider time, ILogger logger)
    {
        _database = new SqliteDatabase(path, BusSchema.Statements);
        _time = time;
        _logger = logger;
    }

    /// <summary>Makes a queue and its dead-letter queue, or changes the settings of an existing one.</summary>
    /// <param name="name">Its name, see <see cref="BusPath.CheckName"/>.</param>
    /// <param name="settings">Its settings.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>A task that completes when it exists.</returns>
    public async Task EnsureQueueAsync(string name, BusEntitySettings settings, CancellationToken cancellationToken = default)
    {
        BusPath.CheckName(name, BusPath.LongestEntityName);
        settings.Validate();
        await WriteAsync(bus => EnsureHolder(bus, name, BusEntityKind.Queue, null, settings), cancellationToken);
    }

    /// <summary>Makes a topic, or changes the settings of an existing one.</summary>
    /// <param name="name">Its name, see <see cref="BusPath.CheckName"/>.</param>
    /// <param name="settings">Its settings; those about locks and deliveries are its subscriptions' own.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>A task that completes when it exists.</returns>
    public async Task EnsureTopicAsync(string name, BusEntitySettings settings, CancellationToken cancellationToken = default)
    {
        BusPath.CheckName(name, BusPath.LongestEntityName);
        settings.Validate();
        await WriteAsync(bus => bus.Entities.Ensure(name, BusEntityKind.Topic, null, settings), cancellationToken);
    }

    /// <summary>Makes a subscription and its dead-letter queue, or changes settings and rules of an existing one.</summary>
    /// <param name="topic">The topic; it exists.</param>
    /// <param name="name">Its name, see <see cref="BusPath.CheckName"/>.</param>
    /// <param name="filters">Its rules: a message that matches any of them is delivered once.</param>
    /// <param name="settings">Its settings; duplicates are detected at the topic.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>A task that completes when it exists.</returns>
    public async Task EnsureSubscriptionAsync(
        string topic, string name, IReadOnlyList<BusFilter> filters, BusEntitySettings settings, CancellationToken cancellationToken = default)
    {
        BusPath.CheckName(name, BusPath.LongestSubscriptionName);
        settings.Validate();
        await WriteAsync(
            bus =>
            {
                var parent = bus.Entities.Get(topic);
                if (parent.Kind != BusEntityKind.Topic)
                {
                    throw new BusException(BusError.BadRequest, $"\"{topic}\" is not a topic.");
                }

                var id = EnsureHolder(bus, BusPath.OfSubscription(parent.Path, name), BusEntityKind.Subscription, parent.Id, settings);
                bus.Entities.SetRules(id, filters);
                return id;
            },
            cancellationToken);
    }

    /// <summary>Removes a subscription with all it holds; receivers that wait there are told that it is unknown.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="name">The subscription's name.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>True if it was there.</returns>
    public Task<bool> DeleteSubscriptionAsync(string topic, string name, CancellationToken cancellationToken = default) => WriteAsync(
        bus =>
        {
            if (bus.Entities.Find(BusPath.OfSubscription(topic, name)) is not { } subscription)
            {
                return false;
            }

            bus.Entities.Delete(subscription.Id);
            bus.Touch(subscription.Id);
            bus.Touch(subscription.DeadLetterId!.Value);
            return true;
        },
        cancellationToken);

    /// <summary>The dead-letter queues that may hold something. There is one for each host, and nearly all of them are empty.</summary>
    /// <returns>Those that hold a message or whose owner does, which may be about to give it up; by path.</returns>
    public IReadOnlyList<BusEntity> DeadLetterQueuesInUse() => _database.Read(connection => new EntityTable(connection).DeadLetterQueuesInUse());

    /// <summary>Sends messages: all of them or, on an error, none.</summary>
    /// <param name="path">Queue or topic.</param>
    /// <param name="messages">The messages; duplicates are dropped where the entity detects them.</param>
    /// <param name="cancellationToken">Stops waiting for the turn to write.</param>
    /// <returns>A task that completes when they are committed.</returns>
    /// <exception cref="BusException">No such entity, or a message is out of its limits.</exception>
    public async Task SendAsync(string path, IReadOnlyList<BusMessage> messages, CancellationToken cancellationToken = default)
    {
        foreach (var message in messages)
        {
            BusMessageLimits.Check(message);
        }

        await WriteAsync(
            bus =>
            {
                var target = bus.Entities.Get(path);
                if (!target.TakesMessages)
                {
                    throw new BusException(BusError.BadRequest, $"\"{path}\" takes no messages; send to its queue or topic.");
                }

                return messages.Count(message => bus.Messages.Send(target, message));
            },
            cancellationToken);
    }

    /// <summary>Locks the next message, waiting for one.</summary>
    /// <param name="path">Queue, subscription or dead-letter queue.</param>
    /// <param name="timeout">How long to wait; zero: look once.</param>
    /// <param name="cancellationToken">Stops waiting. A message that was locked all the same is still returned.</param>
    /// <returns>The message, locked; null if none came.</returns>
    /// <exception cref="BusException">No such entity.</exception>
    public async Task<BusDelivery?> ReceiveAsync(string path, TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        var started = _time.GetTimestamp();
        while (true)
        {
            var (delivery, signal, next) = await LookAsync(path, cancellationToken);
            var left = timeout - _time.GetElapsedTime(started);
            if (delivery is not null || left <= TimeSpan.Zero)
            {
                return delivery;
            }

            left = left < LongestWait ? left : LongestWait;
            if (next is { } due)
            {
                // A timer may fire a little early; a millisecond more spares a second look.
                var untilChange = due - _time.GetUtcNow() + TimeSpan.FromMilliseconds(1);
                left = untilChange < left ? TimeSpan.FromTicks(Math.Max(untilChange.Ticks, TimeSpan.TicksPerMillisecond)) : left;
            }

            await signal.WaitAsync(left, _time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Removes a locked message: it has been dealt with.</summary>
    /// <param name="path">The entity it was received from.</param>
    /// <param name="lockToken">Its lock.</param>
    /// <param name="messageName">Its id or sequence number, where the caller names it; null: the token is enough.</param>
    /// <param name="cancellationToken">Stops waiting for the turn to write.</param>
    /// <returns>A task that completes when it is gone for good.</returns>
    /// <exception cref="BusException">The lock has ended, or no such entity.</exception>
    public Task CompleteAsync(string path, Guid lockToken, string? messageName = null, CancellationToken cancellationToken = default) =>
        SettleAsync(path, lockToken, messageName, (bus, entity) => bus.Messages.Complete(entity, lockToken), cancellationToken);

    /// <summary>Gives a locked message back; at its last delivery it goes to the dead-letter queue instead.</summary>
    /// <param name="path">The entity it was received from.</param>
    /// <param name="lockToken">Its lock.</param>
    /// <param name="rest">How long nobody is to get it.</param>
    /// <param name="messageName">Its id or sequence number, where the caller names it; null: the token is enough.</param>
    /// <param name="cancellationToken">Stops waiting for the turn to write.</param>
    /// <returns>A task that completes when others can have it.</returns>
    /// <exception cref="BusException">The lock has ended, or no such entity.</exception>
    public async Task AbandonAsync(
        string path, Guid lockToken, TimeSpan rest = default, string? messageName = null, CancellationToken cancellationToken = default)
    {
        var dead = false;
        await SettleAsync(path, lockToken, messageName, (bus, entity) => dead = bus.Messages.Abandon(entity, lockToken, rest), cancellationToken);
        if (dead)
        {
            _logger.DeliveriesUsedUp(path);
        }
    }

    /// <summary>Gives back a message that never reached its receiver; the delivery does not count.</summary>
    /// <param name="path">The entity it was received from.</param>
    /// <param name="lockToken">Its lock.</param>
    /// <returns>A task that completes when others can have it.</returns>
    public Task UndoReceiveAsync(string path, Guid lockToken) =>
        SettleAsync(path, lockToken, null, (bus, entity) => bus.Messages.Undo(entity, lockToken), CancellationToken.None);

    /// <summary>Extends a lock to one lock duration from now; the token stays.</summary>
    /// <param name="path">The entity it was received from.</param>
    /// <param name="lockToken">The lock.</param>
    /// <param name="messageName">Its id or sequence number, where the caller names it; null: the token is enough.</param>
    /// <param name="cancellationToken">Stops waiting for the turn to write.</param>
    /// <returns>When the lock now ends.</returns>
    /// <exception cref="BusException">The lock has ended, or no such entity.</exception>
    public async Task<DateTimeOffset> RenewAsync(
        string path, Guid lockToken, string? messageName = null, CancellationToken cancellationToken = default)
    {
        DateTimeOffset until = default;
        await SettleAsync(path, lockToken, messageName, (bus, entity) => until = bus.Messages.Renew(entity, lockToken), cancellationToken);
        return until;
    }

    /// <summary>Moves a locked message to the dead-letter queue. The REST API cannot do this.</summary>
    /// <param name="path">The entity it was received from.</param>
    /// <param name="lockToken">Its lock.</param>
    /// <param name="reason">A short, stable word.</param>
    /// <param name="description">A sentence for people.</param>
    /// <param name="cancellationToken">Stops waiting for the turn to write.</param>
    /// <returns>A task that completes when it is moved.</returns>
    /// <exception cref="BusException">The lock has ended, or no such entity.</exception>
    public async Task DeadLetterAsync(
        string path, Guid lockToken, string reason, string description, CancellationToken cancellationToken = default)
    {
        await SettleAsync(path, lockToken, null, (bus, entity) => bus.Messages.DeadLetter(entity, lockToken, reason, description), cancellationToken);
        _logger.MessageDeadLettered(path, reason, description);
    }

    /// <summary>Looks at messages in any state without locking them.</summary>
    /// <param name="path">Queue, subscription or dead-letter queue.</param>
    /// <param name="limit">At most so many.</param>
    /// <param name="fromSequence">The first sequence number of interest.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The messages by sequence number.</returns>
    /// <exception cref="BusException">No such entity.</exception>
    public Task<List<BusDelivery>> PeekAsync(string path, int limit, long fromSequence = 1, CancellationToken cancellationToken = default) =>
        WriteAsync(bus => bus.Messages.Peek(bus.Open(path), fromSequence, limit), cancellationToken);

    /// <summary>Puts dead letters back where they came from, and records who did it and when.</summary>
    /// <param name="ownerPath">The queue or subscription whose dead letters they are.</param>
    /// <param name="sequenceNumbers">Their sequence numbers in the dead-letter queue.</param>
    /// <param name="replayedBy">Who asks.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>How many were there and put back; those that a receiver holds are left.</returns>
    /// <exception cref="BusException">No such entity.</exception>
    public async Task<int> ReplayDeadLettersAsync(
        string ownerPath, IReadOnlyList<long> sequenceNumbers, string replayedBy, CancellationToken cancellationToken = default)
    {
        var count = await WriteAsync(
            bus =>
            {
                var deadLetters = bus.Open(BusPath.OfDeadLetters(ownerPath));
                var owner = bus.Entities.Get(deadLetters.ParentId!.Value);
                return sequenceNumbers.Count(sequence => bus.Messages.Replay(deadLetters, owner, sequence, replayedBy));
            },
            cancellationToken);
        _logger.DeadLettersReplayed(ownerPath, count, replayedBy);
        return count;
    }

    /// <inheritdoc/>
    public void Dispose() => _database.Dispose();

    private static long EnsureHolder(BusTransaction bus, string path, BusEntityKind kind, long? parentId, BusEntitySettings settings)
    {
        var entity = bus.Entities.Ensure(path, kind, parentId, settings);
        bus.Entities.Ensure(
            BusPath.OfDeadLetters(entity.Path),
            BusEntityKind.DeadLetterQueue,
            entity.Id,
            new BusEntitySettings { LockDuration = settings.LockDuration });
        return entity.Id;
    }

    private Task<(BusDelivery? Delivery, Task Signal, DateTimeOffset? Next)> LookAsync(string path, CancellationToken cancellationToken) => WriteAsync(
        bus =>
        {
            var entity = bus.Open(path);
            var signal = _signals.Next(entity.Id);
            var delivery = bus.Messages.LockNext(entity);
            return (delivery, signal, delivery is null ? bus.NextChange(entity) : null);
        },
        cancellationToken);

    private Task SettleAsync(
        string path, Guid lockToken, string? messageName, Action<BusTransaction, BusEntity> settle, CancellationToken cancellationToken) => WriteAsync(
        bus =>
        {
            var entity = bus.Open(path);
            if (messageName is not null)
            {
                bus.Messages.RequireLockOn(entity, lockToken, messageName);
            }

            settle(bus, entity);
            return true;
        },
        cancellationToken);

    private async Task<TResult> WriteAsync<TResult>(Func<BusTransaction, TResult> work, CancellationToken cancellationToken)
    {
        var (result, changed) = await _database.WriteAsync(
            connection =>
            {
                var bus = new BusTransaction(connection, _time.GetUtcNow());
                return (work(bus), bus.Changed);
            },
            cancellationToken);
        _signals.Wake(changed);
        return result;
    }
}
