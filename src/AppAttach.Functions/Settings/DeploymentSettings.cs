using AppAttach.Pipeline;
using AppAttach.Pipeline.Conversion;
using AppAttach.Pipeline.Intake;
using AppAttach.Pipeline.Retention;
using Microsoft.Extensions.Configuration;

namespace AppAttach.Functions.Settings;

/// <summary>What the settings <c>AppAttach__…</c> decide; checked whole at the start, so that a wrong one is found then.</summary>
internal sealed class DeploymentSettings
{
    /// <summary>
    /// Regions at most. A publishing waits for all of them in one orchestration, and each may take 40 attempts, whose history is read on each replay.
    /// </summary>
    private const int MaximumRegions = 60;

    /// <summary>Regions, <c>AppAttach__Regions__N__Name</c>, <c>…__Shares__M__Uri</c>, <c>…__Shares__M__UncPath</c>; 1 to 60.</summary>
    public IReadOnlyList<RegionSettings> Regions { get; init; } = [];

    /// <summary>Pools, <c>AppAttach__Pools__N__Name</c>, <c>…__Region</c>.</summary>
    public IReadOnlyList<PoolOptions> Pools { get; init; } = [];

    /// <summary>Number of command topics; the same for every listener.</summary>
    public int CommandTopics { get; init; } = 1;

    /// <summary>See <see cref="PipelineOptions.RootFolder"/>.</summary>
    public string? RootFolder { get; init; }

    /// <summary>See <see cref="PipelineOptions.CommandDeadline"/>; <c>hours:minutes:seconds</c>.</summary>
    public TimeSpan? CommandDeadline { get; init; }

    /// <summary>See <see cref="PipelineOptions.Sources"/>: <c>AppAttach__Sources__N</c>.</summary>
    public IReadOnlyList<string> Sources { get; init; } = [];

    /// <summary>See <see cref="PipelineOptions.ImageCheck"/>.</summary>
    public ImageCheck ImageCheck { get; init; }

    /// <summary>See <see cref="PipelineOptions.LeastListenerVersion"/>.</summary>
    public Version? LeastListenerVersion { get; init; }

    /// <summary>See <see cref="PipelineOptions.Retention"/>: <c>AppAttach__Retention__IsOn</c>, <c>…__KeepLast</c> and the rest of it.</summary>
    public RetentionPolicy Retention { get; init; } = new();

    /// <summary>What is asked of packages: <c>AppAttach__Policy__Signature</c>, <c>…__TrustedCertificates__N</c> and the rest of the policy.</summary>
    public PackagePolicy Policy { get; init; } = new();

    /// <summary>Reads and checks the settings.</summary>
    /// <param name="configuration">The app's settings.</param>
    /// <returns>The settings.</returns>
    /// <exception cref="InvalidOperationException">One is missing or wrong.</exception>
    public static DeploymentSettings Read(IConfiguration configuration)
    {
        var settings = configuration.GetSection("AppAttach").Get<DeploymentSettings>() ?? new DeploymentSettings();
        if (settings.Regions.Count is 0 or > MaximumRegions)
        {
            throw new InvalidOperationException(
                $"{settings.Regions.Count} regions are set; 1 to {MaximumRegions} can be. local.settings.sample.json shows AppAttach__Regions__0__Name and the rest.");
        }

        foreach (var region in settings.Regions)
        {
            RequireShares(region, settings.Regions);
        }

        if (settings.Pools.FirstOrDefault(pool => settings.Regions.All(region => region.Name != pool.Region)) is { } stray)
        {
            throw new InvalidOperationException(
                $"Pool {stray.Name} is in region '{stray.Region}', which is not among the regions that are set.");
        }

        if (settings.Sources.Select(PackageSources.FindProblem).Append(settings.Retention.FindProblem()).FirstOrDefault(problem => problem is not null) is { } wrong)
        {
            throw new InvalidOperationException(wrong);
        }

        return settings;
    }

    /// <summary>The pipeline's part of the settings.</summary>
    /// <returns>The options.</returns>
    public PipelineOptions ToPipelineOptions()
    {
        var defaults = new PipelineOptions { Pools = Pools };
        return defaults with
        {
            RootFolder = RootFolder ?? defaults.RootFolder,
            CommandDeadline = CommandDeadline ?? defaults.CommandDeadline,
            ImageCheck = ImageCheck,
            Sources = Sources,
            LeastListenerVersion = LeastListenerVersion,
            Retention = Retention,
            Policy = Policy,
        };
    }

    private static void RequireShares(RegionSettings region, IReadOnlyList<RegionSettings> all)
    {
        if (all.Count(other => string.Equals(other.Name, region.Name, StringComparison.Ordinal)) > 1)
        {
            throw new InvalidOperationException($"The region {region.Name} is set twice.");
        }

        if (region.Shares is not { Count: > 0 })
        {
            throw new InvalidOperationException($"The region {region.Name} has no share: set AppAttach__Regions__N__Shares__0__Uri and __UncPath.");
        }

        foreach (var share in region.Shares)
        {
            if (!Uri.TryCreate(share.Uri, UriKind.Absolute, out var uri) || uri.Scheme != Uri.UriSchemeHttps)
            {
                throw new InvalidOperationException($"A share of region {region.Name} is '{share.Uri}'; an https address was expected.");
            }
        }
    }
}
