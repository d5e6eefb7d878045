using System.Globalization;
using AppAttach.Api.Ports;

namespace AppAttach.Embedded.Inbox;

/// <summary>Writes packages into the inbox's folder, under another name until they are whole.</summary>
internal sealed class FolderUpload : IPackageUpload
{
    private const string Unfinished = ".part";
    private const string Prefix = ".upload-";
    private const int PieceBytes = 1 << 17;

    private readonly string _folder;

    /// <summary>Uses a folder, and deletes what an ended process left unfinished there.</summary>
    /// <param name="folder">Absolute path; made if it is not there.</param>
    /// <param name="largestBytes">Length of a package at most, in bytes.</param>
    public FolderUpload(string folder, long largestBytes)
    {
        (_folder, LargestBytes) = (folder, largestBytes);
        foreach (var left in Directory.CreateDirectory(folder).EnumerateFiles($"{Prefix}*{Unfinished}"))
        {
            left.Delete();
        }
    }

    /// <inheritdoc/>
    public long LargestBytes { get; }

    /// <inheritdoc/>
    public async Task<long?> UploadAsync(string name, Stream content, CancellationToken cancellationToken)
    {
        var path = Path.Combine(_folder, name);
        if (File.Exists(path))
        {
            return null;
        }

        var aside = Path.Combine(_folder, $"{Prefix}{Guid.CreateVersion7():N}{Unfinished}");
        try
        {
            var length = await WriteAsync(aside, content, cancellationToken);
            try
            {
                File.Move(aside, path);
            }
            catch (IOException) when (File.Exists(path))
            {
                return null;
            }

            return length;
        }
        finally
        {
            File.Delete(aside);
        }
    }

    private async Task<long> WriteAsync(string path, Stream content, CancellationToken cancellationToken)
    {
        await using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
        var piece = new byte[PieceBytes];
        var length = 0L;
        for (int read; (read = await content.ReadAsync(piece, cancellationToken)) > 0;)
        {
            length += read;
            if (length > LargestBytes)
            {
                throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"The package is longer than {LargestBytes:N0} bytes, the most that the policy takes."));
            }

            await file.WriteAsync(piece.AsMemory(0, read), cancellationToken);
        }

        // On disk before it has its name, or a power cut could leave the name with half a package.
        await Task.Run(() => file.Flush(flushToDisk: true), cancellationToken);
        return length;
    }
}
