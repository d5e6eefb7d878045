using AppAttach.Pipeline.Ports;

namespace AppAttach.Embedded.Shares;

/// <summary>The hub as a folder.</summary>
internal sealed class DirectoryImageStore : IImageStore
{
    /// <summary>Ends the names of images that are being written; nothing else in the folder has it.</summary>
    private const string UnfinishedSuffix = ".writing";

    /// <summary>Uses a folder, making it if it is not there, and clears away what a killed process left half-written.</summary>
    /// <param name="folder">Absolute path; no other process writes there.</param>
    public DirectoryImageStore(string folder)
    {
        Folder = folder;
        Directory.CreateDirectory(folder);
        foreach (var unfinished in Directory.EnumerateFiles(folder, "*" + UnfinishedSuffix))
        {
            File.Delete(unfinished);
        }
    }

    /// <summary>Absolute path of the folder.</summary>
    public string Folder { get; }

    /// <inheritdoc/>
    public Task<ImageUpload> CreateAsync(string imageName, CancellationToken cancellationToken)
    {
        var path = Path.Combine(Folder, imageName);
        return Task.FromResult<ImageUpload>(new FileUpload($"{path}.{Guid.NewGuid():n}{UnfinishedSuffix}", path));
    }

    /// <inheritdoc/>
    public Task<Stream?> OpenAsync(string imageName, CancellationToken cancellationToken)
    {
        var path = Path.Combine(Folder, imageName);
        return Task.FromResult<Stream?>(
            File.Exists(path) ? new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0) : null);
    }

    /// <inheritdoc/>
    public Task DeleteAsync(string imageName, CancellationToken cancellationToken)
    {
        File.Delete(Path.Combine(Folder, imageName));
        return Task.CompletedTask;
    }
}
