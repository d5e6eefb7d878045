namespace AppAttach.Pipeline.Ports;

/// <summary>The shares of one region.</summary>
public interface IRegionalShare
{
    /// <summary>The region's name.</summary>
    string Region { get; }

    /// <summary>
    /// Makes sure that the share holds a verified copy of an image: copies under a temporary name (going on where an earlier try
    /// stopped), reads back and compares the digest, then renames. A copy that is there and has the digest is left alone.
    /// </summary>
    /// <param name="imageName">File name of the image in the hub.</param>
    /// <param name="digest">SHA-256 of the image, 64 lower-case hexadecimal digits.</param>
    /// <param name="sizeBytes">Its length, in bytes.</param>
    /// <param name="previous">
    /// The copy of a previous image that has most of the new one's bytes, which need not travel then; null: there is none. A share may leave the help
    /// unused, in part or at all; it does so by itself when the previous copy is gone or not what it was.
    /// </param>
    /// <param name="cancellationToken">Stops the copy.</param>
    /// <returns>The path under which hosts of the region open the copy.</returns>
    /// <exception cref="ShareUnavailableException">The share is away or refuses: try again later.</exception>
    Task<string> CopyAsync(string imageName, string digest, long sizeBytes, PreviousCopy? previous, CancellationToken cancellationToken);

    /// <summary>Deletes the copies of an image; one that is not there is passed over.</summary>
    /// <param name="imageName">File name of the image.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>A task that completes when none is left.</returns>
    /// <exception cref="ShareUnavailableException">The share is away or refuses, as for a file that is open: try again later.</exception>
    Task DeleteAsync(string imageName, CancellationToken cancellationToken);
}
