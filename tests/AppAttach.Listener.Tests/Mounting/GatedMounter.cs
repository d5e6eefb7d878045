using AppAttach.Contracts;
using AppAttach.Listener.Mounting;

namespace AppAttach.Listener.Tests.Mounting;

/// <summary>Mounts when the test lets it.</summary>
internal sealed class GatedMounter(IImageMounter inner) : IImageMounter, IDisposable
{
    public string Name => inner.Name;

    public SemaphoreSlim Entered { get; } = new(0);

    public SemaphoreSlim Proceed { get; } = new(0);

    public int Mounts { get; private set; }

    public async Task<IMountedImage> MountAsync(ImageReference image, CancellationToken cancellationToken)
    {
        Mounts++;
        Entered.Release();
        await Proceed.WaitAsync(cancellationToken);
        return await inner.MountAsync(image, cancellationToken);
    }

    public Task UnmountAsync(string digest, CancellationToken cancellationToken) => inner.UnmountAsync(digest, cancellationToken);

    public Task<IReadOnlyList<IMountedImage>> ListAsync(CancellationToken cancellationToken) => inner.ListAsync(cancellationToken);

    public void Dispose()
    {
        Entered.Dispose();
        Proceed.Dispose();
    }
}
