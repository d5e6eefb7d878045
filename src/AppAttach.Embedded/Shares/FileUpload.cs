using AppAttach.Pipeline.Ports;

namespace AppAttach.Embedded.Shares;

/// <summary>A file that is written under one name and becomes visible under another, whole or not at all.</summary>
internal sealed class FileUpload(string unfinishedPath, string path) : ImageUpload
{
    private readonly UncachedFileStream _file = new(unfinishedPath);

    /// <inheritdoc/>
    public override Stream Stream => _file;

    /// <inheritdoc/>
    public override async Task CommitAsync(CancellationToken cancellationToken)
    {
        await Task.Run(_file.FlushToDisk, cancellationToken);
        await _file.DisposeAsync();
        File.Move(unfinishedPath, path, overwrite: true);
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await _file.DisposeAsync();
        File.Delete(unfinishedPath);
    }
}
