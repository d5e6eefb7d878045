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
    public void Dispose() => file.Dispose();
}
