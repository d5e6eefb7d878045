using System.Security.Cryptography;

namespace AppAttach.Embedded.Hosting;

/// <summary>Where everything of one embedded host lies. One process uses a data folder at a time; a lock file sees to it.</summary>
internal sealed class DataFolder : IDisposable
{
    private const int ShortestApiKey = 32;

    private readonly FileStream _lock;

    /// <summary>Takes a data folder, making it if it is not there.</summary>
    /// <param name="path">Its path.</param>
    /// <exception cref="SettingsException">Another process has it.</exception>
    public DataFolder(string path)
    {
        Path = System.IO.Path.GetFullPath(path);
        Directory.CreateDirectory(State);
        Directory.CreateDirectory(Keys);
        try
        {
            _lock = new FileStream(System.IO.Path.Combine(State, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e)
        {
            throw new SettingsException($"The data folder {Path} is in use by another appattach process: stop that one, or name another folder.", e);
        }
    }

    /// <summary>Absolute path of the folder.</summary>
    public string Path { get; }

    /// <summary>Where admins drop packages.</summary>
    public string Inbox => System.IO.Path.Combine(Path, "inbox");

    /// <summary>The hub: where images are made.</summary>
    public string Images => System.IO.Path.Combine(Path, "images");

    /// <summary>The regions' shares, one folder each.</summary>
    public string Shares => System.IO.Path.Combine(Path, "shares");

    /// <summary>Databases of engine, bus and catalog.</summary>
    public string State => System.IO.Path.Combine(Path, "state");

    /// <summary>Keys, readable by their owner only.</summary>
    public string Keys => System.IO.Path.Combine(Path, "keys");

    /// <summary>Certificates that the admin trusts, as files in PEM or DER; read at each start.</summary>
    public string Trust => System.IO.Path.Combine(Path, "trust");

    /// <summary>Path of the file with a host's bus key.</summary>
    /// <param name="host">The host.</param>
    /// <returns>Absolute path.</returns>
    public string KeyPath(string host) => System.IO.Path.Combine(Keys, host + ".key");

    /// <summary>Path of the file with the bus key of another system.</summary>
    /// <param name="system">The system.</param>
    /// <returns>Absolute path.</returns>
    public string SystemKeyPath(string system) => System.IO.Path.Combine(Keys, "systems", system + ".key");

    /// <summary>The key of a role in the API, from the file <c>keys/api/ROLE.key</c>; made if it is not there.</summary>
    /// <param name="role">The role.</param>
    /// <returns>64 hexadecimal digits, or what an admin wrote into the file.</returns>
    /// <exception cref="SettingsException">The file holds fewer than 32 characters.</exception>
    public string ApiKey(string role)
    {
        var path = System.IO.Path.Combine(Keys, "api", role + ".key");
        if (!File.Exists(path))
        {
            WriteKey(path, RandomNumberGenerator.GetHexString(64, lowercase: true));
        }

        var key = File.ReadAllText(path).Trim();
        return key.Length >= ShortestApiKey
            ? key
            : throw new SettingsException($"The key in {path} has {key.Length} characters; it must have {ShortestApiKey} at least. Delete the file to get a new one.");
    }

    /// <summary>Writes a key where its owner only can read it. Who reads it meanwhile gets the old key or the new one, whole.</summary>
    /// <param name="path">Where: <see cref="KeyPath"/>, <see cref="SystemKeyPath"/>, or that of a role in the API.</param>
    /// <param name="key">The key.</param>
    public static void WriteKey(string path, string key)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.Delete(path + ".new");
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var writer = new StreamWriter(path + ".new", options))
        {
            writer.Write(key);
        }

        File.Move(path + ".new", path, overwrite: true);
    }

    /// <inheritdoc/>
    public void Dispose() => _lock.Dispose();
}
