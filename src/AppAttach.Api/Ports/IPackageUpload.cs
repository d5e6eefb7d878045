namespace AppAttach.Api.Ports;

/// <summary>Takes packages into the inbox: through the API, or at a place of its own that the API names.</summary>
public interface IPackageUpload
{
    /// <summary>Length of a package at most, in bytes.</summary>
    long LargestBytes { get; }

    /// <summary>Where else than to the API the page sends packages; null: nowhere.</summary>
    Uri? Elsewhere => null;

    /// <summary>Says where to send a package; what is sent there cannot replace a file.</summary>
    /// <param name="name">Its file name, checked.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The place; null: the inbox has a file of that name.</returns>
    Task<UploadPlace?> FindPlaceAsync(string name, CancellationToken cancellationToken) =>
        Task.FromResult<UploadPlace?>(new UploadPlace($"{FleetApi.Prefix}/inbox/{Uri.EscapeDataString(name)}"));

    /// <summary>Writes a package into the inbox; nobody sees it there before it is whole, and nothing is left of one that breaks off.</summary>
    /// <param name="name">Its file name, checked.</param>
    /// <param name="content">Its content, read once from front to back.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>Bytes written; null: the inbox has a file of that name, which stays as it is.</returns>
    /// <exception cref="InvalidDataException">It is longer than <see cref="LargestBytes"/>.</exception>
    Task<long?> UploadAsync(string name, Stream content, CancellationToken cancellationToken);
}
