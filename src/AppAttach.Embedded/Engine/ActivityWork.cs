namespace AppAttach.Embedded.Engine;

/// <summary>An activity that has to run.</summary>
/// <param name="InstanceId">The instance that called it.</param>
/// <param name="Execution">The run of that instance.</param>
/// <param name="Task">Number of the task in that run.</param>
/// <param name="Name">The activity's name.</param>
/// <param name="Input">Its input as JSON.</param>
internal sealed record ActivityWork(string InstanceId, string Execution, int Task, string Name, string? Input);
