using Azure;

namespace AppAttach.Azure.Files;

/// <summary>Bytes of a file.</summary>
/// <param name="Start">Offset of the first byte.</param>
/// <param name="End">Offset of the last byte.</param>
internal readonly record struct FileRange(long Start, long End)
{
    /// <summary>How many bytes there are.</summary>
    public long Length => End - Start + 1;

    /// <summary>As the client of Azure Files wants it.</summary>
    /// <param name="start">Offset of the first byte; null: its own.</param>
    public HttpRange ToHttpRange(long? start = null) => new(start ?? Start, Length);
}
