using AppAttach.Embedded.Storage;
using Microsoft.Data.Sqlite;

namespace AppAttach.Embedded.Engine;

/// <summary>Writes one step down, inside one transaction: what came in, what was done, and what is to come because of it.</summary>
/// <param name="connection">The connection, in a transaction.</param>
/// <param name="commit">The step.</param>
internal sealed class StepTransaction(SqliteConnection connection, StepCommit commit)
{
    /// <summary>Longest error message kept, in UTF-16 units.</summary>
    public const int MaxErrorMessageLength = 8_192;

    private readonly StepEffects _effects = new();
    private int _sequence = commit.Instance.Sequence;

    private string InstanceId => commit.Instance.InstanceId;

    private string Execution => commit.Instance.Execution;

    /// <summary>Writes it.</summary>
    /// <returns>What to set going after the commit.</returns>
    public StepEffects Write()
    {
        foreach (var message in commit.Messages)
        {
            EngineTables.Delete(connection, InstanceId, message);
        }

        Append(new HistoryEvent(HistoryEventKind.StepStarted, commit.At));
        foreach (var incoming in commit.Incoming)
        {
            Append(incoming);
        }

        foreach (var action in commit.Outcome.Actions)
        {
            Append(action);
            Schedule(action);
        }

        if (commit.Outcome.Continuation is { } continuation)
        {
            DropWaiting();
            ContinueAsNew(continuation);
        }
        else if (commit.Outcome.IsEnded)
        {
            DropWaiting();
            End();
        }
        else
        {
            UpdateInstance(OrchestrationState.Running, failure: null);
        }

        return _effects;
    }

    private void Append(HistoryEvent entry) => EngineTables.AddHistory(connection, InstanceId, _sequence++, entry);

    private void Schedule(HistoryEvent action)
    {
        var task = action.Task!.Value;
        switch (action.Kind)
        {
            case HistoryEventKind.ActivityScheduled:
                connection.Run(
                    "INSERT INTO activities (instance, execution, task, name, input) VALUES (@instance, @execution, @task, @name, @input)",
                    ("@instance", InstanceId),
                    ("@execution", Execution),
                    ("@task", task),
                    ("@name", action.Name),
                    ("@input", action.Payload));
                _effects.Activities.Add(new ActivityWork(InstanceId, Execution, task, action.Name!, action.Payload));
                break;
            case HistoryEventKind.TimerCreated:
                connection.Run(
                    "INSERT INTO timers (instance, execution, task, due) VALUES (@instance, @execution, @task, @due)",
                    ("@instance", InstanceId),
                    ("@execution", Execution),
                    ("@task", task),
                    ("@due", EngineTables.Text(action.Due!.Value)));
                _effects.Timers.Add(new TimerWork(InstanceId, Execution, task, action.Due.Value));
                break;
            case HistoryEventKind.TimerCancelled:
                EngineTables.DeleteTimer(connection, InstanceId, Execution, task);
                _effects.CancelledTimers.Add(new TimerWork(InstanceId, Execution, task, default));
                break;
            default:
                ScheduleSubOrchestration(action, task);
                break;
        }
    }

    private void ScheduleSubOrchestration(HistoryEvent action, int task)
    {
        var child = EngineTables.FindInstance(connection, action.Child!);
        if (child is { State: OrchestrationState.Running } && child.Name != action.Name)
        {
            EngineTables.AddToInbox(connection, InstanceId, Execution, new HistoryEvent(HistoryEventKind.SubOrchestrationFailed, commit.At)
            {
                Task = task,
                ErrorType = typeof(InvalidOperationException).FullName,
                ErrorMessage = $"The instance {child.InstanceId} runs already, as {child.Name} and not as {action.Name}.",
            });
            _effects.Woken.Add(InstanceId);
            return;
        }

        connection.Run(
            "INSERT INTO sub_orchestrations (parent, execution, task, child) VALUES (@parent, @execution, @task, @child)",
            ("@parent", InstanceId),
            ("@execution", Execution),
            ("@task", task),
            ("@child", action.Child));
        if (child is not { State: OrchestrationState.Running })
        {
            // As in Durable Functions an instance that has ended is started anew; one that runs is waited for.
            connection.Run("DELETE FROM history WHERE instance = @instance", ("@instance", action.Child));
            EngineStore.Start(connection, action.Child!, action.Name!, action.Payload, commit.At);
            _effects.Woken.Add(action.Child!);
        }
    }

