using System.Collections.Concurrent;
using AppAttach.Imaging.Manifests;
using AppAttach.Pipeline.Ports;

namespace AppAttach.Pipeline.Tests.Ports;

/// <summary>A hub in memory that counts what is half-done.</summary>
internal sealed class MemoryImageStore(PortFaults faults) : IImageStore
{
    private int _unfinished;

    public ConcurrentDictionary<string, byte[]> Images { get; } = new();

    /// <summary>What goes with the images, by its own names.</summary>
    public ConcurrentDictionary<string, byte[]> Manifests { get; } = new();

    /// <summary>Names of the images committed, in order; a name twice was written twice.</summary>
    public ConcurrentQueue<string> Commits { get; } = new();

    /// <summary>Changes what is committed, as a failing disk would; null: nothing does.</summary>
    public Action<byte[]>? Damage { get; set; }

    /// <summary>Uploads begun and neither committed nor disposed of.</summary>
    public int Unfinished => _unfinished;

    public Task<ImageUpload> CreateAsync(string imageName, CancellationToken cancellationToken)
    {
        faults.Before("images.create");
        faults.After("images.create");
        Interlocked.Increment(ref _unfinished);
        return Task.FromResult<ImageUpload>(new Upload(this, imageName));
    }

    public Task<Stream?> OpenAsync(string imageName, CancellationToken cancellationToken)
    {
        faults.Before("images.open");
        return Task.FromResult<Stream?>(Of(imageName).TryGetValue(imageName, out var image) ? new MemoryStream(image, writable: false) : null);
    }

    public Task DeleteAsync(string imageName, CancellationToken cancellationToken)
    {
        Of(imageName).TryRemove(imageName, out _);
        return Task.CompletedTask;
    }

    private sealed class Upload(MemoryImageStore store, string name) : ImageUpload
    {
        private readonly MemoryStream _content = new();
        private bool _disposed;

        public override Stream Stream => _content;

        public override Task CommitAsync(CancellationToken cancellationToken)
        {
            store.Faults.Before("images.commit");
            var image = _content.ToArray();
            if (store.Of(name) == store.Images)
            {
                Assert.True(store.Manifests.ContainsKey(name + ImageManifest.NameSuffix), "An image is visible before its manifest.");
                store.Damage?.Invoke(image);
                store.Commits.Enqueue(name);
            }

            store.Of(name)[name] = image;
            store.Faults.After("images.commit");
            return Task.CompletedTask;
        }

        public override ValueTask DisposeAsync()
        {
            if (!_disposed)
            {
                _disposed = true;
                Interlocked.Decrement(ref store._unfinished);
            }

            return ValueTask.CompletedTask;
        }
    }

    private PortFaults Faults => faults;

    private ConcurrentDictionary<string, byte[]> Of(string name) =>
        name.EndsWith(ImageManifest.NameSuffix, StringComparison.Ordinal) ? Manifests : Images;
}
