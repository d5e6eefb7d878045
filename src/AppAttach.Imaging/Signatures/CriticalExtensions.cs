using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;

namespace AppAttach.Imaging.Signatures;

/// <summary>
/// Critical extensions that a chain engine may not know although they can be judged: Microsoft's application policies (1.3.6.1.4.1.311.21.10), which
/// certificates of its marketplace authorities carry, say the same as the extended key usage in the form of certificate policies.
/// <code>
/// SEQUENCE OF SEQUENCE { policyIdentifier OID, qualifiers OPTIONAL }
/// </code>
/// </summary>
internal static class CriticalExtensions
{
    private const string ApplicationPolicies = "1.3.6.1.4.1.311.21.10";

    // RFC 5280 4.2.1: those that both chain engines, OpenSSL's and Windows', process.
    private static readonly HashSet<string> Known = new(StringComparer.Ordinal)
    {
        "2.5.29.15", "2.5.29.17", "2.5.29.19", "2.5.29.30", "2.5.29.32", "2.5.29.33", "2.5.29.36", "2.5.29.37", "2.5.29.54",
    };

    /// <summary>Whether every critical extension is understood and, where it restricts what the key is for, allows the purpose.</summary>
    /// <exception cref="AsnContentException">One is malformed.</exception>
    public static bool Allow(X509Certificate2 certificate, string purpose) =>
        certificate.Extensions.Where(extension => extension.Critical).All(extension =>
            Known.Contains(extension.Oid!.Value!) || (extension.Oid.Value == ApplicationPolicies && Lists(extension.RawData, purpose)));

    private static bool Lists(byte[] policies, string purpose)
    {
        var reader = new AsnReader(policies, AsnEncodingRules.BER).ReadSequence();
        while (reader.HasData)
        {
            if (reader.ReadSequence().ReadObjectIdentifier() == purpose)
            {
                return true;
            }
        }

        return false;
    }
}
