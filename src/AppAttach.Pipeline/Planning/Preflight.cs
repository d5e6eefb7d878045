using AppAttach.Contracts;
using AppAttach.Pipeline.Catalog;

namespace AppAttach.Pipeline.Planning;

/// <summary>Holds what a host said of itself against what a release needs. What a host does not say is not held against it.</summary>
public static class Preflight
{
    /// <summary>Free space below which nothing is put on a host, in bytes: mounting itself needs hardly any, users' data does.</summary>
    public const long LeastFreeBytes = 512L << 20;

    /// <summary>Why a host cannot take a release.</summary>
    /// <param name="hello">What the host said.</param>
    /// <param name="package">The package.</param>
    /// <param name="needs">What it needs; null: only what its name says.</param>
    /// <param name="leastListener">Version that its listener must have; see <see cref="PipelineOptions.LeastListenerVersion"/>.</param>
    /// <returns>The reasons, all of them; empty: it can.</returns>
    public static IReadOnlyList<string> Judge(HostHello hello, PackageReference package, ReleaseNeeds? needs, Version? leastListener)
    {
        var reasons = new List<string>();
        if (!Runs(hello.Architecture, package.Architecture))
        {
            reasons.Add($"the package is for {package.Architecture}, the host is {hello.Architecture}");
        }

        if (needs?.MinimumWindows is { } least && hello.OperatingSystemVersion is { } has && IsOlder(has, least))
        {
            reasons.Add($"it has Windows {has}, {least} is needed");
        }

        if (hello.Frameworks is { } frameworks)
        {
            reasons.AddRange((needs?.Frameworks ?? [])
                .Where(needed => !frameworks.Any(there =>
                    string.Equals(there.FamilyName, needed.FamilyName, StringComparison.OrdinalIgnoreCase) && !IsOlder(there.Version, needed.Version)))
                .Select(needed => $"the framework {needed.FamilyName} {needed.Version} or newer is missing"));
        }

        if (needs?.SelfSignedBy is { } signer && hello.TrustedCertificates is { } trusted && !trusted.Contains(signer, StringComparer.OrdinalIgnoreCase))
        {
            reasons.Add($"it does not trust the self-signed certificate that the package is signed with (SHA-256 {signer}): put it into the machine's Trusted People");
        }

        if (leastListener is not null && Version.TryParse(hello.ListenerVersion, out var listener) && listener < leastListener)
        {
            reasons.Add($"its listener is {listener}, {leastListener} or newer is asked for: upgrade it, which unmounts nothing");
        }

        if (hello.FreeBytes is { } free and < LeastFreeBytes)
        {
            reasons.Add($"it has {free >> 20} MiB free, {LeastFreeBytes >> 20} are needed");
        }

        return reasons;
    }

    /// <summary>Whether a host runs packages of an architecture. ARM64 Windows runs x86 and, from Windows 11 on, x64 as well.</summary>
    private static bool Runs(string host, string package) => (host, package) switch
    {
        (_, "neutral") => true,
        ("x64", "x64" or "x86") => true,
        ("arm64", "arm64" or "arm" or "x86" or "x64") => true,
        ("x86", "x86") => true,
        ("arm", "arm") => true,
        ("x64" or "arm64" or "x86" or "arm", _) => false,

        // A host that names itself otherwise is left to find out.
        _ => true,
    };

    private static bool IsOlder(string has, string needed) =>
        Version.TryParse(has, out var one) && Version.TryParse(needed, out var other) && one < other;
}
