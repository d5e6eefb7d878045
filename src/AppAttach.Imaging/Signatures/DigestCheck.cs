namespace AppAttach.Imaging.Signatures;

/// <summary>Holds the digests of a signature against the package: whether it covers exactly what is there.</summary>
internal static class DigestCheck
{
    /// <summary>Compares everything, and adds what differs.</summary>
    public static void Check(PackageSignature signature, SignedContent content, FindingList findings)
    {
        void Refuse(string id, string message) => findings.Add(id, Defect.SignatureInvalid, message);

        if (signature.IsBundle != content.IsBundle)
        {
            var (signed, actual) = signature.IsBundle ? ("bundle", "package") : ("package", "bundle");
            Refuse("signature-kind", $"The signature is that of a {signed}, and this is a {actual}.");
        }

        if (!content.IsSignatureLast)
        {
            Refuse("signature-position", "AppxSignature.p7x is not the last part of the archive; what stands behind it is not covered.");
        }

        if (content.GapOffsetBytes is { } gap)
        {
            Refuse("uncovered-bytes", $"The bytes at {gap} belong to no part of the archive, so the signature does not cover them.");
        }

        if (signature.Method != content.Method)
        {
            Refuse("hash-method", $"The signature has digests of {signature.HashMethod}, the block map of {content.Method.Identifier}; they must be the same.");
            return;
        }

        Compare(signature.Digests.Parts, content.PartsDigest, "digest-parts", "The parts of the archive (AXPC)", findings);
        Compare(signature.Digests.Directory, content.DirectoryDigest, "digest-directory", "The archive's directory (AXCD)", findings);
        Compare(signature.Digests.ContentTypes, content.ContentTypesDigest, "digest-content-types", "[Content_Types].xml (AXCT)", findings);
        Compare(signature.Digests.BlockMap, content.BlockMapDigest, "digest-block-map", "AppxBlockMap.xml (AXBM)", findings);
        CheckCatalogue(signature.Digests.Catalogue, content.CatalogueDigest, findings);
        if (content.PartsDigest is null && content.IsSignatureLast)
        {
            findings.Add("content-not-read", null, "The content was not read, so the digest over all parts of the archive (AXPC) was not compared.");
        }
    }

    private static void CheckCatalogue(ReadOnlyMemory<byte>? signed, byte[]? actual, FindingList findings)
    {
        if (signed is null && actual is not null)
        {
            findings.Add("digest-catalogue", Defect.SignatureInvalid, "The signature does not cover AppxMetadata/CodeIntegrity.cat (AXCI), which is there.");
        }
        else if (signed is not null && actual is null)
        {
            findings.Add("digest-catalogue", Defect.SignatureInvalid, "The signature covers AppxMetadata/CodeIntegrity.cat (AXCI), which is not there.");
        }
        else if (signed is { } digest)
        {
            Compare(digest, actual, "digest-catalogue", "AppxMetadata/CodeIntegrity.cat (AXCI)", findings);
        }
    }

    private static void Compare(ReadOnlyMemory<byte> signed, byte[]? actual, string id, string what, FindingList findings)
    {
        if (actual is not null && !signed.Span.SequenceEqual(actual))
        {
            findings.Add(id, Defect.SignatureInvalid, $"{what} changed after signing: the digest differs from the signature's.");
        }
    }
}
