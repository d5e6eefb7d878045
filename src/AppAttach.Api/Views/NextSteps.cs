using AppAttach.Contracts;

namespace AppAttach.Api.Views;

/// <summary>What to do about a code, in a sentence; the page of the messages says more.</summary>
public static class NextSteps
{
    private static readonly Dictionary<string, string> ByCode = new(StringComparer.Ordinal)
    {
        [ErrorCodes.SignatureMissing] = "Ask the publisher for a signed package, or sign it.",
        [ErrorCodes.SignatureInvalid] = "The file was changed after it was signed: fetch it again from its publisher.",
        [ErrorCodes.PublisherUntrusted] = "If you trust the publisher, put its certificate into the folder trust and start the host again.",
        [ErrorCodes.PublisherMismatch] = "Ask the publisher: the manifest names somebody else than the certificate.",
        [ErrorCodes.VersionConflict] = "Give the package a new version: this one was released with other content.",
        [ErrorCodes.PolicyRefused] = "Drop a package for this deployment's processors and Windows, or change the policy.",
        [ErrorCodes.LimitExceeded] = "Make the package smaller, or raise the limit that the message names.",
        [ErrorCodes.ShareUnavailable] = "See that the region's share can be reached and has room; the copy is tried again.",
        [ErrorCodes.SourceUnavailable] = "Open the address yourself; when it gives the package, ask for it again.",
        [ErrorCodes.ImageMissing] = "See that the host reaches the share and that the image is there.",
        [ErrorCodes.MountFailed] = "Run appattach-listener check on the host.",
        [ErrorCodes.RegistrationFailed] = "Look at the host's log for the Windows error; it is tried again.",
        [ErrorCodes.DependencyMissing] = "Bring the framework package to the hosts first.",
        [ErrorCodes.PathNotAllowed] = "Add the share to the listener's allowed roots on the host.",
        [ErrorCodes.NoAnswer] = "See whether the host is on and its listener runs: appattach-listener check.",
        [ErrorCodes.HostUnfit] = "Update the host as the message says, or assign the app to other pools.",
        [ErrorCodes.GateBroken] = "Look at the failures by code; mend them and start the rollout again.",
        [ErrorCodes.InUse] = "Nothing: it goes when the last user has left it.",
        [ErrorCodes.CommandExpired] = "Nothing, if the host was off: it is told again when it says hello.",
    };

    /// <summary>What to do.</summary>
    /// <param name="code">A stable code; null or an unknown one: look at the message.</param>
    /// <returns>A sentence.</returns>
    public static string Of(string? code) => code switch
    {
        null => "Read what the message says.",
        _ when ByCode.TryGetValue(code, out var step) => step,
        _ => ErrorCodes.All.GetValueOrDefault(code, ErrorKind.CallHuman) switch
        {
            ErrorKind.Retry => "It is tried again by itself; look if it stays.",
            ErrorKind.Reject => "Mend what the message names and drop or ask again.",
            _ => "Look at the log of the pipeline: this should not happen.",
        },
    };
}
