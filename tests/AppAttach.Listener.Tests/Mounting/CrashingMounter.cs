using AppAttach.Contracts;
using AppAttach.Listener.Mounting;
using AppAttach.Listener.Tests.Commands;

namespace AppAttach.Listener.Tests.Mounting;

/// <summary>Ends the listener before or after mounting and unmounting, when the points say so.</summary>
internal sealed class CrashingMounter(IImageMounter inner, CrashPoints points) : IImageMounter
{
    public string Name => inner.Name;

    public async Task<IMountedImage> MountAsync(ImageReference image, CancellationToken cancellationToken)
    {
        points.Pass("before mount");
        var mounted = await inner.MountAsync(image, cancellationToken);
        points.Pass("after mount");
        return mounted;
    }

    public async Task UnmountAsync(string digest, CancellationToken cancellationToken)
    {
        points.Pass("before unmount");
        await inner.UnmountAsync(digest, cancellationToken);
        points.Pass("after unmount");
    }

    public Task<IReadOnlyList<IMountedImage>> ListAsync(CancellationToken cancellationToken) => inner.ListAsync(cancellationToken);
}
