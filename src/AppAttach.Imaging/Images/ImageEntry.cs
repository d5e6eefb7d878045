namespace AppAttach.Imaging.Images;

/// <summary>A file or folder in an image.</summary>
/// <param name="Path">Path from the volume's root, names separated by <c>/</c>.</param>
/// <param name="IsFolder">Whether it is a folder.</param>
/// <param name="SizeBytes">Size of the content; 0 for a folder.</param>
/// <param name="LastWriteTime">When the content was last changed.</param>
public sealed record ImageEntry(string Path, bool IsFolder, long SizeBytes, DateTimeOffset LastWriteTime);
