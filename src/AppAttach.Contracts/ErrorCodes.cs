namespace AppAttach.Contracts;

/// <summary>
/// Every stable code that this software gives for something that went wrong, with its kind. Codes are added, never renamed:
/// scripts and alerts depend on them. <c>README.md</c> beside this file says what to do about each.
/// </summary>
public static class ErrorCodes
{
    // Packages (Imaging.Defect has the same names; a test holds the two lists together).

    /// <summary>Neither a package nor a bundle.</summary>
    public const string NotAPackage = "not-a-package";

    /// <summary>The ZIP archive contradicts itself or the MSIX profile of ZIP.</summary>
    public const string ZipCorrupt = "zip-corrupt";

    /// <summary>There is no block map.</summary>
    public const string BlockmapMissing = "blockmap-missing";

    /// <summary>The block map is not well-formed or does not fit the archive.</summary>
    public const string BlockmapInvalid = "blockmap-invalid";

    /// <summary>Content does not match the block map.</summary>
    public const string BlockmapMismatch = "blockmap-mismatch";

    /// <summary>There is no <c>[Content_Types].xml</c>.</summary>
    public const string ContentTypesMissing = "content-types-missing";

    /// <summary><c>[Content_Types].xml</c> is not well-formed.</summary>
    public const string ContentTypesInvalid = "content-types-invalid";

    /// <summary>There is no manifest.</summary>
    public const string ManifestMissing = "manifest-missing";

    /// <summary>The manifest is not well-formed or lacks what Windows needs.</summary>
    public const string ManifestInvalid = "manifest-invalid";

    /// <summary>A bundle's manifest contradicts its packages.</summary>
    public const string BundleInvalid = "bundle-invalid";

    /// <summary>The package is encrypted.</summary>
    public const string Encrypted = "encrypted";

    /// <summary>A name that Windows or NTFS cannot hold, or that leads out of the package.</summary>
    public const string UnsafeName = "unsafe-name";

    /// <summary>A count, size or depth over its limit.</summary>
    public const string LimitExceeded = "limit-exceeded";

    /// <summary>The package is not signed.</summary>
    public const string SignatureMissing = "signature-missing";

    /// <summary>The signature is malformed, is not by its certificate, or does not cover the package as it is.</summary>
    public const string SignatureInvalid = "signature-invalid";

    /// <summary>The manifest's publisher is not the subject of the signing certificate.</summary>
    public const string PublisherMismatch = "publisher-mismatch";

    /// <summary>The signing certificate is none that is trusted, may not sign code, or was not valid at the time.</summary>
    public const string PublisherUntrusted = "publisher-untrusted";

    /// <summary>The same package full name was released before with other content.</summary>
    public const string VersionConflict = "version-conflict";

    /// <summary>The package is sound, but not what this deployment takes: another processor, a newer Windows.</summary>
    public const string PolicyRefused = "policy-refused";

    // Images and shares.

    /// <summary>A disk image contradicts itself or its checksums.</summary>
    public const string ImageCorrupt = "image-corrupt";

    /// <summary>A disk image uses what this reader does not read.</summary>
    public const string ImageUnsupported = "image-unsupported";

    /// <summary>An image does not hold what it should: another digest, other files, another package.</summary>
    public const string ImageMismatch = "image-mismatch";

    /// <summary>The document beside an image that says what is in it is damaged, or of a version not known here.</summary>
    public const string ImageManifestInvalid = "image-manifest-invalid";

    /// <summary>The image file was not found where the command says.</summary>
    public const string ImageMissing = "image-missing";

    /// <summary>A share cannot be reached or refuses.</summary>
    public const string ShareUnavailable = "share-unavailable";

    /// <summary>The address that a package is to be fetched from does not give it.</summary>
    public const string SourceUnavailable = "source-unavailable";

    /// <summary>The dropped file was replaced or removed while it was being worked on.</summary>
    public const string DropChanged = "drop-changed";

    // Commands and hosts.

    /// <summary>The command came after its deadline.</summary>
    public const string CommandExpired = "command-expired";

    /// <summary>The command is for another host, or of a kind or shape this listener does not know.</summary>
    public const string CommandRefused = "command-refused";

    /// <summary>The image path lies under none of the allowed share roots.</summary>
    public const string PathNotAllowed = "path-not-allowed";

    /// <summary>The image could not be mounted.</summary>
    public const string MountFailed = "mount-failed";

