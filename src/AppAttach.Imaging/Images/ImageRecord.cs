namespace AppAttach.Imaging.Images;

/// <summary>What an image is, known when its last byte is written.</summary>
/// <param name="Format">Format of the disk file.</param>
/// <param name="VirtualSizeBytes">Size of the disk that the file stands for, in bytes.</param>
/// <param name="FileLengthBytes">Length of the file, in bytes.</param>
/// <param name="Digest">SHA-256 of the file, 64 hexadecimal digits in lower case.</param>
/// <param name="RootFolder">Folder of the volume that holds the package folders.</param>
/// <param name="FileCount">Number of files of all packages; folders are not counted.</param>
/// <param name="ContentBytes">Size of these files together, in bytes.</param>
/// <param name="Packages">The packages, in the order they were given.</param>
public sealed record ImageRecord(
    ImageFormat Format,
    long VirtualSizeBytes,
    long FileLengthBytes,
    string Digest,
    string RootFolder,
    int FileCount,
    long ContentBytes,
    IReadOnlyList<ImagePackage> Packages);
