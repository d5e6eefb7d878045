namespace AppAttach.Pipeline.Ports;

/// <summary>The hub: where images are made, and copied from.</summary>
public interface IImageStore
{
    /// <summary>Starts writing an image. Nothing is visible under its name until <see cref="ImageUpload.CommitAsync"/>.</summary>
    /// <param name="imageName">File name of the image.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The upload; disposing of it without a commit leaves nothing behind.</returns>
    Task<ImageUpload> CreateAsync(string imageName, CancellationToken cancellationToken);

    /// <summary>Opens an image for reading.</summary>
    /// <param name="imageName">File name of the image.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>A readable, seekable stream, or null if there is no such image.</returns>
    Task<Stream?> OpenAsync(string imageName, CancellationToken cancellationToken);

    /// <summary>Deletes an image; one that is not there is passed over.</summary>
    /// <param name="imageName">File name of the image.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>A task that completes when it is gone.</returns>
    Task DeleteAsync(string imageName, CancellationToken cancellationToken);
}
