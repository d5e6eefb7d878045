using System.Text.Json;
using AppAttach.Pipeline.Orchestration;
using AppAttach.Pipeline.Ports;

namespace AppAttach.Pipeline.Catalog;

/// <summary>Changes a document as one step, again if someone else was faster; and reads all of a kind.</summary>
public static class CatalogUpdates
{
    /// <summary>Attempts before giving up; each lost one means that someone else's write went through.</summary>
    private const int MaximumAttempts = 50;

    /// <summary>All documents of a kind.</summary>
    /// <typeparam name="TDocument">Their type.</typeparam>
    /// <param name="catalog">The catalog.</param>
    /// <param name="kind">The kind.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The documents, in the order of their keys.</returns>
    public static ValueTask<List<TDocument>> ReadAllAsync<TDocument>(this ICatalog catalog, string kind, CancellationToken cancellationToken)
        where TDocument : class => catalog.ListAsync<TDocument>(kind, cancellationToken).Select(entry => entry.Document).ToListAsync(cancellationToken);

    /// <summary>Changes a document, or makes it. A change that leaves it as it is writes nothing.</summary>
    /// <typeparam name="TDocument">Its type.</typeparam>
    /// <param name="catalog">The catalog.</param>
    /// <param name="kind">The document's kind.</param>
    /// <param name="key">The document's key.</param>
    /// <param name="change">Gives the new document from the one that is there, or from null; may run several times. What it throws passes through.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The document as written.</returns>
    /// <exception cref="CatalogConflictException">Others were faster every time.</exception>
    public static async Task<TDocument> UpdateAsync<TDocument>(
        this ICatalog catalog,
        string kind,
        string key,
        Func<TDocument?, TDocument> change,
        CancellationToken cancellationToken)
        where TDocument : class
    {
        for (var attempt = 1; ; attempt++)
        {
            var current = await catalog.ReadAsync<TDocument>(kind, key, cancellationToken);
            var changed = change(current?.Document);
            if (current is not null && IsSame(changed, current.Document))
            {
                return changed;
            }

            try
            {
                await catalog.WriteAsync(kind, key, changed, current?.ETag, cancellationToken);
                return changed;
            }
            catch (CatalogConflictException) when (attempt < MaximumAttempts)
            {
                // Read again what the other one wrote.
            }
        }
    }

    /// <summary>Whether two documents are the same in the catalog. Records with lists are never equal once they have been read.</summary>
    private static bool IsSame<TDocument>(TDocument one, TDocument other)
        where TDocument : class =>
        ReferenceEquals(one, other)
        || JsonSerializer.Serialize(one, OrchestrationJson.Options) == JsonSerializer.Serialize(other, OrchestrationJson.Options);
}
