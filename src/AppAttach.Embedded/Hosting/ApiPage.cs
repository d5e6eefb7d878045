namespace AppAttach.Embedded.Hosting;

/// <summary>A page of a list.</summary>
/// <typeparam name="TItem">Type of the items.</typeparam>
/// <param name="Items">The items.</param>
/// <param name="Total">How many there are in all.</param>
/// <param name="After">The key to ask for the next page with; null: this is the last one.</param>
internal sealed record ApiPage<TItem>(IReadOnlyList<TItem> Items, int Total, string? After);
