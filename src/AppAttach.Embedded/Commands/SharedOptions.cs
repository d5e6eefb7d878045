using System.CommandLine;
using AppAttach.Embedded.Hosting;
using AppAttach.Imaging.Bundles;
using AppAttach.Imaging.Signatures;
using AppAttach.Pipeline.Intake;

namespace AppAttach.Embedded.Commands;

/// <summary>Options and arguments that several commands have; each command makes its own.</summary>
internal static class SharedOptions
{
    /// <summary><c>--json</c>.</summary>
    public static Option<bool> Json() => new("--json") { Description = "Write one JSON document for programs instead of text for people." };

    /// <summary><c>IMAGE</c>.</summary>
    public static Argument<FileInfo> Image() => new Argument<FileInfo>("IMAGE") { Description = "A disk image: VHDX, VHD or raw." }.AcceptExistingOnly();

    /// <summary><c>--trust</c>.</summary>
    public static Option<FileInfo[]> Trust() => new Option<FileInfo[]>("--trust")
    {
        Description = "Files with certificates to trust besides Microsoft's (PEM or DER): the publisher's own, an issuer's or a root.",
    }.AcceptExistingOnly();

    /// <summary><c>--signature</c>.</summary>
    public static Option<string> Signature()
    {
        var option = new Option<string>("--signature")
        {
            Description = "How much of the signature must hold: trusted = everything; intact = whole and by its publisher, any certificate; ignore = not looked at, only structure and block hashes.",
            DefaultValueFactory = _ => "trusted",
        };
        option.AcceptOnlyFromAmong("trusted", "intact", "ignore");
        return option;
    }

    /// <summary><c>--architecture</c>.</summary>
    public static Option<string> Architecture()
    {
        var option = new Option<string>("--architecture")
        {
            Description = "Architecture of the hosts that the packages of a bundle are chosen for.",
            DefaultValueFactory = _ => "x64",
        };
        option.AcceptOnlyFromAmong([.. BundleSelection.HostArchitectures]);
        return option;
    }

    /// <summary>The policy that the options ask for.</summary>
    /// <param name="signature">Value of <c>--signature</c>.</param>
    /// <param name="trust">Value of <c>--trust</c>.</param>
    /// <param name="architecture">Value of <c>--architecture</c>.</param>
    /// <returns>The policy; without limits of its own, for one's own machine.</returns>
    /// <exception cref="SettingsException">A file holds no certificate.</exception>
    public static PackagePolicy Policy(string signature, FileInfo[]? trust, string architecture = "x64") => new()
    {
        Signature = Enum.Parse<SignatureMode>(signature, ignoreCase: true),
        TrustedCertificates = [.. (trust ?? []).Select(file => TrustFiles.Read(file.FullName))],
        HostArchitecture = architecture,
        MaximumPackageBytes = long.MaxValue,
        MaximumContentBytes = long.MaxValue,
        MaximumFiles = int.MaxValue,
    };
}
