namespace AppAttach.Listener;

/// <summary>Makes processes that change the same file do so one after the other.</summary>
internal static class FileLock
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(10);

    /// <summary>Takes the lock, waiting for whoever has it; it ends with the process however that ends. The lock's file stays.</summary>
    /// <param name="path">The lock's file, made with its folder where it is missing.</param>
    /// <returns>To be disposed of.</returns>
    /// <exception cref="IOException">Another process had it for ten seconds, or the file cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be made.</exception>
    public static IDisposable Take(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (TimeProvider.System.GetElapsedTime(started) < Patience)
            {
                Thread.Sleep(Interval);
            }
        }
    }
}
