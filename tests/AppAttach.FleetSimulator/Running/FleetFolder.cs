using System.Security.Cryptography;
using System.Text;
using AppAttach.Contracts;
using AppAttach.Embedded.Bus.Access;
using AppAttach.Embedded.Hosting;
using AppAttach.Embedded.Storage;
using AppAttach.FleetSimulator.Hosts;
using AppAttach.Pipeline.Catalog;
using Microsoft.Data.Sqlite;

namespace AppAttach.FleetSimulator.Running;

/// <summary>A data folder of an embedded host for a simulated fleet. Releases are put into it as publishing would leave them, with small files for images.</summary>
internal sealed class FleetFolder : IDisposable
{
    /// <summary>The one region.</summary>
    public const string Region = "local";

    private const string PublisherId = "8wekyb3d8bbwe";
    private readonly EmbeddedSettings _settings;

    /// <summary>Makes the folder, with its settings.</summary>
    /// <param name="settings">Its settings; they name the hosts.</param>
    public FleetFolder(EmbeddedSettings settings)
    {
        _settings = settings;
        Directory.CreateDirectory(System.IO.Path.Combine(Path, "state"));
        Directory.CreateDirectory(System.IO.Path.Combine(Path, "keys"));
        settings.Save(Path);
        Catalog = new SqliteCatalog(System.IO.Path.Combine(Path, "state", "catalog.db"));
    }

    /// <summary>Path of the folder.</summary>
    public string Path { get; } = Directory.CreateTempSubdirectory("appattach-fleet-").FullName;

    /// <summary>The catalog, from outside the host.</summary>
    public SqliteCatalog Catalog { get; }

    /// <summary>The names of a version of an app.</summary>
    public static PackageReference PackageOf(string app, string version) =>
        new($"{app}_{version}_x64__{PublisherId}", $"{app}_{PublisherId}", version, "x64");

    /// <summary>What a plan says of a release.</summary>
    public PlannedRelease PlannedOf(PackageReference package) => new(package, new ImageReference(CopyOf(package), DigestOf(package), 64, "vhdx", "apps"));

    /// <summary>The files of one of the host's databases.</summary>
    public IEnumerable<FileInfo> StateFiles(string database) => new DirectoryInfo(System.IO.Path.Combine(Path, "state")).EnumerateFiles(database + ".db*");

    /// <summary>The longest history of an orchestration: what is read each time that one of its steps is replayed.</summary>
    /// <returns>Its events, and their texts in bytes.</returns>
    public (long Events, long Bytes) LongestHistory()
    {
        using var engine = new SqliteConnection($"Data Source={System.IO.Path.Combine(Path, "state", "engine.db")};Mode=ReadOnly");
        engine.Open();
        using var command = engine.CreateCommand();
        command.CommandText = """
            SELECT COUNT(*), SUM(LENGTH(CAST(COALESCE(payload, '') || COALESCE(name, '') || COALESCE(error_message, '') AS BLOB))) AS bytes
            FROM history GROUP BY instance ORDER BY 1 DESC LIMIT 1
            """;
        using var reader = command.ExecuteReader();
        return reader.Read() ? (reader.GetInt64(0), reader.GetInt64(1)) : default;
    }

    /// <summary>Makes a release, as if it had been published just now without anybody being assigned.</summary>
    public Task ReleaseAsync(PackageReference package, DateTimeOffset now)
    {
        var name = package.FullName + ".vhdx";
        foreach (var path in (string[])[System.IO.Path.Combine(Path, "images", name), CopyOf(package)])
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
            File.WriteAllText(path, package.FullName);
        }

        var release = new ReleaseRecord
        {
            Package = package,
            PackageDigest = DigestOf(package),
            Image = new ImageDescription(name, DigestOf(package), 64, "vhdx", "apps", 1, 1),
            Copies = [new RegionCopy(Region, CopyOf(package), now)],
            ClaimedAt = now,
        };
        return Catalog.WriteAsync(DocumentKinds.Releases, package.FullName, release, null, CancellationToken.None);
    }

    /// <summary>All documents of a kind.</summary>
    public ValueTask<List<TDocument>> ListAsync<TDocument>(string kind)
        where TDocument : class => Catalog.ReadAllAsync<TDocument>(kind, CancellationToken.None);

    /// <summary>One document.</summary>
    public async Task<TDocument?> FindAsync<TDocument>(string kind, string key)
        where TDocument : class => (await Catalog.ReadAsync<TDocument>(kind, key, CancellationToken.None))?.Document;

    /// <summary>The key that may do everything on the bus; the host has made it when it first started.</summary>
    public string ReadRootKey() => File.ReadAllText(System.IO.Path.Combine(Path, "keys", BusAccess.RootKeyFile)).Trim();

    /// <summary>The key of another system; the host has made it when it started.</summary>
    public string ReadSystemKey(string system) => File.ReadAllText(System.IO.Path.Combine(Path, "keys", "systems", system + ".key"));

    /// <summary>Makes a simulated host of each host of the settings, all of them off.</summary>
    public void Populate(Fleet fleet)
    {
        foreach (var host in _settings.Hosts)
        {
            fleet.Add(host.Name, host.Pool, BusAccess.HostKeyName(host.Name), File.ReadAllText(System.IO.Path.Combine(Path, "keys", host.Name + ".key")));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Catalog.Dispose();
        Directory.Delete(Path, recursive: true);
    }

    private static string DigestOf(PackageReference package) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(package.FullName)));

    private string CopyOf(PackageReference package) => System.IO.Path.Combine(Path, "shares", Region, package.FullName + ".vhdx");
}
