using System.Globalization;
using AppAttach.Embedded.Storage;
using Microsoft.Data.Sqlite;

namespace AppAttach.Embedded.Engine;

/// <summary>Rows of the engine's tables, written and read. Each method is one statement inside the caller's transaction.</summary>
internal static class EngineTables
{
    /// <summary>A time as the tables have it.</summary>
    /// <param name="time">The time, UTC.</param>
    /// <returns>Its text.</returns>
    public static string Text(DateTime time) => time.ToString("O", CultureInfo.InvariantCulture);

    /// <summary>A time out of a table.</summary>
    /// <param name="text">Its text.</param>
    /// <returns>The time, UTC.</returns>
    public static DateTime Time(string text) =>
        DateTime.ParseExact(text, "O", CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind);

    /// <summary>Adds an instance that runs, or makes an ended one run anew.</summary>
    public static void PutRunning(SqliteConnection connection, string instanceId, string execution, string name, string? input, DateTime at) =>
        connection.Run(
            """
            INSERT INTO instances (instance, execution, name, state, created, updated, sequence, input)
            VALUES (@instance, @execution, @name, @state, @at, @at, 0, @input)
            ON CONFLICT (instance) DO UPDATE SET execution = @execution, name = @name, state = @state, created = @at, updated = @at,
                sequence = 0, input = @input, output = NULL, custom_status = NULL, error_type = NULL, error_message = NULL
            """,
            ("@instance", instanceId),
            ("@execution", execution),
            ("@name", name),
            ("@state", nameof(OrchestrationState.Running)),
            ("@at", Text(at)),
            ("@input", input));

    /// <summary>Makes an instance's next run the one that counts.</summary>
    public static void PutNextRun(
        SqliteConnection connection, string instanceId, string execution, string? input, string? customStatus, DateTime at) =>
        connection.Run(
            """
            UPDATE instances SET execution = @execution, updated = @at, sequence = 0, input = @input, custom_status = @custom_status
            WHERE instance = @instance
            """,
            ("@instance", instanceId),
            ("@execution", execution),
            ("@at", Text(at)),
            ("@input", input),
            ("@custom_status", customStatus));

    /// <summary>Finds an instance.</summary>
    public static InstanceRow? FindInstance(SqliteConnection connection, string instanceId) =>
        connection.Rows(
            "SELECT instance, execution, name, state, custom_status, updated, sequence FROM instances WHERE instance = @instance",
            row => new InstanceRow(
                row.GetString(0),
                row.GetString(1),
                row.GetString(2),
                Enum.Parse<OrchestrationState>(row.GetString(3)),
                row.TextOrNull(4),
                Time(row.GetString(5)),
                row.GetInt32(6)),
            ("@instance", instanceId)).FirstOrDefault();

    /// <summary>Appends an entry to a history.</summary>
    public static void AddHistory(SqliteConnection connection, string instanceId, int sequence, HistoryEvent entry) =>
        connection.Run(
            """
            INSERT INTO history (instance, sequence, kind, at, task, name, payload, child, due, attempt, error_type, error_message)
            VALUES (@instance, @sequence, @kind, @at, @task, @name, @payload, @child, @due, @attempt, @error_type, @error_message)
            """,
            ("@instance", instanceId),
            ("@sequence", sequence),
            ("@kind", entry.Kind.ToString()),
            ("@at", Text(entry.At)),
            ("@task", entry.Task),
            ("@name", entry.Name),
            ("@payload", entry.Payload),
            ("@child", entry.Child),
            ("@due", entry.Due is { } due ? Text(due) : null),
            ("@attempt", entry.Attempt),
            ("@error_type", entry.ErrorType),
            ("@error_message", entry.ErrorMessage));

    /// <summary>Reads a history from its start.</summary>
    public static List<HistoryEvent> ReadHistory(SqliteConnection connection, string instanceId) =>
        connection.Rows(
            """
            SELECT kind, at, task, name, payload, child, due, attempt, error_type, error_message
            FROM history WHERE instance = @instance ORDER BY sequence
            """,
            row => new HistoryEvent(Enum.Parse<HistoryEventKind>(row.GetString(0)), Time(row.GetString(1)))
            {
                Task = row.IsDBNull(2) ? null : row.GetInt32(2),
                Name = row.TextOrNull(3),
                Payload = row.TextOrNull(4),
                Child = row.TextOrNull(5),
                Due = row.TextOrNull(6) is { } due ? Time(due) : null,
                Attempt = row.IsDBNull(7) ? null : row.GetInt32(7),
                ErrorType = row.TextOrNull(8),
                ErrorMessage = row.TextOrNull(9),
            },
            ("@instance", instanceId));

    /// <summary>Puts something into an instance's inbox.</summary>
    public static void AddToInbox(SqliteConnection connection, string instanceId, string? execution, HistoryEvent content) =>
        connection.Run(
            """
            INSERT INTO inbox (instance, execution, kind, at, task, name, payload, error_type, error_message)
            VALUES (@instance, @execution, @kind, @at, @task, @name, @payload, @error_type, @error_message)
            """,
            ("@instance", instanceId),
            ("@execution", execution),
            ("@kind", content.Kind.ToString()),
            ("@at", Text(content.At)),
            ("@task", content.Task),
            ("@name", content.Name),
            ("@payload", content.Payload),
            ("@error_type", content.ErrorType),
            ("@error_message", content.ErrorMessage));

    /// <summary>Reads the beginning of an instance's inbox.</summary>
    public static List<Message> ReadInbox(SqliteConnection connection, string instanceId, int limit) =>
        connection.Rows(
            """
            SELECT id, execution, kind, at, task, name, payload, error_type, error_message
            FROM inbox WHERE instance = @instance ORDER BY id LIMIT @limit
            """,
            row => new Message(
                row.GetInt64(0),
                row.TextOrNull(1),
                new HistoryEvent(Enum.Parse<HistoryEventKind>(row.GetString(2)), Time(row.GetString(3)))
                {
                    Task = row.IsDBNull(4) ? null : row.GetInt32(4),
                    Name = row.TextOrNull(5),
                    Payload = row.TextOrNull(6),
                    ErrorType = row.TextOrNull(7),
                    ErrorMessage = row.TextOrNull(8),
                }),
            ("@instance", instanceId),
            ("@limit", limit));

    /// <summary>Takes what a step has dealt with out of the waiting.</summary>
    public static void Delete(SqliteConnection connection, string instanceId, Message message)
    {
        if (message.InboxId is { } id)
        {
            connection.Run("DELETE FROM inbox WHERE id = @id", ("@id", id));
        }
        else if (message.Content.Kind == HistoryEventKind.TimerFired)
        {
            DeleteTimer(connection, instanceId, message.Execution!, message.Content.Task!.Value);
        }
        else
        {
            connection.Run(
                "DELETE FROM activities WHERE instance = @instance AND execution = @execution AND task = @task",
                ("@instance", instanceId),
                ("@execution", message.Execution),
                ("@task", message.Content.Task));
        }
    }

    /// <summary>Deletes a timer.</summary>
    public static void DeleteTimer(SqliteConnection connection, string instanceId, string execution, int task) =>
        connection.Run(
            "DELETE FROM timers WHERE instance = @instance AND execution = @execution AND task = @task",
            ("@instance", instanceId),
            ("@execution", execution),
            ("@task", task));
}
