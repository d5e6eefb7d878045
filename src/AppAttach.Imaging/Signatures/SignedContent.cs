using AppAttach.Imaging.Packages;

namespace AppAttach.Imaging.Signatures;

/// <summary>What a signature is held against: a package or a bundle, as far as a signature concerns it.</summary>
internal sealed record SignedContent
{
    /// <summary>Content of <c>AppxSignature.p7x</c>.</summary>
    public required byte[] Signature { get; init; }

    /// <summary>Whether the signature is the last part of the archive.</summary>
    public required bool IsSignatureLast { get; init; }

    /// <summary>Whether the archive is a bundle.</summary>
    public required bool IsBundle { get; init; }

    /// <summary>Publisher as the manifest has it.</summary>
    public required string Publisher { get; init; }

    /// <summary>The hash of the block map.</summary>
    public required HashMethod Method { get; init; }

    /// <summary>Digest <c>AXPC</c>, of all parts; null if the content has not been read.</summary>
    public required byte[]? PartsDigest { get; init; }

    /// <summary>Digest <c>AXCD</c>, of the directory; null if the signature is not the last part.</summary>
    public required byte[]? DirectoryDigest { get; init; }

    /// <summary>Where the first bytes stand that belong to no part, if the content has been read and there are any.</summary>
    public required long? GapOffsetBytes { get; init; }

    /// <summary>Digest <c>AXCT</c>, of <c>[Content_Types].xml</c>.</summary>
    public required byte[] ContentTypesDigest { get; init; }

    /// <summary>Digest <c>AXBM</c>, of <c>AppxBlockMap.xml</c>.</summary>
    public required byte[] BlockMapDigest { get; init; }

    /// <summary>Digest <c>AXCI</c>, of <c>AppxMetadata/CodeIntegrity.cat</c>; null if there is none.</summary>
    public required byte[]? CatalogueDigest { get; init; }
}
