namespace AppAttach.Imaging;

/// <summary>
/// What is wrong with an input, as far as a program needs to know. Each value has a stable code for messages and
/// records, its name in kebab case (<see cref="InvalidInputException.Code"/>); values are added, never renamed.
/// </summary>
public enum Defect
{
    /// <summary><c>not-a-package</c>: neither a package nor a bundle; the end of a ZIP archive was not found.</summary>
    NotAPackage,

    /// <summary><c>zip-corrupt</c>: a ZIP archive whose records contradict each other or the MSIX profile of ZIP.</summary>
    ZipCorrupt,

    /// <summary><c>blockmap-missing</c>: there is no <c>AppxBlockMap.xml</c>.</summary>
    BlockmapMissing,

    /// <summary><c>blockmap-invalid</c>: the block map is not well-formed, or does not fit the archive's parts.</summary>
    BlockmapInvalid,

    /// <summary><c>blockmap-mismatch</c>: content does not have the size or hash that the block map gives.</summary>
    BlockmapMismatch,

    /// <summary><c>content-types-missing</c>: there is no <c>[Content_Types].xml</c>.</summary>
    ContentTypesMissing,

    /// <summary><c>content-types-invalid</c>: <c>[Content_Types].xml</c> is not well-formed or not an OPC content types part.</summary>
    ContentTypesInvalid,

    /// <summary><c>manifest-missing</c>: there is neither <c>AppxManifest.xml</c> nor a bundle manifest.</summary>
    ManifestMissing,

    /// <summary><c>manifest-invalid</c>: the manifest is not well-formed or lacks what Windows needs.</summary>
    ManifestInvalid,

    /// <summary><c>bundle-invalid</c>: a bundle's manifest contradicts its packages.</summary>
    BundleInvalid,

    /// <summary><c>encrypted</c>: an encrypted package; it can be installed by the Store only.</summary>
    Encrypted,

    /// <summary><c>unsafe-name</c>: a part's name that Windows or NTFS cannot hold, or that leads out of the package.</summary>
    UnsafeName,

    /// <summary><c>limit-exceeded</c>: a count, size or depth over the named limit.</summary>
    LimitExceeded,

    /// <summary><c>signature-missing</c>: there is no <c>AppxSignature.p7x</c>.</summary>
    SignatureMissing,

    /// <summary><c>signature-invalid</c>: the signature is malformed, is not by its certificate, or does not cover the package as it is.</summary>
    SignatureInvalid,

    /// <summary><c>publisher-mismatch</c>: the manifest's publisher is not the subject of the signing certificate.</summary>
    PublisherMismatch,

    /// <summary><c>publisher-untrusted</c>: the signing certificate is none that is trusted, may not sign code, or was not valid at the time.</summary>
    PublisherUntrusted,

    /// <summary><c>image-corrupt</c>: a disk image whose structures contradict each other or their checksums.</summary>
    ImageCorrupt,

    /// <summary><c>image-unsupported</c>: a sound image that uses what this reader does not read; the message names it.</summary>
    ImageUnsupported,

    /// <summary><c>image-mismatch</c>: an image whose files are not those of the packages it was held against.</summary>
    ImageMismatch,

    /// <summary><c>image-manifest-invalid</c>: the document beside an image that says what is in it is damaged, or of a version not known here.</summary>
    ImageManifestInvalid,
}
