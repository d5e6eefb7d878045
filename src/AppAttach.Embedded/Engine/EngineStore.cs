using System.Globalization;
using AppAttach.Embedded.Storage;
using Microsoft.Data.Sqlite;

namespace AppAttach.Embedded.Engine;

/// <summary>The engine's transactions. Everything that changes its file happens here.</summary>
internal sealed class EngineStore : IDisposable
{
    private readonly SqliteDatabase _database;
    private readonly ITransactionObserver? _observer;

    /// <summary>Opens the file, making it if it is not there.</summary>
    /// <param name="path">Path of the file; its folder exists.</param>
    /// <param name="observer">Sees each transaction; null in production.</param>
    public EngineStore(string path, ITransactionObserver? observer)
    {
        _database = new SqliteDatabase(path, EngineSchema.Statements);
        _observer = observer;
    }

    /// <summary>Starts an instance inside the caller's transaction.</summary>
    /// <param name="connection">The connection, in a transaction.</param>
    /// <param name="instanceId">The instance; it has no history.</param>
    /// <param name="name">The orchestrator's name.</param>
    /// <param name="input">Its input as JSON.</param>
    /// <param name="at">When, UTC.</param>
    public static void Start(SqliteConnection connection, string instanceId, string name, string? input, DateTime at)
    {
        var execution = NewExecution();
        EngineTables.PutRunning(connection, instanceId, execution, name, input, at);
        AddStart(connection, instanceId, execution, name, input, at);
    }

    /// <summary>Starts a new run of an instance that runs, inside the caller's transaction. When it was created stays.</summary>
    /// <param name="connection">The connection, in a transaction.</param>
    /// <param name="instance">The instance; it has no history any more.</param>
    /// <param name="input">The new run's input as JSON.</param>
    /// <param name="customStatus">The custom status as JSON, which stays.</param>
    /// <param name="at">When, UTC.</param>
    public static void ContinueAsNew(SqliteConnection connection, InstanceRow instance, string? input, string? customStatus, DateTime at)
    {
        var execution = NewExecution();
        EngineTables.PutNextRun(connection, instance.InstanceId, execution, input, customStatus, at);
        AddStart(connection, instance.InstanceId, execution, instance.Name, input, at);
    }

    /// <summary>Starts an instance unless there is one of that id.</summary>
    /// <param name="instanceId">The instance.</param>
    /// <param name="name">The orchestrator's name.</param>
    /// <param name="input">Its input as JSON.</param>
    /// <param name="at">When, UTC.</param>
    /// <param name="cancellationToken">Stops waiting for the turn.</param>
    /// <returns>Whether it was started.</returns>
    public Task<bool> StartAsync(string instanceId, string name, string? input, DateTime at, CancellationToken cancellationToken) =>
        WriteAsync("start", connection =>
        {
            if (EngineTables.FindInstance(connection, instanceId) is not null)
            {
                return false;
            }

            Start(connection, instanceId, name, input, at);
            return true;
        }, cancellationToken);

    /// <summary>Keeps an external event for an instance that runs.</summary>
    /// <param name="instanceId">The instance.</param>
    /// <param name="name">The event's name.</param>
    /// <param name="payload">Its content as JSON.</param>
    /// <param name="at">When, UTC.</param>
    /// <param name="cancellationToken">Stops waiting for the turn.</param>
    /// <returns>Whether the instance runs.</returns>
    public Task<bool> RaiseAsync(string instanceId, string name, string? payload, DateTime at, CancellationToken cancellationToken) =>
        WriteAsync("raise", connection =>
        {
            if (EngineTables.FindInstance(connection, instanceId) is not { State: OrchestrationState.Running })
            {
                return false;
            }

            EngineTables.AddToInbox(
                connection, instanceId, execution: null, new HistoryEvent(HistoryEventKind.EventRaised, at) { Name = name, Payload = payload });
            return true;
        }, cancellationToken);

    /// <summary>Writes a step down.</summary>
    /// <param name="commit">The step.</param>
    /// <returns>What to set going.</returns>
    public Task<StepEffects> CommitAsync(StepCommit commit) =>
        WriteAsync("step", connection => new StepTransaction(connection, commit).Write(), CancellationToken.None);

    /// <summary>Takes out of the waiting what is for nobody: its instance has ended, or that run of it.</summary>
    /// <param name="instanceId">The instance.</param>
    /// <param name="messages">What is for nobody.</param>
    /// <returns>How many there were.</returns>
    public Task<int> DiscardAsync(string instanceId, IReadOnlyList<Message> messages) =>
        WriteAsync("discard", connection =>
        {
            foreach (var message in messages)
            {
                EngineTables.Delete(connection, instanceId, message);
            }

            return messages.Count;
        }, CancellationToken.None);

