using AppAttach.Pipeline.Ports;

namespace AppAttach.Pipeline.Tests.Ports;

/// <summary>The shares of a test's regions.</summary>
internal sealed class MemoryShares(IReadOnlyList<string> regions, MemoryImageStore images, PortFaults faults) : IRegionalShares
{
    private readonly Dictionary<string, MemoryShare> _shares =
        regions.ToDictionary(region => region, region => new MemoryShare(region, images, faults));

    public IReadOnlyList<string> Regions => regions;

    public MemoryShare this[string region] => _shares[region];

    public IRegionalShare Get(string region) => _shares[region];
}
