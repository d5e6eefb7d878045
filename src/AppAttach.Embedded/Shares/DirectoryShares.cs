using AppAttach.Pipeline.Ports;

namespace AppAttach.Embedded.Shares;

/// <summary>The regions of one machine: a folder each.</summary>
internal sealed class DirectoryShares : IRegionalShares
{
    private readonly Dictionary<string, DirectoryShare> _shares;

    /// <summary>Uses one folder a region below a parent.</summary>
    /// <param name="parent">Absolute path.</param>
    /// <param name="regions">Names of the regions.</param>
    /// <param name="images">The hub.</param>
    public DirectoryShares(string parent, IReadOnlyList<string> regions, IImageStore images)
    {
        Regions = regions;
        _shares = regions.ToDictionary(region => region, region => new DirectoryShare(region, Path.Combine(parent, region), images));
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> Regions { get; }

    /// <inheritdoc/>
    public IRegionalShare Get(string region) => _shares.TryGetValue(region, out var share)
        ? share
        : throw new ArgumentException($"There is no region {region}; this deployment has {string.Join(", ", Regions)}.", nameof(region));
}
