namespace AppAttach.Pipeline.Catalog;

/// <summary>An image in the hub.</summary>
/// <param name="Name">Its file name.</param>
/// <param name="Digest">SHA-256 of the file, 64 lower-case hexadecimal digits.</param>
/// <param name="SizeBytes">Length of the file, in bytes.</param>
/// <param name="Format">Disk format: <c>vhdx</c>.</param>
/// <param name="RootFolder">Folder of the volume that holds the package folder.</param>
/// <param name="FileCount">Number of files in it.</param>
/// <param name="ContentBytes">Sum of the files' sizes, in bytes.</param>
/// <param name="Manifest">Name of its manifest in the hub; null for an image that was made without.</param>
public sealed record ImageDescription(
    string Name,
    string Digest,
    long SizeBytes,
    string Format,
    string RootFolder,
    int FileCount,
    long ContentBytes,
    string? Manifest = null);
