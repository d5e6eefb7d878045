namespace AppAttach.Imaging.Signatures;

/// <summary>Object identifiers of signatures, each with the document that gives it its meaning.</summary>
internal static class ObjectIdentifiers
{
    // RFC 5652.
    public const string SignedData = "1.2.840.113549.1.7.2";
    public const string ContentType = "1.2.840.113549.1.9.3";
    public const string MessageDigest = "1.2.840.113549.1.9.4";
    public const string SigningTime = "1.2.840.113549.1.9.5";
    public const string Countersignature = "1.2.840.113549.1.9.6";

    // Windows Authenticode Portable Executable Signature Format; osslsigncode's names for MSIX.
    public const string SpcIndirectData = "1.3.6.1.4.1.311.2.1.4";
    public const string SpcSipInfo = "1.3.6.1.4.1.311.2.1.30";
    public const string MicrosoftTimestamp = "1.3.6.1.4.1.311.3.3.1";
    public const string LifetimeSigning = "1.3.6.1.4.1.311.10.3.13";

    // RFC 3161.
    public const string TimestampInfo = "1.2.840.113549.1.9.16.1.4";

    // RFC 5280, 4.2.1.12.
    public const string CodeSigning = "1.3.6.1.5.5.7.3.3";
    public const string TimeStamping = "1.3.6.1.5.5.7.3.8";

    // RFC 8017, RFC 5754, RFC 5758.
    public const string Rsa = "1.2.840.113549.1.1.1";
    public const string RsaPss = "1.2.840.113549.1.1.10";
    public const string Mgf1 = "1.2.840.113549.1.1.8";
    public const string Sha1WithRsa = "1.2.840.113549.1.1.5";
    public const string Sha256WithRsa = "1.2.840.113549.1.1.11";
    public const string Sha384WithRsa = "1.2.840.113549.1.1.12";
    public const string Sha512WithRsa = "1.2.840.113549.1.1.13";
    public const string EcPublicKey = "1.2.840.10045.2.1";
    public const string EcdsaWithSha256 = "1.2.840.10045.4.3.2";
    public const string EcdsaWithSha384 = "1.2.840.10045.4.3.3";
    public const string EcdsaWithSha512 = "1.2.840.10045.4.3.4";
    public const string Sha1 = "1.3.14.3.2.26";
    public const string Sha256 = "2.16.840.1.101.3.4.2.1";
    public const string Sha384 = "2.16.840.1.101.3.4.2.2";
    public const string Sha512 = "2.16.840.1.101.3.4.2.3";
}
