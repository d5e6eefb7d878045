using AppAttach.Contracts;

namespace AppAttach.Listener.Mounting;

/// <summary>
/// Mounts images read-only. A mount is known by the image's digest: however many packages an image holds, and from whichever
/// copy it comes, it is mounted once. Every call may be repeated and then changes nothing. Calls do not overlap.
/// </summary>
public interface IImageMounter
{
    /// <summary>What a host's hello says of it: <c>windows</c>, <c>fuse</c> or <c>managed</c>.</summary>
    string Name { get; }

    /// <summary>Mounts an image, or finds it mounted and working and keeps it so; remains of a mount that died are cleared away first.</summary>
    /// <param name="image">The image; its file has been found to be what it should be.</param>
    /// <param name="cancellationToken">Gives up; what was begun is undone.</param>
    /// <returns>The mounted image.</returns>
    /// <exception cref="CommandFailedException">It cannot be mounted; nothing is left behind.</exception>
    Task<IMountedImage> MountAsync(ImageReference image, CancellationToken cancellationToken);

    /// <summary>Unmounts an image; one that is not mounted is left so. A busy mount disappears now and ends with its last user.</summary>
    /// <param name="digest">The image's digest.</param>
    /// <param name="cancellationToken">Gives up between two steps.</param>
    /// <exception cref="CommandFailedException">It is still mounted.</exception>
    Task UnmountAsync(string digest, CancellationToken cancellationToken);

    /// <summary>What is really mounted and answers now, by this mounter, whoever ran it then.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The mounted images, in no order.</returns>
    Task<IReadOnlyList<IMountedImage>> ListAsync(CancellationToken cancellationToken);
}
