namespace AppAttach.Imaging.Images;

/// <summary>A file or folder in an image.</summary>
/// <param name="Path">Path from the volume's root, names separated by <c>/</c>.</param>
/// <param name="IsFolder">Whether it is a folder.</param>
/// <param name="SizeBytes">Size of the content; 0 for a folder.</param>
/// <param name="LastWriteTime">When the content was last changed.</param>
/// <param name="IsLink">Whether it is a reparse point, such as a link or a junction; those are not followed, and their content is not read.</param>
public sealed record ImageEntry(string Path, bool IsFolder, long SizeBytes, DateTimeOffset LastWriteTime, bool IsLink);
