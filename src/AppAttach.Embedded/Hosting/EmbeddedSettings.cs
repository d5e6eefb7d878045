using System.Text.Json;
using System.Text.Json.Serialization;
using AppAttach.Pipeline;
using AppAttach.Pipeline.Catalog;
using AppAttach.Pipeline.Conversion;
using AppAttach.Pipeline.Intake;
using AppAttach.Pipeline.Retention;

namespace AppAttach.Embedded.Hosting;

/// <summary>The file <c>appattach.json</c> of a data folder: what an admin decides about one embedded host.</summary>
internal sealed record EmbeddedSettings
{
    /// <summary>Name of the file.</summary>
    public const string FileName = "appattach.json";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
    };

    /// <summary>Names of the regions; each has its share in <c>shares/NAME</c>.</summary>
    public required IReadOnlyList<string> Regions { get; init; }

    /// <summary>The pools of hosts.</summary>
    public required IReadOnlyList<PoolOptions> Pools { get; init; }

    /// <summary>The hosts that may use the bus, each with its pool. The key of each is written to <c>keys/HOST.key</c>.</summary>
    public IReadOnlyList<HostSettings> Hosts { get; init; } = [];

    /// <summary>
    /// Other systems that send requests and hear events, each with a key in <c>keys/systems/NAME.key</c>. Each hears what happens as long as it is
    /// named here, under <c>events/subscriptions/NAME</c>, and may have answers sent to <c>replies-NAME</c>.
    /// </summary>
    public IReadOnlyList<string> Systems { get; init; } = [];

    /// <summary>Addresses below which requests may have packages fetched; see <see cref="PipelineOptions.Sources"/>. Default none.</summary>
    public IReadOnlyList<string> Sources { get; init; } = [];

    /// <summary>Who gets which family; <c>*</c> stands for every family. What changed here since the last start is asked for then.</summary>
    public required IReadOnlyList<AssignmentRecord> Assignments { get; init; }

    /// <summary>How long hosts have to stage a package, and then again to register it.</summary>
    public TimeSpan CommandDeadline { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>How a finished image is looked at before it is released: <c>structure</c>, <c>full</c> or <c>off</c>.</summary>
    public ImageCheck ImageCheck { get; init; }

    /// <summary>Whether page and API take keys from other machines over plain HTTP, which whoever is on the way can read. Default false: HTTPS only.</summary>
    public bool AllowPlainHttp { get; init; }

    /// <summary>Version that hosts' listeners must have to get new releases; see <see cref="PipelineOptions.LeastListenerVersion"/>. Default: any.</summary>
    public Version? LeastListenerVersion { get; init; }

    /// <summary>What is kept of releases that nothing wants any more.</summary>
    public RetentionPolicy Retention { get; init; } = new();

    /// <summary>What is asked of packages. Certificates in the data folder's <c>trust</c> are trusted besides those it names.</summary>
    public PackagePolicy Policy { get; init; } = new();

    /// <summary>What a new data folder starts with: one region, one pool, and every package for all of its hosts.</summary>
    public static EmbeddedSettings Default { get; } = new()
    {
        Regions = ["local"],
        Pools = [new PoolOptions("default", "local")],
        Assignments = [new AssignmentRecord(AssignmentRecord.EveryFamily, "default", [])],
    };

    /// <summary>Reads the settings of a data folder; a folder without any gets the default ones.</summary>
    /// <param name="folder">The data folder.</param>
    /// <returns>The settings, checked.</returns>
    /// <exception cref="SettingsException">The file is not as it should be; the message names everything that is wrong.</exception>
    public static EmbeddedSettings Load(string folder)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
        {
            Default.Save(folder);
        }

        try
        {
            var settings = JsonSerializer.Deserialize<EmbeddedSettings>(File.ReadAllText(path), Json)
                ?? throw new SettingsException($"{path} holds no settings.");
            var problems = (settings.HasHoles ? ["A list holds null."] : settings.FindProblems()).ToList();
            return problems.Count == 0
                ? settings
                : throw new SettingsException($"{path} is not as it should be: {string.Join(' ', problems)}");
        }
        catch (JsonException e)
        {
            throw new SettingsException($"{path} cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Writes the settings into a data folder.</summary>
    /// <param name="folder">The data folder; it exists.</param>
    public void Save(string folder)
    {
        var path = Path.Combine(folder, FileName);
        File.WriteAllText(path + ".new", JsonSerializer.Serialize(this, Json));
        File.Move(path + ".new", path, overwrite: true);
    }

    /// <summary>Whether a list holds null, which the serializer lets pass.</summary>
    private bool HasHoles => Regions.Contains(null!) || Pools.Contains(null!) || Hosts.Contains(null!) || Systems.Contains(null!) || Sources.Contains(null!) || Assignments.Contains(null!)
        || Assignments.Any(assignment => assignment.Users.Contains(null!))
        || Policy.TrustedCertificates.Contains(null!) || Policy.TrustedThumbprints.Contains(null!) || Policy.Publishers.Contains(null!)
        || Policy.Architectures.Contains(null!);

    private static bool IsName(string name) =>
        name.Length is >= 1 and <= 50 && name[0] != '.' && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');

    private IEnumerable<string> FindProblems()
    {
        if (Regions.Count == 0)
        {
            yield return "There is no region.";
        }

        foreach (var name in Regions.Concat(Pools.Select(pool => pool.Name)).Concat(Hosts.Select(host => host.Name)).Concat(Systems).Where(name => !IsName(name)))
        {
            yield return $"'{name}' is no name: 1 to 50 letters, digits, '-', '_' or '.'.";
        }

        foreach (var name in Regions.GroupBy(name => name, StringComparer.OrdinalIgnoreCase).Where(group => group.Count() > 1))
        {
            yield return $"The region {name.Key} is there twice.";
        }

        foreach (var name in Pools.GroupBy(pool => pool.Name, StringComparer.OrdinalIgnoreCase).Where(group => group.Count() > 1))
        {
            yield return $"The pool {name.Key} is there twice.";
        }

        foreach (var pool in Pools.Where(pool => !Regions.Contains(pool.Region)))
        {
            yield return $"The pool {pool.Name} is in the region {pool.Region}, which is not one of the regions.";
        }

        foreach (var host in Hosts.Where(host => Pools.All(pool => pool.Name != host.Pool)))
        {
            yield return $"The host {host.Name} is in the pool {host.Pool}, which is not one of the pools.";
        }

        foreach (var assignment in Assignments.Where(assignment => Pools.All(pool => pool.Name != assignment.Pool)))
        {
            yield return $"{assignment.Family} is assigned to the pool {assignment.Pool}, which is not one of the pools.";
        }

        foreach (var problem in Sources.Select(PackageSources.FindProblem).OfType<string>())
        {
            yield return problem;
        }

        if (Retention.FindProblem() is { } wrong)
        {
            yield return wrong;
        }

        if (CommandDeadline <= TimeSpan.Zero)
        {
            yield return $"The command deadline is {CommandDeadline}; it must be more than zero.";
        }
    }
}
