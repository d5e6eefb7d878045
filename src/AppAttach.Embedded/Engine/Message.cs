namespace AppAttach.Embedded.Engine;

/// <summary>Something that came in for an instance and has not been part of a step yet.</summary>
/// <param name="InboxId">Its row in the inbox; null: an activity's or a timer's row stands for it until the step is committed.</param>
/// <param name="Execution">The run that it is for; null: whichever runs.</param>
/// <param name="Content">What came in.</param>
internal sealed record Message(long? InboxId, string? Execution, HistoryEvent Content);
