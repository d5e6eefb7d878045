namespace AppAttach.Api.Ports;

/// <summary>Takes packages into the inbox.</summary>
public interface IPackageUpload
{
    /// <summary>Length of a package at most, in bytes.</summary>
    long LargestBytes { get; }

    /// <summary>Writes a package into the inbox; nobody sees it there before it is whole, and nothing is left of one that breaks off.</summary>
    /// <param name="name">Its file name, checked.</param>
    /// <param name="content">Its content, read once from front to back.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>Bytes written; null: the inbox has a file of that name, which stays as it is.</returns>
    /// <exception cref="InvalidDataException">It is longer than <see cref="LargestBytes"/>.</exception>
    Task<long?> UploadAsync(string name, Stream content, CancellationToken cancellationToken);
}
