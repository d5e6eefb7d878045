namespace AppAttach.Pipeline.Ports;

/// <summary>An image that is being written.</summary>
public abstract class ImageUpload : IAsyncDisposable
{
    /// <summary>Takes the image's bytes, front to back; not seekable.</summary>
    public abstract Stream Stream { get; }

    /// <summary>Makes the image visible under its name, replacing one that is there, in one step.</summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>A task that completes when the image is durable and visible.</returns>
    /// <exception cref="IOException">
    /// It cannot be made visible, or another upload of the name was committed meanwhile and the store keeps no two: what is visible stays.
    /// </exception>
    public abstract Task CommitAsync(CancellationToken cancellationToken);

    /// <inheritdoc/>
    public abstract ValueTask DisposeAsync();
}
