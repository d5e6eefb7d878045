using AppAttach.Imaging.Volumes.Ntfs;

namespace AppAttach.Imaging.Volumes.Reading;

/// <summary>A name in a folder.</summary>
/// <param name="Name">The name.</param>
/// <param name="Reference">The record it names.</param>
/// <param name="FileName">The folder's copy of its FILE_NAME.</param>
internal readonly record struct FolderEntry(string Name, FileReference Reference, FileName FileName);
