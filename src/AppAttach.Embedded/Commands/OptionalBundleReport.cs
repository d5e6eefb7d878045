namespace AppAttach.Embedded.Commands;

/// <summary>A bundle of optional packages that a bundle names.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Publisher">Its publisher.</param>
/// <param name="Version">Its version; null for any.</param>
internal sealed record OptionalBundleReport(string Name, string Publisher, string? Version);
