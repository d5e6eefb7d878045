namespace AppAttach.Imaging.Bundles;

/// <summary>
/// A bundle of optional packages that a bundle names (<c>OptionalBundle</c>, since 2016). It is a file of its own with a signature of its own: it is named
/// here, and never looked for.
/// </summary>
/// <param name="Name">Name of its identity.</param>
/// <param name="Publisher">Its publisher.</param>
/// <param name="Version">Its version, or null for any.</param>
/// <param name="FileName">Name of its file, or null; not opened by anyone here.</param>
/// <param name="Packages">What it is said to hold.</param>
public sealed record OptionalBundle(string Name, string Publisher, Version? Version, string? FileName, IReadOnlyList<BundleEntry> Packages);
