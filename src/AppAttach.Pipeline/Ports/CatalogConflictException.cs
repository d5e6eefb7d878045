namespace AppAttach.Pipeline.Ports;

/// <summary>Someone else wrote the document first: read it again and decide anew.</summary>
/// <param name="kind">The document's kind.</param>
/// <param name="key">The document's key.</param>
/// <param name="innerException">What was caught, if anything.</param>
public sealed class CatalogConflictException(string kind, string key, Exception? innerException = null)
    : Exception($"The document {kind}/{key} was written by someone else in between.", innerException);
