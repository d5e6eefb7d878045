namespace AppAttach.Api.Ports;

/// <summary>A message that could not be handled.</summary>
/// <param name="Entity">The queue or subscription that it was in.</param>
/// <param name="SequenceNumber">Its place among the dead letters there.</param>
/// <param name="MessageId">Its id.</param>
/// <param name="Reason">Why, as a stable word.</param>
/// <param name="Description">Why, as a sentence.</param>
/// <param name="EnqueuedAt">When it was sent.</param>
/// <param name="Body">Its beginning.</param>
public sealed record DeadLetter(
    string Entity, long SequenceNumber, string? MessageId, string? Reason, string? Description, DateTimeOffset EnqueuedAt, string Body);

/// <summary>Which dead letters to put back.</summary>
/// <param name="Entity">The queue or subscription.</param>
/// <param name="SequenceNumbers">Their places among the dead letters there.</param>
public sealed record DeadLetterReplay(string Entity, IReadOnlyList<long> SequenceNumbers);

/// <summary>How many were put back.</summary>
/// <param name="Count">The number.</param>
public sealed record DeadLetterReplayed(int Count);
