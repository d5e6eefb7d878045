namespace AppAttach.Pipeline.Ports;

/// <summary>A document as it was read.</summary>
/// <typeparam name="TDocument">Its type.</typeparam>
/// <param name="Key">Its key.</param>
/// <param name="Document">The document.</param>
/// <param name="ETag">Its ETag at that time.</param>
public sealed record CatalogEntry<TDocument>(string Key, TDocument Document, string ETag)
    where TDocument : class;
