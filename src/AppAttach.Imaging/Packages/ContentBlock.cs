namespace AppAttach.Imaging.Packages;

/// <summary>A piece of one file's content, inflated and checked against the block map.</summary>
/// <param name="File">The file.</param>
/// <param name="OffsetBytes">Where in the file it stands. Pieces of a file come in order and without gaps.</param>
/// <param name="Bytes">The bytes; valid until the next piece is asked for.</param>
public readonly record struct ContentBlock(PackageFile File, long OffsetBytes, ReadOnlyMemory<byte> Bytes);
