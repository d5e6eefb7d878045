using AppAttach.Contracts;
using AppAttach.Imaging;
using AppAttach.Imaging.Images;
using AppAttach.Listener;
using AppAttach.Listener.Mounting;

namespace AppAttach.Embedded.Mounting;

/// <summary>An image that our own reader has open.</summary>
internal sealed class ManagedMount(ImageReference image, FileStream file, ImageReader reader) : IMountedImage, IDisposable
{
    /// <inheritdoc/>
    public ImageReference Image => image;

    /// <inheritdoc/>
    public string? MountPoint => null;

    /// <inheritdoc/>
    public Stream? OpenFile(string relativePath)
    {
        try
        {
            return reader.Find(relativePath) is { IsFolder: false } ? reader.OpenFile(relativePath) : null;
        }
        catch (Exception e) when (e is InvalidInputException or IOException)
        {
            throw new CommandFailedException(ErrorCodes.MountFailed, $"The image {image.Path} cannot be read: {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> ListFolders(string relativePath)
    {
        try
        {
            return reader.Find(relativePath) is { IsFolder: true }
                ? [.. reader.Enumerate(relativePath).Where(entry => entry.IsFolder).Select(entry => entry.Path)
                    .Where(path => path.LastIndexOf('/') == relativePath.Length).Select(path => path[(relativePath.Length + 1)..])]
                : [];
        }
        catch (Exception e) when (e is InvalidInputException or IOException)
        {
            throw new CommandFailedException(ErrorCodes.MountFailed, $"The image {image.Path} cannot be read: {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();
}
