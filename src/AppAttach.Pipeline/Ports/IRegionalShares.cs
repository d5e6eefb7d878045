namespace AppAttach.Pipeline.Ports;

/// <summary>The regions of this deployment.</summary>
public interface IRegionalShares
{
    /// <summary>Names of all regions, in a fixed order.</summary>
    IReadOnlyList<string> Regions { get; }

    /// <summary>The shares of one region.</summary>
    /// <param name="region">One of <see cref="Regions"/>.</param>
    /// <returns>The region's shares.</returns>
    /// <exception cref="ArgumentException">There is no such region.</exception>
    IRegionalShare Get(string region);
}
