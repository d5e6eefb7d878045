using AppAttach.Contracts;
using AppAttach.Imaging;
using AppAttach.Imaging.Images;
using AppAttach.Listener;
using AppAttach.Listener.Mounting;

namespace AppAttach.Embedded.Mounting;

/// <summary>
/// Opens images with our own reader, for machines without FUSE. No other program sees the files; what it proves is that the image
/// holds the package. A mount lasts as long as this process, and a listener that starts again mounts again.
/// </summary>
internal sealed class ManagedImageMounter : IImageMounter
{
    private readonly Dictionary<string, ManagedMount> _mounts = [];

    /// <inheritdoc/>
    public string Name => "managed";

    /// <inheritdoc/>
    public Task<IMountedImage> MountAsync(ImageReference image, CancellationToken cancellationToken)
    {
        if (!_mounts.TryGetValue(image.Digest, out var mount))
        {
            mount = Open(image);
            _mounts.Add(image.Digest, mount);
        }

        return Task.FromResult<IMountedImage>(mount);
    }

    /// <inheritdoc/>
    public Task UnmountAsync(string digest, CancellationToken cancellationToken)
    {
        if (_mounts.Remove(digest, out var mount))
        {
            mount.Dispose();
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<IMountedImage>> ListAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<IMountedImage>>([.. _mounts.Values]);

    private static ManagedMount Open(ImageReference image)
    {
        FileStream? file = null;
        try
        {
            file = new FileStream(image.Path, FileMode.Open, FileAccess.Read, FileShare.Read);
            return new ManagedMount(image, file, ImageReader.Open(file));
        }
        catch (Exception e) when (e is InvalidInputException or IOException or UnauthorizedAccessException)
        {
            file?.Dispose();
            throw new CommandFailedException(ErrorCodes.MountFailed, $"The image {image.Path} could not be opened: {e.Message}", e);
        }
    }
}
