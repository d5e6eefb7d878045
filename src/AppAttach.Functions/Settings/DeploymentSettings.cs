using AppAttach.Azure.Files;
using AppAttach.Pipeline;
using AppAttach.Pipeline.Conversion;
using AppAttach.Pipeline.Intake;
using Microsoft.Extensions.Configuration;

namespace AppAttach.Functions.Settings;

/// <summary>What the settings <c>AppAttach__…</c> decide; checked whole at the start, so that a wrong one is found then.</summary>
internal sealed class DeploymentSettings
{
    /// <summary>Regions, <c>AppAttach__Regions__N__Name</c>, <c>…__ShareUri</c>, <c>…__UncPath</c>; one or more.</summary>
    public IReadOnlyList<RegionSettings> Regions { get; init; } = [];

    /// <summary>Pools, <c>AppAttach__Pools__N__Name</c>, <c>…__Region</c>.</summary>
    public IReadOnlyList<PoolOptions> Pools { get; init; } = [];

    /// <summary>Number of command topics; the same for every listener.</summary>
    public int CommandTopics { get; init; } = 1;

    /// <summary>See <see cref="PipelineOptions.RootFolder"/>.</summary>
    public string? RootFolder { get; init; }

    /// <summary>See <see cref="PipelineOptions.CommandDeadline"/>; <c>hours:minutes:seconds</c>.</summary>
    public TimeSpan? CommandDeadline { get; init; }

    /// <summary>See <see cref="PipelineOptions.ImageCheck"/>.</summary>
    public ImageCheck ImageCheck { get; init; }

    /// <summary>What is asked of packages: <c>AppAttach__Policy__Signature</c>, <c>…__TrustedCertificates__N</c> and the rest of the policy.</summary>
    public PackagePolicy Policy { get; init; } = new();

    /// <summary>Reads and checks the settings.</summary>
    /// <param name="configuration">The app's settings.</param>
    /// <returns>The settings.</returns>
    /// <exception cref="InvalidOperationException">One is missing or wrong.</exception>
    public static DeploymentSettings Read(IConfiguration configuration)
    {
        var settings = configuration.GetSection("AppAttach").Get<DeploymentSettings>() ?? new DeploymentSettings();
        if (settings.Regions.Count == 0)
        {
            throw new InvalidOperationException(
                "No region is set; local.settings.sample.json shows AppAttach__Regions__0__Name and the rest.");
        }

        foreach (var region in settings.Regions)
        {
            if (!Uri.TryCreate(region.ShareUri, UriKind.Absolute, out var share) || share.Scheme != Uri.UriSchemeHttps)
            {
                throw new InvalidOperationException(
                    $"ShareUri of region {region.Name} is '{region.ShareUri}'; an https address was expected.");
            }
        }

        if (settings.Pools.FirstOrDefault(pool => settings.Regions.All(region => region.Name != pool.Region)) is { } stray)
        {
            throw new InvalidOperationException(
                $"Pool {stray.Name} is in region '{stray.Region}', which is not among the regions that are set.");
        }

        try
        {
            _ = new PackageGate(settings.Policy);
        }
        catch (ArgumentException e)
        {
            throw new InvalidOperationException($"AppAttach__Policy is not as it should be: {e.Message}", e);
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
            Policy = Policy,
        };
    }

    /// <summary>The shares of the regions.</summary>
    /// <returns>One for each region.</returns>
    public IEnumerable<FileShareOptions> ToShares() =>
        Regions.Select(region => new FileShareOptions(region.Name, new Uri(region.ShareUri), region.UncPath));
}
