namespace AppAttach.TestKit;

/// <summary>A folder of a test's own, gone with it.</summary>
public sealed class TemporaryFolder : IDisposable
{
    /// <summary>Makes the folder below the system's temporary folder.</summary>
    public TemporaryFolder() => Path = Directory.CreateTempSubdirectory("appattach-test-").FullName;

    /// <summary>The folder's absolute path.</summary>
    public string Path { get; }

    /// <summary>An absolute path inside the folder.</summary>
    public string PathOf(params string[] segments) => System.IO.Path.Combine([Path, .. segments]);

    /// <summary>Deletes the folder. What was killed in a test may still be letting go of its files: then it is tried again.</summary>
    public void Dispose()
    {
        const int attempts = 200;
        for (var attempt = 1; Directory.Exists(Path); attempt++)
        {
            try
            {
                Directory.Delete(Path, recursive: true);
            }
            catch (IOException) when (attempt < attempts)
            {
                Thread.Sleep(25);
            }
        }
    }
}
