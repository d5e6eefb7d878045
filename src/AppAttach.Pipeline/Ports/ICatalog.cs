namespace AppAttach.Pipeline.Ports;

/// <summary>JSON documents with ETag concurrency, by kind and key; written by activities and message handlers only.</summary>
public interface ICatalog
{
    /// <summary>Reads a document.</summary>
    /// <typeparam name="TDocument">Its type.</typeparam>
    /// <param name="kind">Its kind, one of <see cref="Catalog.DocumentKinds"/>.</param>
    /// <param name="key">Its key within the kind; case matters.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The document with its ETag, or null if there is none.</returns>
    Task<CatalogEntry<TDocument>?> ReadAsync<TDocument>(string kind, string key, CancellationToken cancellationToken)
        where TDocument : class;

    /// <summary>Writes a document whole.</summary>
    /// <typeparam name="TDocument">Its type.</typeparam>
    /// <param name="kind">Its kind.</param>
    /// <param name="key">Its key.</param>
    /// <param name="document">The document.</param>
    /// <param name="etag">ETag that the document must have now; null: it must not exist.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The new ETag.</returns>
    /// <exception cref="CatalogConflictException">It has another ETag, or exists.</exception>
    Task<string> WriteAsync<TDocument>(string kind, string key, TDocument document, string? etag, CancellationToken cancellationToken)
        where TDocument : class;

    /// <summary>All documents of a kind, in the order of their keys.</summary>
    /// <typeparam name="TDocument">Their type.</typeparam>
    /// <param name="kind">The kind.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The documents.</returns>
    IAsyncEnumerable<CatalogEntry<TDocument>> ListAsync<TDocument>(string kind, CancellationToken cancellationToken)
        where TDocument : class;

    /// <summary>Keys and versions of documents, without the documents: whoever keeps some of them sees which to read again.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="prefix">What their keys begin with; empty: all of the kind.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>
    /// The keys, in their order, each with a text that changes with every write of the document. It compares with such texts only: a store may spell
    /// an ETag one way in a list and another way elsewhere.
    /// </returns>
    IAsyncEnumerable<(string Key, string Version)> ListVersionsAsync(string kind, string prefix, CancellationToken cancellationToken);

    /// <summary>Deletes a document; one that is not there is passed over.</summary>
    /// <param name="kind">Its kind.</param>
    /// <param name="key">Its key.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>A task that completes when it is gone.</returns>
    Task DeleteAsync(string kind, string key, CancellationToken cancellationToken);
}
