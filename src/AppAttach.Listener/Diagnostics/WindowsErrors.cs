// Meanings: "Troubleshooting packaging, deployment, and query of Windows apps",
// https://learn.microsoft.com/windows/win32/appxpkg/troubleshooting, and "System Error Codes",
// https://learn.microsoft.com/windows/win32/debug/system-error-codes. Nothing here asks the system, so that it is the same everywhere.
namespace AppAttach.Listener.Diagnostics;

/// <summary>What the HRESULTs mean that mounting, staging and registering give, and what to do about each.</summary>
internal static class WindowsErrors
{
    private const uint Win32Facility = 0x8007_0000;
    private const string DeploymentLog = "Look into the event log Microsoft-Windows-AppXDeploymentServer/Operational.";

    /// <summary>Every HRESULT that is known here.</summary>
    public static IReadOnlyDictionary<int, WindowsError> All { get; } = new[]
    {
        Make(0x80070002, "A file was not found.", "Look whether the image is still on its share; the pipeline copies it again when it is asked to publish the package."),
        Make(0x80070003, "A folder was not found.", "Look whether the share is reachable under the path that the message names."),
        Make(0x80070005, "Access was denied.", "Give the computer's account (DOMAIN\\HOST$) the right to read the share and the files on it; locally the listener must run as LocalSystem."),
        Make(0x80070015, "The device is not ready.", "The share or its network went away while the image was in use: look at the network, the listener tries again."),
        Make(0x80070020, "Another program has the file open and shares it with nobody.", "Look who writes on the share: only the pipeline should; a scanner or a backup may hold it."),
        Make(0x80070032, "The request is not supported.", "The image lies where Windows does not attach images from, or is of a format that this Windows does not know."),
        Make(0x80070035, "The network path was not found.", "Look at the name of the file server, at DNS and at port 445."),
        Make(0x80070040, "The network name is gone.", "The file server ended the connection: look at the network and at the share's limit of handles."),
        Make(0x80070043, "The network name was not found.", "Look whether the share's name is right."),
        Make(0x80070057, "A parameter is wrong.", "Report it with the log around it."),
        Make(0x80070070, "There is not enough space.", "Free space on the system volume."),
        Make(0x80070079, "The time limit was reached.", "Look whether the share answers; the listener tries again."),
        Make(0x800700AA, "The resource is in use.", "Close the app for all users; the listener tries again."),
        Make(0x8007007E, "A library was not found.", "This Windows lacks what the image format needs: use VHDX."),
        Make(0x80070490, "The element was not found.", "Windows does not know the package any more: run 'appattach-listener repair', then stage it again."),
        Make(0x800704CF, "The network location cannot be reached.", "Look at the network of this host."),
        Make(0x8007052E, "The user name or password is wrong.", "The share does not know the computer's account: look at the domain membership and the share's identity settings."),
        Make(0x80070522, "A privilege is not held.", "Run the command as an administrator; as a service it must run as LocalSystem: install it again."),
        Make(0x80070570, "The file is corrupt.", "Copy the image again; if it comes again, look at the storage."),
        Make(0x800B0100, "There is no signature.", "Sign the package and publish it again."),
        Make(0x800B0109, "The signing certificate's root is not trusted.", "Import the certificate into LocalMachine\\TrustedPeople, or its root into LocalMachine\\Root."),
        Make(0x800B010A, "A certificate chain could not be built.", "Import the issuing certificates into LocalMachine\\CA."),
        Make(0xC03A0005, "The image's version is not supported.", "Convert the package again."),
        Make(0xC03A000C, "The image is a differencing disk without its parent.", "Convert the package again: images here have no parents."),
        Make(0xC03A0014, "No provider for this kind of image was found.", "Use VHDX or VHD, with the file extension that fits."),
        Make(0xC03A001A, "Images cannot be attached from compressed or encrypted folders, or sparse files.", "Switch compression and encryption off on the share."),
        Make(0xC0EA0001, "The image's file system is not supported.", "This Windows cannot mount CIM images: use VHDX."),
        Make(0x80073CF0, "The package could not be opened.", "Look whether it is signed and whether its publisher is the subject of the certificate. " + DeploymentLog),
        Make(0x80073CF1, "The package was not found.", "Windows does not know it any more: stage it again."),
        Make(0x80073CF2, "The package is not valid.", "Build and publish it again. " + DeploymentLog),
        Make(0x80073CF3, "A dependency is missing, or another package is in conflict.", "Install the framework packages that the manifest names for all users; remove a version from another source. " + DeploymentLog),
        Make(0x80073CF4, "There is not enough space on the disk.", "Free space on the system volume."),
        Make(0x80073CF6, "The package could not be registered.", DeploymentLog),
        Make(0x80073CF7, "The package could not be deregistered.", "Close the app for the user, then send the command again. " + DeploymentLog),
        Make(0x80073CF9, "Staging failed.", "Often a file is held open or the share went away: send the command again. " + DeploymentLog),
        Make(0x80073CFA, "Removing failed.", "Close the app for all users, then send the command again. " + DeploymentLog),
        Make(0x80073CFB, "The same version is already installed with other content.", "Remove what was installed from elsewhere, or publish a higher version."),
        Make(0x80073CFD, "This Windows lacks what the package asks for.", "Look at the manifest's TargetDeviceFamily: update Windows."),
        Make(0x80073CFF, "Sideloading is not allowed.", "Allow it by policy (AllowAllTrustedApps), and use a trusted certificate."),
        Make(0x80073D01, "A policy forbids it.", "Look at the group policies for app package deployment on this host."),
        Make(0x80073D02, "The package is in use.", "It goes on when the user has closed the app."),
        Make(0x80073D06, "A newer version is installed.", "Deregister and destage the newer version first, or leave it."),
        Make(0x80073D0A, "The Windows Firewall service does not run.", "Start the service MpsSvc."),
        Make(0x80073D10, "The package is for other processors.", "Publish the package for this host's architecture."),
        Make(0x80073D19, "The user is being signed out.", "He gets it when he signs in again."),
        Make(0x80073D1B, "The package has files that reach beyond its volume.", "Convert the package again."),
        Make(0x80073D28, "The package needs administrator rights to be deployed.", "The service must run as LocalSystem: install it again."),
        Make(0x80080204, "The manifest is not valid.", "Correct the manifest; the event log says where. " + DeploymentLog),
        Make(0x80080206, "The package's content does not fit its block map.", "Convert the package again."),
        Make(0x80004005, "It failed, and Windows does not say why.", DeploymentLog),
    }.ToDictionary(error => error.HResult);

    /// <summary>The HRESULT of a system error code (HRESULT_FROM_WIN32).</summary>
    public static int FromWin32(uint code) => unchecked((int)(code <= 0 || (code & 0x8000_0000) != 0 ? code : Win32Facility | (code & 0xFFFF)));

    /// <summary>What an HRESULT means and what to do, in one text; the number alone where it is not known here.</summary>
    public static string Explain(int hResult)
    {
        var number = $"0x{hResult:X8}";
        return All.TryGetValue(hResult, out var error)
            ? $"{error.Words} ({number}) {error.NextStep}"
            : $"Windows gave {number}. Look it up with 'certutil -error {number}'.";
    }

    private static WindowsError Make(uint hResult, string words, string nextStep) => new(unchecked((int)hResult), words, nextStep);
}
