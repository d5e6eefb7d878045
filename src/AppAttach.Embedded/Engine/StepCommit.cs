namespace AppAttach.Embedded.Engine;

/// <summary>A step that has been run and is to be written down.</summary>
/// <param name="Instance">The instance before the step.</param>
/// <param name="At">The step's time, UTC.</param>
/// <param name="Messages">Everything that the step has dealt with, to be taken out of the waiting.</param>
/// <param name="Incoming">The part of it that was for this run.</param>
/// <param name="Outcome">What it led to.</param>
internal sealed record StepCommit(
    InstanceRow Instance, DateTime At, IReadOnlyList<Message> Messages, IReadOnlyList<HistoryEvent> Incoming, StepOutcome Outcome);
