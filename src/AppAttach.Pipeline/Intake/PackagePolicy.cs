using AppAttach.Imaging.Signatures;

namespace AppAttach.Pipeline.Intake;

/// <summary>What a deployment asks of packages, as data: it is read from settings, and the defaults are the strict ones.</summary>
public sealed record PackagePolicy
{
    /// <summary>
    /// How much of the signature must hold. <see cref="SignatureMode.Intact"/> takes any certificate, <see cref="SignatureMode.Ignore"/> takes
    /// unsigned packages too. Default <see cref="SignatureMode.Trusted"/>.
    /// </summary>
    public SignatureMode Signature { get; init; } = SignatureMode.Trusted;

    /// <summary>Trusted certificates in PEM, one or more in each text: publishers' own, issuers' or roots.</summary>
    public IReadOnlyList<string> TrustedCertificates { get; init; } = [];

    /// <summary>Thumbprints of trusted certificates, SHA-256 or SHA-1, in hexadecimal digits; colons and spaces are allowed.</summary>
    public IReadOnlyList<string> TrustedThumbprints { get; init; } = [];

    /// <summary>Whether packages that Microsoft signed are trusted. Default true.</summary>
    public bool TrustsMicrosoft { get; init; } = true;

    /// <summary>Whether the roots are trusted that this machine trusts. Default false: those are for web sites, not for apps on hosts.</summary>
    public bool TrustsMachineRoots { get; init; }

    /// <summary>The only publishers to take packages from, as manifests write them; empty: whoever has a trusted certificate.</summary>
    public IReadOnlyList<string> Publishers { get; init; } = [];

    /// <summary>Processor architectures that hosts can run, such as <c>x64</c>; <c>neutral</c> is always one. Empty: all.</summary>
    public IReadOnlyList<string> Architectures { get; init; } = [];

    /// <summary>
    /// Architecture of the hosts, for which the packages of a bundle are chosen: <c>x64</c>, <c>arm64</c>, <c>x86</c> or <c>arm</c>. Default <c>x64</c>.
    /// </summary>
    public string HostArchitecture { get; init; } = "x64";

    /// <summary>The lowest Windows version among the hosts, such as <c>10.0.22621.0</c>: a package that needs a higher one is refused. Null: not checked.</summary>
    public Version? HostWindows { get; init; }

    /// <summary>Length that a package may have at most, in bytes. Default 64 GiB.</summary>
    public long MaximumPackageBytes { get; init; } = 64L << 30;

    /// <summary>What a package's files may have together at most, unpacked, in bytes. Default 256 GiB.</summary>
    public long MaximumContentBytes { get; init; } = 256L << 30;

    /// <summary>Files that a package may lay down at most. Default 1,000,000.</summary>
    public int MaximumFiles { get; init; } = 1_000_000;

    /// <summary>How many days before a signing certificate ends the publisher is warned of it. Default 30.</summary>
    public int ExpiryWarningDays { get; init; } = 30;
}
