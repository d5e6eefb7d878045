namespace AppAttach.Contracts;

/// <summary>A framework package that a host has, or that a package needs.</summary>
/// <param name="FamilyName">Package family name.</param>
/// <param name="Version">Version that is there, or that is needed at least: four numbers with dots.</param>
/// <param name="Architecture">Architecture, where it is known.</param>
public sealed record FrameworkReference(string FamilyName, string Version, string? Architecture = null);
