using AppAttach.Pipeline.Ports;
using AppAttach.TestKit.Packages;

namespace AppAttach.Embedded.Tests.Shares;

/// <summary>A hub with one image, which counts what is read of it and may fail in the middle.</summary>
internal sealed class CountingStore(byte[] content) : IImageStore
{
    /// <summary>Where reading fails next; nowhere unless set.</summary>
    public long FailsAtBytes { get; set; } = long.MaxValue;

    /// <summary>The stream that was opened last.</summary>
    public HostileStream? Opened { get; private set; }

    public Task<ImageUpload> CreateAsync(string imageName, CancellationToken cancellationToken) => throw new NotSupportedException("Nothing is written here.");

    public Task<Stream?> OpenAsync(string imageName, CancellationToken cancellationToken) =>
        Task.FromResult<Stream?>(Opened = new HostileStream(content, failsAtBytes: FailsAtBytes));

    public Task DeleteAsync(string imageName, CancellationToken cancellationToken) => throw new NotSupportedException("Nothing is deleted here.");
}
