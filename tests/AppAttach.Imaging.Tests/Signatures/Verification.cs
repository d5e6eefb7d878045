using AppAttach.Imaging.Packages;
using AppAttach.Imaging.Signatures;

namespace AppAttach.Imaging.Tests.Signatures;

/// <summary>Verifies a package as a conversion does: in one pass, then the signature.</summary>
internal static class Verification
{
    /// <summary>A day in the life of the certificates that the tests make.</summary>
    public static DateTimeOffset Now { get; } = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);

    public static SignatureVerdict Verify(byte[] package, SignaturePolicy policy, DateTimeOffset? now = null)
    {
        using var stream = new MemoryStream(package, writable: false);
        return Verify(stream, policy, now);
    }

    public static SignatureVerdict Verify(Stream stream, SignaturePolicy policy, DateTimeOffset? now = null)
    {
        var package = Package.Open(stream);
        using var content = package.ReadContent(2);
        while (content.TryRead(out _))
        {
        }

        return new SignatureVerifier(policy).Verify(package, content, now ?? Now);
    }

    /// <summary>Without the content, as a look at a remote package does.</summary>
    public static SignatureVerdict VerifyQuickly(byte[] package, SignaturePolicy policy, DateTimeOffset? now = null)
    {
        using var stream = new MemoryStream(package, writable: false);
        return new SignatureVerifier(policy).Verify(Package.Open(stream), content: null, now ?? Now);
    }

    /// <summary>Identifiers of the findings that refuse the package.</summary>
    public static IEnumerable<string> Refusals(this SignatureVerdict verdict) =>
        verdict.Findings.Where(finding => finding.Defect is not null).Select(finding => finding.Id).Distinct();

    /// <summary>Identifiers of the notes.</summary>
    public static IEnumerable<string> Notes(this SignatureVerdict verdict) =>
        verdict.Findings.Where(finding => finding.Defect is null).Select(finding => finding.Id);
}
