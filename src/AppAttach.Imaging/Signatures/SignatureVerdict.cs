using System.Security.Cryptography.X509Certificates;

namespace AppAttach.Imaging.Signatures;

/// <summary>What became of a verification: every finding, not only the first.</summary>
public sealed record SignatureVerdict
{
    /// <summary>How much had to hold.</summary>
    public required SignatureMode Mode { get; init; }

    /// <summary>Every finding, the gravest kind first; notes last.</summary>
    public required IReadOnlyList<SignatureFinding> Findings { get; init; }

    /// <summary>Whether all that the signature covers was compared; false when the content was not read, so that the digest over the parts is unknown.</summary>
    public required bool IsComplete { get; init; }

    /// <summary>The signature, or null if there is none, it could not be read or was not looked at.</summary>
    public PackageSignature? Signature { get; init; }

    /// <summary>Certificates from the signer's up to the trusted one, or as far as they are known; empty without a signer.</summary>
    public IReadOnlyList<X509Certificate2> Chain { get; init; } = [];

    /// <summary>Whether the chain leads to a trusted certificate and is sound; known in mode <see cref="SignatureMode.Intact"/> too.</summary>
    public bool IsTrusted { get; init; }

    /// <summary>Whether the chain leads to one of Microsoft's roots and is sound.</summary>
    public bool IsMicrosoft { get; init; }

    /// <summary>The time of the timestamp, if it was honoured: then the certificate was judged as of that time.</summary>
    public DateTimeOffset? SigningTime { get; init; }

    /// <summary>Why the package is refused, or null if it is not.</summary>
    public Defect? Defect => Findings.Select(finding => finding.Defect).FirstOrDefault(defect => defect is not null);

    /// <summary>Whether nothing speaks against the package, as far as was looked.</summary>
    public bool IsAccepted => Defect is null;

    /// <summary>Refuses the package if the verdict does.</summary>
    /// <exception cref="InvalidInputException">With the gravest defect, and every finding that is one in the message.</exception>
    public void ThrowIfRefused()
    {
        if (Defect is { } defect)
        {
            throw new InvalidInputException(defect, string.Join(' ', Findings.Where(finding => finding.Defect is not null).Select(finding => finding.Message)));
        }
    }
}
