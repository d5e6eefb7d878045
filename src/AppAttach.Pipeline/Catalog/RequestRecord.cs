using AppAttach.Contracts;

namespace AppAttach.Pipeline.Catalog;

/// <summary>What was asked for, by whom, and what became of it.</summary>
/// <param name="Request">The request.</param>
/// <param name="Reply">The answer; null: it is being worked on.</param>
/// <param name="ReceivedAt">When it came for the first time.</param>
/// <param name="AnsweredAt">When it was answered.</param>
public sealed record RequestRecord(PipelineRequest Request, RequestReply? Reply, DateTimeOffset ReceivedAt, DateTimeOffset? AnsweredAt);
