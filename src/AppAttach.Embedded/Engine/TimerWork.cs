namespace AppAttach.Embedded.Engine;

/// <summary>A timer that has to fire.</summary>
/// <param name="InstanceId">The instance that made it.</param>
/// <param name="Execution">The run of that instance.</param>
/// <param name="Task">Number of the task in that run.</param>
/// <param name="Due">When, UTC.</param>
internal sealed record TimerWork(string InstanceId, string Execution, int Task, DateTime Due);
