namespace AppAttach.Api.Changes;

/// <summary>What changed in the catalog since the notice before.</summary>
/// <param name="IsReset">Whether more changed than is remembered: whoever keeps anything reads it again.</param>
/// <param name="Changes">The changes, a kind each.</param>
public sealed record ChangeNotice(bool IsReset, IReadOnlyList<KindChange> Changes);

/// <summary>What changed of one kind.</summary>
/// <param name="Kind">The kind of documents, such as <c>hosts</c>.</param>
/// <param name="Count">How many documents changed.</param>
/// <param name="Keys">Their keys, 50 at most.</param>
public sealed record KindChange(string Kind, int Count, IReadOnlyList<string> Keys);
