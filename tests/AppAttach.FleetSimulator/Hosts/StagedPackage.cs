using AppAttach.Contracts;

namespace AppAttach.FleetSimulator.Hosts;

/// <summary>A package that a simulated host has staged.</summary>
/// <param name="Package">The package.</param>
/// <param name="Image">Where it is mounted from.</param>
/// <param name="RegisteredFor">Users whom it is registered for; empty: everyone; null: nobody.</param>
internal sealed record StagedPackage(PackageReference Package, ImageReference Image, IReadOnlyList<string>? RegisteredFor = null);