    private void DropWaiting()
    {
        connection.Run("DELETE FROM timers WHERE instance = @instance", ("@instance", InstanceId));
        connection.Run("DELETE FROM sub_orchestrations WHERE parent = @instance", ("@instance", InstanceId));
    }

    private void ContinueAsNew(Continuation continuation)
    {
        // What arrived during this step stays behind what the old run received and did not use.
        var later = EngineTables.ReadInbox(connection, InstanceId, int.MaxValue);
        connection.Run("DELETE FROM inbox WHERE instance = @instance", ("@instance", InstanceId));
        connection.Run("DELETE FROM history WHERE instance = @instance", ("@instance", InstanceId));
        EngineStore.ContinueAsNew(connection, commit.Instance, continuation.Input, commit.Outcome.CustomStatus, commit.At);
        _effects.Woken.Add(InstanceId);
        foreach (var early in continuation.Events?.Early ?? [])
        {
            EngineTables.AddToInbox(connection, InstanceId, execution: null, early);
        }

        foreach (var message in later.Where(message => message.Execution is null))
        {
            EngineTables.AddToInbox(connection, InstanceId, execution: null, message.Content);
        }
    }

    private void End()
    {
        var outcome = commit.Outcome;
        var failure = outcome.Failure is { } exception ? Describe(exception) : null;
        Append(new HistoryEvent(
            failure is null ? HistoryEventKind.OrchestratorCompleted : HistoryEventKind.OrchestratorFailed, commit.At)
        {
            Payload = outcome.Output,
            ErrorType = failure?.ErrorType,
            ErrorMessage = failure?.Message,
        });
        UpdateInstance(failure is null ? OrchestrationState.Completed : OrchestrationState.Failed, failure);
        connection.Run("DELETE FROM inbox WHERE instance = @instance", ("@instance", InstanceId));
        TellParents(failure);
    }

    private void TellParents(OrchestrationFailure? failure)
    {
        var kind = failure is null ? HistoryEventKind.SubOrchestrationCompleted : HistoryEventKind.SubOrchestrationFailed;
        var parents = connection.Rows(
            "SELECT parent, execution, task FROM sub_orchestrations WHERE child = @child",
            row => (Parent: row.GetString(0), Execution: row.GetString(1), Task: row.GetInt32(2)),
            ("@child", InstanceId));
        foreach (var (parent, execution, task) in parents)
        {
            EngineTables.AddToInbox(connection, parent, execution, new HistoryEvent(kind, commit.At)
            {
                Task = task,
                Payload = commit.Outcome.Output,
                ErrorType = failure?.ErrorType,
                ErrorMessage = failure?.Message,
            });
            _effects.Woken.Add(parent);
        }

        connection.Run("DELETE FROM sub_orchestrations WHERE child = @child", ("@child", InstanceId));
    }

    private void UpdateInstance(OrchestrationState state, OrchestrationFailure? failure) =>
        connection.Run(
            """
            UPDATE instances SET state = @state, updated = @at, sequence = @sequence, custom_status = @custom_status,
                output = @output, error_type = @error_type, error_message = @error_message
            WHERE instance = @instance
            """,
            ("@state", state.ToString()),
            ("@at", EngineTables.Text(commit.At)),
            ("@sequence", _sequence),
            ("@custom_status", commit.Outcome.CustomStatus),
            ("@output", commit.Outcome.Output),
            ("@error_type", failure?.ErrorType),
            ("@error_message", failure?.Message),
            ("@instance", InstanceId));

    private static OrchestrationFailure Describe(Exception exception) =>
        new(exception.GetType().FullName!, Shorten(exception.Message));

    /// <summary>Cuts an error message that is too long for a history.</summary>
    /// <param name="message">The message.</param>
    /// <returns>Its beginning.</returns>
    public static string Shorten(string message) => message.Length <= MaxErrorMessageLength ? message : message[..MaxErrorMessageLength];
}
