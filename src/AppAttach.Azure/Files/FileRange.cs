namespace AppAttach.Azure.Files;

/// <summary>Bytes of a file.</summary>
/// <param name="Start">Offset of the first byte.</param>
/// <param name="End">Offset of the last byte, as in the header <c>x-ms-range</c>.</param>
internal readonly record struct FileRange(long Start, long End)
{
    /// <summary>How many bytes there are.</summary>
    public long Length => End - Start + 1;

    /// <summary>A range of the same length.</summary>
    /// <param name="start">Offset of its first byte.</param>
    public FileRange MovedTo(long start) => new(start, start + Length - 1);

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"bytes={Start}-{End}");
}