    /// <summary>Deletes instances that have ended, with all that belongs to them.</summary>
    /// <param name="endedBefore">Those whose last step was before this time, UTC.</param>
    /// <param name="cancellationToken">Stops waiting for the turn.</param>
    /// <returns>How many were deleted.</returns>
    public Task<int> PurgeAsync(DateTime endedBefore, CancellationToken cancellationToken) =>
        WriteAsync("purge", connection =>
        {
            var instances = connection.Rows(
                "SELECT instance FROM instances WHERE state <> @running AND updated < @before",
                row => row.GetString(0),
                ("@running", nameof(OrchestrationState.Running)),
                ("@before", EngineTables.Text(endedBefore)));
            foreach (var instance in instances)
            {
                connection.Run("DELETE FROM history WHERE instance = @instance", ("@instance", instance));
                connection.Run("DELETE FROM activities WHERE instance = @instance", ("@instance", instance));
                connection.Run("DELETE FROM instances WHERE instance = @instance", ("@instance", instance));
            }

            return instances.Count;
        }, cancellationToken);

    /// <summary>Reads an instance and what has come in for it.</summary>
    /// <param name="instanceId">The instance.</param>
    /// <param name="limit">How much of what has come in at most.</param>
    /// <returns>The instance, null if there is none, and the messages in order.</returns>
    public (InstanceRow? Instance, List<Message> Inbox) ReadInstance(string instanceId, int limit) =>
        _database.Read(connection => (EngineTables.FindInstance(connection, instanceId), EngineTables.ReadInbox(connection, instanceId, limit)));

    /// <summary>Reads a history from its start.</summary>
    /// <param name="instanceId">The instance.</param>
    /// <returns>Its history; empty if there is none.</returns>
    public List<HistoryEvent> ReadHistory(string instanceId) =>
        _database.Read(connection => EngineTables.ReadHistory(connection, instanceId));

    /// <summary>Instances with something in their inbox.</summary>
    /// <returns>Their ids, longest waiting first.</returns>
    public List<string> ReadWoken() => _database.Read(connection =>
        connection.Rows("SELECT instance FROM inbox GROUP BY instance ORDER BY MIN(id)", row => row.GetString(0)));

    /// <summary>Activities that have to run.</summary>
    /// <returns>The activities, in the order in which they were scheduled.</returns>
    public List<ActivityWork> ReadActivities() => _database.Read(connection => connection.Rows(
        "SELECT instance, execution, task, name, input FROM activities ORDER BY rowid",
        row => new ActivityWork(row.GetString(0), row.GetString(1), row.GetInt32(2), row.GetString(3), row.TextOrNull(4))));

    /// <summary>Timers that have to fire.</summary>
    /// <returns>The timers.</returns>
    public List<TimerWork> ReadTimers() => _database.Read(connection => connection.Rows(
        "SELECT instance, execution, task, due FROM timers",
        row => new TimerWork(row.GetString(0), row.GetString(1), row.GetInt32(2), EngineTables.Time(row.GetString(3)))));

    /// <summary>Reads the status of one instance or of all.</summary>
    /// <param name="instanceId">The instance; null: all.</param>
    /// <returns>The status of each, oldest first.</returns>
    public List<OrchestrationStatus> ReadStatus(string? instanceId) => _database.Read(connection => connection.Rows(
        """
        SELECT instance, name, state, created, updated, input, output, custom_status, error_type, error_message
        FROM instances WHERE @instance IS NULL OR instance = @instance ORDER BY created, instance
        """,
        row => new OrchestrationStatus(
            row.GetString(0),
            row.GetString(1),
            Enum.Parse<OrchestrationState>(row.GetString(2)),
            EngineTables.Time(row.GetString(3)),
            EngineTables.Time(row.GetString(4)),
            row.TextOrNull(5),
            row.TextOrNull(6),
            row.TextOrNull(7),
            row.TextOrNull(8) is { } errorType ? new OrchestrationFailure(errorType, row.TextOrNull(9) ?? "") : null),
        ("@instance", instanceId)));

    /// <inheritdoc/>
    public void Dispose() => _database.Dispose();

    private static string NewExecution() => Guid.CreateVersion7().ToString("N", CultureInfo.InvariantCulture);

    private static void AddStart(
        SqliteConnection connection, string instanceId, string execution, string name, string? input, DateTime at) =>
        EngineTables.AddToInbox(
            connection, instanceId, execution, new HistoryEvent(HistoryEventKind.OrchestratorStarted, at) { Name = name, Payload = input });

    private async Task<TResult> WriteAsync<TResult>(
        string transaction, Func<SqliteConnection, TResult> work, CancellationToken cancellationToken)
    {
        _observer?.Before(transaction);
        var result = await _database.WriteAsync(work, cancellationToken);
        _observer?.After(transaction);
        return result;
    }
}
