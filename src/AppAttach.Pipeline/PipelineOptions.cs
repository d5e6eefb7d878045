using AppAttach.Pipeline.Conversion;
using AppAttach.Pipeline.Intake;
using AppAttach.Pipeline.Retention;

namespace AppAttach.Pipeline;

/// <summary>What a deployment decides about the pipeline.</summary>
public sealed record PipelineOptions
{
    /// <summary>The pools of hosts.</summary>
    public required IReadOnlyList<PoolOptions> Pools { get; init; }

    /// <summary>Folder of the volume that package folders lie in; app attach does not take them from the volume's root.</summary>
    public string RootFolder { get; init; } = "apps";

    /// <summary>How long hosts have to stage a package, and then again to register it.</summary>
    public TimeSpan CommandDeadline { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>A host that said nothing for so long takes part in no rollout any more, until it comes back. Default 30 days.</summary>
    public TimeSpan HostGoneAfter { get; init; } = TimeSpan.FromDays(30);

    /// <summary>Hosts whose listeners are older get no new release until they are upgraded; what they have they keep. Null (default): every listener will do.</summary>
    public Version? LeastListenerVersion { get; init; }

    /// <summary>What is kept of releases that nothing wants any more.</summary>
    public RetentionPolicy Retention { get; init; } = new();

    /// <summary>How a finished image is looked at before it is released.</summary>
    public ImageCheck ImageCheck { get; init; } = ImageCheck.Structure;

    /// <summary>What is asked of packages.</summary>
    public PackagePolicy Policy { get; init; } = new();

    /// <summary>
    /// Addresses below which requests may have packages fetched, such as <c>https://packages.contoso.example/msix/</c>; see <see cref="PackageSources"/>.
    /// Default none.
    /// </summary>
    public IReadOnlyList<string> Sources { get; init; } = [];

    /// <summary>Finds a pool.</summary>
    /// <param name="name">Its name; case does not matter, as on the bus.</param>
    /// <returns>The pool, or null if this deployment has none of that name.</returns>
    public PoolOptions? FindPool(string name) =>
        Pools.FirstOrDefault(pool => string.Equals(pool.Name, name, StringComparison.OrdinalIgnoreCase));
}
