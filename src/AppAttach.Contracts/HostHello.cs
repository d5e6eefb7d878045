using System.Text.Json.Serialization;

namespace AppAttach.Contracts;

/// <summary>What a host says of itself: at start, every few minutes, and after each change.</summary>
public sealed record HostHello
{
    /// <summary>Name of the host, at most 50 characters: letters, digits, <c>-</c>, <c>.</c> and <c>_</c> (a subscription is named after it).</summary>
    public required string Host { get; init; }

    /// <summary>The pool it says it belongs to; its commands come over this pool's topic.</summary>
    public required string Pool { get; init; }

    /// <summary>Further pools whose packages it is to have too; where several have a family, it comes from <see cref="Pool"/> or the first of these.</summary>
    public IReadOnlyList<string> AlsoIn { get; init; } = [];

    /// <summary>All its pools, its own first.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> Pools => AlsoIn is null or { Count: 0 } ? [Pool] : [.. AlsoIn.Prepend(Pool).Distinct(StringComparer.OrdinalIgnoreCase)];

    /// <summary>Version of its listener.</summary>
    public required string ListenerVersion { get; init; }

    /// <summary>Operating system, as it names itself.</summary>
    public required string OperatingSystem { get; init; }

    /// <summary>Processor architecture: <c>x64</c>, <c>arm64</c> …</summary>
    public required string Architecture { get; init; }

    /// <summary>How images are mounted there: <c>windows</c>, <c>fuse</c> or <c>managed</c>.</summary>
    public required string Mounter { get; init; }

    /// <summary>What is staged and registered there.</summary>
    public required IReadOnlyList<InventoryItem> Inventory { get; init; }

    /// <summary>Whether the listener says of each package for whom it keeps it registered (<see cref="InventoryItem.RegisteredFor"/>): null there then means for nobody.</summary>
    public bool SaysRegistrations { get; init; }

    /// <summary>Version of Windows, such as <c>10.0.22631.0</c>; null: the listener does not say, and nothing is concluded from it.</summary>
    public string? OperatingSystemVersion { get; init; }

    /// <summary>Framework packages that are there; null: the listener does not say.</summary>
    public IReadOnlyList<FrameworkReference>? Frameworks { get; init; }

    /// <summary>
    /// SHA-256 thumbprints of the certificates that the machine trusts by themselves (on Windows, its Trusted People and Trusted Root Certification Authorities),
    /// lower-case hexadecimal; null: the listener does not say.
    /// </summary>
    public IReadOnlyList<string>? TrustedCertificates { get; init; }

    /// <summary>Free space on the system volume, in bytes; null: the listener does not say.</summary>
    public long? FreeBytes { get; init; }

    /// <summary>When this was said, by the host's clock.</summary>
    public required DateTimeOffset SentAt { get; init; }
}
