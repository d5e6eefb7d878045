namespace AppAttach.Embedded.Storage;

/// <summary>A document of the catalog was written or deleted.</summary>
/// <param name="kind">Its kind.</param>
/// <param name="key">Its key.</param>
internal sealed class CatalogChangedEventArgs(string kind, string key) : EventArgs
{
    /// <summary>The document's kind.</summary>
    public string Kind { get; } = kind;

    /// <summary>The document's key.</summary>
    public string Key { get; } = key;
}
