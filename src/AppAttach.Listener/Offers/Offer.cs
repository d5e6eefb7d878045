using AppAttach.Listener.Ledger;

namespace AppAttach.Listener.Offers;

/// <summary>A staged package that users may ask for.</summary>
/// <param name="PackageFullName">Package full name.</param>
/// <param name="DisplayName">What people call it; the package's name where its manifest does not say.</param>
/// <param name="Resources">Full names of the resource packages that are registered with it.</param>
/// <param name="For">Who may ask.</param>
internal sealed record Offer(string PackageFullName, string DisplayName, IReadOnlyList<string> Resources, Audience For);
