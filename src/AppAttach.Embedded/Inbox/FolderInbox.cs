using System.Globalization;
using AppAttach.Pipeline.Ports;

namespace AppAttach.Embedded.Inbox;

/// <summary>A folder that admins copy packages into.</summary>
internal sealed class FolderInbox : IPackageInbox
{
    /// <summary>Container name of drops from the folder.</summary>
    public const string Container = "inbox";

    private static readonly string[] Marks = ["released", "rejected", "failed"];

    private readonly FolderUpload _upload;

    /// <summary>Uses a folder, making it if it is not there.</summary>
    /// <param name="folder">Absolute path.</param>
    /// <param name="upload">Writes packages into it; null: one without a limit of their length.</param>
    public FolderInbox(string folder, FolderUpload? upload = null)
    {
        Folder = folder;
        _upload = upload ?? new FolderUpload(folder, long.MaxValue);
    }

    /// <summary>Absolute path of the folder.</summary>
    public string Folder { get; }

    /// <summary>Describes a file of the folder as it is now.</summary>
    /// <param name="name">File name.</param>
    /// <returns>The drop, or null if there is no such file.</returns>
    public PackageDrop? Describe(string name)
    {
        var file = new FileInfo(Path.Combine(Folder, name));
        return file.Exists ? new PackageDrop(Container, name, ETagOf(file), file.Length) : null;
    }

    /// <inheritdoc/>
    public async Task<Stream> OpenAsync(PackageDrop drop, CancellationToken cancellationToken)
    {
        var path = Path.Combine(Folder, drop.Name);
        try
        {
            // The content reader reads ahead in pieces of its own; a second buffer would only copy them once more.
            Stream stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan);
            if (ETagOf(new FileInfo(path)) == drop.ETag)
            {
                return stream;
            }

            await stream.DisposeAsync();
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new DropChangedException($"{drop.Name} was removed from the inbox before it was published.", e);
        }

        throw new DropChangedException($"{drop.Name} was replaced in the inbox before it was published; the new file is a drop of its own.");
    }

    /// <inheritdoc/>
    public async Task<PackageDrop> StoreAsync(string name, Stream content, CancellationToken cancellationToken)
    {
        await _upload.UploadAsync(name, content, cancellationToken);
        return Describe(name) ?? throw new IOException($"{name} was removed from the inbox as soon as it was there.");
    }

    /// <inheritdoc/>
    public async Task MarkAsync(PackageDrop drop, string state, string detail, CancellationToken cancellationToken)
    {
        if (Describe(drop.Name)?.ETag != drop.ETag)
        {
            return;
        }

        foreach (var other in Marks.Where(mark => mark != state))
        {
            File.Delete(MarkPath(drop.Name, other));
        }

        await File.WriteAllTextAsync(MarkPath(drop.Name, state), detail + Environment.NewLine, cancellationToken);
    }

    private static string ETagOf(FileInfo file) =>
        string.Create(CultureInfo.InvariantCulture, $"{file.Length:x}-{file.LastWriteTimeUtc.Ticks:x}");

    private string MarkPath(string name, string mark) => Path.Combine(Folder, $"{name}.{mark}.txt");
}
