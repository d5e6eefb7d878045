namespace AppAttach.Contracts;

/// <summary>Names one copy of an image as a host sees it.</summary>
/// <param name="Path">Absolute path or UNC path of the image file.</param>
/// <param name="Digest">SHA-256 of the image file, 64 lower-case hexadecimal digits.</param>
/// <param name="SizeBytes">Length of the image file, in bytes.</param>
/// <param name="Format">Disk format: <c>vhdx</c>.</param>
/// <param name="RootFolder">Folder of the volume that holds the package folders, such as <c>apps</c>.</param>
public sealed record ImageReference(string Path, string Digest, long SizeBytes, string Format, string RootFolder);
