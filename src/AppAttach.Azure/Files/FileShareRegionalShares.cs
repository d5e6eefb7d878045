using AppAttach.Pipeline.Ports;

namespace AppAttach.Azure.Files;

/// <summary>The regions of a deployment, each with its Azure Files shares.</summary>
/// <param name="shares">The shares; each region once.</param>
public sealed class FileShareRegionalShares(IEnumerable<FileShareRegionalShare> shares) : IRegionalShares
{
    private readonly SortedDictionary<string, FileShareRegionalShare> _shares =
        new(shares.ToDictionary(share => share.Region, StringComparer.Ordinal), StringComparer.Ordinal);

    /// <inheritdoc/>
    public IReadOnlyList<string> Regions => [.. _shares.Keys];

    /// <inheritdoc/>
    public IRegionalShare Get(string region) => _shares.TryGetValue(region, out var share)
        ? share
        : throw new ArgumentException(
            $"There is no region '{region}' in this deployment; it has {string.Join(", ", _shares.Keys)}.", nameof(region));
}
