namespace AppAttach.Listener;

/// <summary>
/// Writes small files so that a crash or a power cut leaves the old content or the new, never a mixture: the new content goes
/// into a file beside it, is flushed to the disk, and takes the old one's name.
/// </summary>
internal static class DurableFile
{
    /// <summary>Ends the names of files that were not finished; readers skip them and the next write replaces them.</summary>
    public const string UnfinishedSuffix = ".new";

    /// <summary>Replaces a file's content, creating the file and its folder where they are missing.</summary>
    /// <param name="path">The file.</param>
    /// <param name="content">Its new content.</param>
    /// <param name="isSecret">Whether only the file's owner may read it; on Windows the folder's own rules say who.</param>
    public static void Write(string path, ReadOnlySpan<byte> content, bool isSecret = false)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var unfinished = path + UnfinishedSuffix;
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, Share = FileShare.None, BufferSize = 0 };
        if (isSecret && !OperatingSystem.IsWindows())
        {
            File.Delete(unfinished);
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var file = new FileStream(unfinished, options))
        {
            file.Write(content);
            file.Flush(flushToDisk: true);
        }

        File.Move(unfinished, path, overwrite: true);
        FlushFolder(Path.GetDirectoryName(path)!);
    }

    /// <summary>Names of the files of a folder but for unfinished ones, in no order; none where there is no such folder.</summary>
    public static IReadOnlyList<string> ListNames(string folder) => Directory.Exists(folder)
        ? [.. Directory.EnumerateFiles(folder).Select(path => Path.GetFileName(path)).Where(name => !name.EndsWith(UnfinishedSuffix, StringComparison.Ordinal))]
        : [];

    /// <summary>Deletes a file; one that is missing is left so.</summary>
    public static void Delete(string path)
    {
        if (File.Exists(path))
        {
            File.Delete(path);
            FlushFolder(Path.GetDirectoryName(path)!);
        }
    }

    // A new name is on the disk only when its folder is. Windows writes names through its journal and cannot flush a folder.
    private static void FlushFolder(string folder)
    {
        if (!OperatingSystem.IsWindows())
        {
            Native.FolderFlush.Flush(folder);
        }
    }
}
