using System.Security.Cryptography.X509Certificates;

namespace AppAttach.Imaging.Signatures;

/// <summary>
/// What a signature is held to, and whom to trust. A certificate is trusted if it, or one above it in its chain, is among those given here: the
/// publisher's own, an issuer's or a root. The same certificates are trusted for timestamps, if they may sign those.
/// </summary>
public sealed record SignaturePolicy
{
    /// <summary>How much must hold. Default <see cref="SignatureMode.Trusted"/>.</summary>
    public SignatureMode Mode { get; init; }

    /// <summary>Trusted certificates, each item a file's content: one or more certificates in PEM, or one in DER.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> TrustedCertificates { get; init; } = [];

    /// <summary>
    /// Thumbprints of trusted certificates: SHA-256 (64 hexadecimal digits) or SHA-1 (40), colons and spaces allowed. The certificate itself must come
    /// along with the signature or be among the other trusted ones.
    /// </summary>
    public IReadOnlyList<string> TrustedThumbprints { get; init; } = [];

    /// <summary>
    /// The only publishers to accept in mode <see cref="SignatureMode.Trusted"/>, each a distinguished name as a manifest writes it; compared by
    /// its parts, not as text. Empty: whoever has a trusted certificate.
    /// </summary>
    public IReadOnlyList<string> Publishers { get; init; } = [];

    /// <summary>Whether Microsoft's roots are trusted (<see cref="MicrosoftRoots"/>). Default true.</summary>
    public bool TrustsMicrosoft { get; init; } = true;

    /// <summary>Gives the roots that the machine trusts, if they are to count; asked once, and only when a chain is judged.</summary>
    public Func<X509Certificate2Collection>? MachineRoots { get; init; }
}
