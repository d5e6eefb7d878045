using System.Globalization;
using AppAttach.Imaging.Signatures;

namespace AppAttach.Embedded.Commands;

/// <summary>What a report says about a signature.</summary>
/// <param name="Verdict">The verdict in one sentence.</param>
/// <param name="Mode">How much had to hold.</param>
/// <param name="IsSigned">Whether there is a signature at all.</param>
/// <param name="IsComplete">Whether all that it covers was compared; needs the content to be read.</param>
/// <param name="IsTrusted">Whether its certificate is trusted, fit and valid.</param>
/// <param name="IsMicrosoft">Whether its chain ends at one of Microsoft's roots.</param>
/// <param name="SignedAt">Time of the timestamp that was relied on; null: there is none.</param>
/// <param name="Chain">Certificates from the signer's up: subject, thumbprint (SHA-256), end.</param>
/// <param name="Findings">Everything found out, with the code where it refuses the package.</param>
internal sealed record SignatureReport(
    string Verdict,
    SignatureMode Mode,
    bool IsSigned,
    bool IsComplete,
    bool IsTrusted,
    bool IsMicrosoft,
    DateTimeOffset? SignedAt,
    IReadOnlyList<string> Chain,
    IReadOnlyList<SignatureFinding> Findings)
{
    /// <summary>Describes a verdict.</summary>
    /// <param name="isSigned">Whether there is a signature.</param>
    /// <param name="verdict">The verdict on it.</param>
    /// <returns>The report.</returns>
    public static SignatureReport Of(bool isSigned, SignatureVerdict verdict) => new(
        Describe(isSigned, verdict),
        verdict.Mode,
        isSigned,
        verdict.IsComplete,
        verdict.IsTrusted,
        verdict.IsMicrosoft,
        verdict.SigningTime,
        [.. verdict.Chain.Select(certificate => string.Create(
            CultureInfo.InvariantCulture,
            $"{certificate.Subject}, SHA-256 {certificate.GetCertHashString(System.Security.Cryptography.HashAlgorithmName.SHA256).ToLowerInvariant()}, until {certificate.NotAfter.ToUniversalTime():yyyy-MM-dd}"))],
        verdict.Findings);

    private static string Describe(bool isSigned, SignatureVerdict verdict)
    {
        if (!isSigned)
        {
            return verdict.Mode == SignatureMode.Ignore ? "none, as accepted by --signature ignore" : "none";
        }

        if (verdict.Mode == SignatureMode.Ignore)
        {
            return "present, not looked at, as asked by --signature ignore";
        }

        if (!verdict.IsAccepted)
        {
            return "refused: " + string.Join(' ', verdict.Findings.Where(finding => finding.Defect is not null).Select(finding => finding.Message));
        }

        var trust = verdict.IsMicrosoft ? "by Microsoft, trusted" : verdict.IsTrusted ? "trusted" : "intact; its certificate is not trusted";
        return verdict.IsComplete ? trust : trust + " so far (--full compares all content with it)";
    }
}
