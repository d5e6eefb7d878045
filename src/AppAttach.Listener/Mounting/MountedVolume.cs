using AppAttach.Contracts;
using AppAttach.Listener.Images;

namespace AppAttach.Listener.Mounting;

/// <summary>An image whose volume is mounted at a folder.</summary>
/// <param name="image">The image.</param>
/// <param name="mountPoint">Absolute path without links.</param>
internal sealed class MountedVolume(ImageReference image, string mountPoint) : IMountedImage
{
    /// <inheritdoc/>
    public ImageReference Image { get; } = image;

    /// <inheritdoc/>
    public string MountPoint { get; } = mountPoint;

    /// <inheritdoc/>
    public Stream? OpenFile(string relativePath)
    {
        // NTFS has links too; one that leads out of the volume is no file of it.
        var path = RealPath.Resolve(Path.Combine([MountPoint, .. relativePath.Split('/')]));
        return RealPath.IsBelow(path, MountPoint) && File.Exists(path) ? File.OpenRead(path) : null;
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> ListFolders(string relativePath)
    {
        var path = RealPath.Resolve(Path.Combine([MountPoint, .. relativePath.Split('/')]));
        return RealPath.IsBelow(path, MountPoint) && Directory.Exists(path)
            ? [.. new DirectoryInfo(path).EnumerateDirectories().Where(folder => folder.LinkTarget is null).Select(folder => folder.Name)]
            : [];
    }
}
