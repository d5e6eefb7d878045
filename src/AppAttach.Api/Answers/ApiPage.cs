namespace AppAttach.Api.Answers;

/// <summary>A page of a list.</summary>
/// <typeparam name="TItem">Type of the items.</typeparam>
/// <param name="Items">The items.</param>
/// <param name="Total">How many fit the filters in all.</param>
/// <param name="After">The key to ask for the next page with; null: this is the last one.</param>
public sealed record ApiPage<TItem>(IReadOnlyList<TItem> Items, int Total, string? After);