    /// <summary>The package is not staged on this host.</summary>
    public const string NotStaged = "not-staged";

    /// <summary>Registration for a user failed.</summary>
    public const string RegistrationFailed = "registration-failed";

    /// <summary>A framework package that the package needs is not on the host, or too old.</summary>
    public const string DependencyMissing = "dependency-missing";

    /// <summary>The package is in use; it goes when the last user has left it.</summary>
    public const string InUse = "in-use";

    /// <summary>No outcome arrived by the deadline.</summary>
    public const string NoAnswer = "no-answer";

    /// <summary>The host cannot take the release: another processor, an older Windows, a framework or certificate that is missing, too little space.</summary>
    public const string HostUnfit = "host-unfit";

    // Rollouts and requests.

    /// <summary>Too many hosts of a ring failed, or too few succeeded.</summary>
    public const string GateBroken = "gate-broken";

    /// <summary>A request names something that does not exist.</summary>
    public const string NotFound = "not-found";

    /// <summary>A request does not fit where things stand, such as resuming a rollout that is over.</summary>
    public const string StateConflict = "state-conflict";

    /// <summary>The API wants to know who calls.</summary>
    public const string SignInRequired = "sign-in-required";

    /// <summary>The caller may not do this, or may not do it from there.</summary>
    public const string AccessDenied = "access-denied";

    // Anything else.

    /// <summary>A message is not of a known type or not well-formed.</summary>
    public const string MessageInvalid = "message-invalid";

    /// <summary>An invariant does not hold; the message says which.</summary>
    public const string Internal = "internal";

    /// <summary>Every code with its kind.</summary>
    public static IReadOnlyDictionary<string, ErrorKind> All { get; } = new SortedDictionary<string, ErrorKind>(StringComparer.Ordinal)
    {
        [NotAPackage] = ErrorKind.Reject,
        [ZipCorrupt] = ErrorKind.Reject,
        [BlockmapMissing] = ErrorKind.Reject,
        [BlockmapInvalid] = ErrorKind.Reject,
        [BlockmapMismatch] = ErrorKind.Reject,
        [ContentTypesMissing] = ErrorKind.Reject,
        [ContentTypesInvalid] = ErrorKind.Reject,
        [ManifestMissing] = ErrorKind.Reject,
        [ManifestInvalid] = ErrorKind.Reject,
        [BundleInvalid] = ErrorKind.Reject,
        [Encrypted] = ErrorKind.Reject,
        [UnsafeName] = ErrorKind.Reject,
        [LimitExceeded] = ErrorKind.Reject,
        [SignatureMissing] = ErrorKind.Reject,
        [SignatureInvalid] = ErrorKind.Reject,
        [PublisherMismatch] = ErrorKind.Reject,
        [PublisherUntrusted] = ErrorKind.Reject,
        [VersionConflict] = ErrorKind.Reject,
        [PolicyRefused] = ErrorKind.Reject,
        [ImageCorrupt] = ErrorKind.CallHuman,
        [ImageUnsupported] = ErrorKind.Reject,
        [ImageMismatch] = ErrorKind.CallHuman,
        [ImageManifestInvalid] = ErrorKind.Reject,
        [ImageMissing] = ErrorKind.Retry,
        [ShareUnavailable] = ErrorKind.Retry,
        [SourceUnavailable] = ErrorKind.Retry,
        [DropChanged] = ErrorKind.Reject,
        [CommandExpired] = ErrorKind.Reject,
        [CommandRefused] = ErrorKind.Reject,
        [PathNotAllowed] = ErrorKind.Reject,
        [MountFailed] = ErrorKind.Retry,
        [NotStaged] = ErrorKind.Reject,
        [RegistrationFailed] = ErrorKind.Retry,
        [DependencyMissing] = ErrorKind.Retry,
        [InUse] = ErrorKind.Retry,
        [NoAnswer] = ErrorKind.Retry,
        [HostUnfit] = ErrorKind.Reject,
        [GateBroken] = ErrorKind.Reject,
        [NotFound] = ErrorKind.Reject,
        [StateConflict] = ErrorKind.Reject,
        [SignInRequired] = ErrorKind.Reject,
        [AccessDenied] = ErrorKind.Reject,
        [MessageInvalid] = ErrorKind.Reject,
        [Internal] = ErrorKind.CallHuman,
    };
}
