using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using AppAttach.Contracts;
using AppAttach.Imaging;
using AppAttach.Imaging.Bundles;
using AppAttach.Imaging.Packages;
using AppAttach.Imaging.Signatures;
using AppAttach.Pipeline.Catalog;

namespace AppAttach.Pipeline.Intake;

/// <summary>
/// Holds packages to a policy: before their content is read, so that most of what is wrong is known at once, and again when all of
/// it has been, so that the signature is compared with everything it covers.
/// </summary>
public sealed class PackageGate
{
    private const string Neutral = "neutral";

    // Notes that ask for something to be done before long. The others are only said.
    private static readonly HashSet<string> Warnings =
        ["timestamp-missing", "timestamp-ignored", "timestamp-not-for-lifetime", "certificate-expires", "certificate-untrusted", "certificate-validity", "certificate-purpose"];

    private readonly PackagePolicy _policy;
    private readonly SignatureVerifier _signatures;

    /// <summary>Makes the gate of a policy.</summary>
    /// <param name="policy">The policy.</param>
    /// <exception cref="ArgumentException">A certificate, thumbprint or publisher of the policy cannot be read.</exception>
    public PackageGate(PackagePolicy policy)
    {
        _policy = policy;
        if (!BundleSelection.HostArchitectures.Contains(policy.HostArchitecture))
        {
            throw new ArgumentException($"'{policy.HostArchitecture}' is no architecture of hosts; {string.Join(", ", BundleSelection.HostArchitectures)} are.", nameof(policy));
        }

        _signatures = new SignatureVerifier(new SignaturePolicy
        {
            Mode = policy.Signature,
            TrustedCertificates = [.. policy.TrustedCertificates.Select(pem => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(pem))],
            TrustedThumbprints = policy.TrustedThumbprints,
            TrustsMicrosoft = policy.TrustsMicrosoft,
            Publishers = policy.Publishers,
            MachineRoots = policy.TrustsMachineRoots ? ReadMachineRoots : null,
        });
    }

    /// <summary>Checks the length of a file before anything of it is read.</summary>
    /// <param name="name">Its name, for the message.</param>
    /// <param name="sizeBytes">Its length, in bytes.</param>
    /// <exception cref="PackageRefusedException">It is too long.</exception>
    public void RequireSize(string name, long sizeBytes)
    {
        if (sizeBytes > _policy.MaximumPackageBytes)
        {
            throw new PackageRefusedException(OverLimit($"{name} has {sizeBytes} bytes", $"{_policy.MaximumPackageBytes} bytes"));
        }
    }

    /// <summary>Opens a file, with the packages of a bundle chosen for the hosts of the policy.</summary>
    /// <param name="stream">Readable and seekable; stays the caller's.</param>
    /// <returns>The file.</returns>
    /// <exception cref="InvalidInputException">It is neither package nor bundle, or broken; a flat bundle, whose packages lie beside it.</exception>
    /// <exception cref="PackageRefusedException">A bundle has nothing for the hosts.</exception>
    public PackageOrBundle Open(Stream stream) => PackageOrBundle.Open(stream, _policy.HostArchitecture);

    /// <summary>Opens a file to look at it: of a bundle all packages, for hosts of any kind.</summary>
    /// <param name="stream">Readable and seekable; stays the caller's.</param>
    /// <param name="openBeside">Opens files beside a flat bundle; null: flat bundles are refused.</param>
    /// <returns>The file.</returns>
    /// <exception cref="InvalidInputException">It is neither package nor bundle, or broken.</exception>
    public static PackageOrBundle OpenWhole(Stream stream, Func<string, Stream?>? openBeside = null) =>
        PackageOrBundle.Open(stream, architecture: null, openBeside);

    /// <summary>Judges what was dropped.</summary>
    /// <param name="file">The package or bundle.</param>
    /// <param name="pass">A pass over a bundle that has come to its end, or null: then what the signature says of the content is not compared.</param>
    /// <param name="now">As of when certificates are judged.</param>
    /// <returns>The verdict, with every finding.</returns>
    /// <exception cref="InvalidInputException">A part that is needed cannot be read.</exception>
    public PackageVerdict Judge(PackageOrBundle file, BundlePass? pass, DateTimeOffset now)
    {
        if (file.Bundle is not { } bundle)
        {
            return Judge(file.Main, content: null, now);
        }

        var verdict = Conclude(_signatures.Verify(bundle, pass, now), file.Packages, now);
        return verdict with { Notes = [.. verdict.Notes, .. Describe(file.Selection!)] };
    }

    /// <summary>Judges a package.</summary>
    /// <param name="package">The package; no pass over its content is under way.</param>
    /// <param name="content">A pass that has come to its end, or null: then what the signature says of the content is not compared.</param>
    /// <param name="now">As of when certificates are judged.</param>
    /// <returns>The verdict, with every finding.</returns>
    /// <exception cref="InvalidInputException">A part that is needed cannot be read.</exception>
    public PackageVerdict Judge(Package package, PackageContentReader? content, DateTimeOffset now) =>
        Conclude(_signatures.Verify(package, content, now), [package], now);

    private PackageVerdict Conclude(SignatureVerdict signature, IReadOnlyList<Package> packages, DateTimeOffset now)
    {
        var refusals = signature.Findings
            .Where(finding => finding.Defect is not null)
            .Select(finding => new Rejection(InvalidInputException.CodeOf(finding.Defect!.Value), finding.Message))
            .Concat(packages.SelectMany(FindRefusals));
        var notes = signature.Findings
            .Where(finding => finding.Defect is null)
            .Select(finding => new PackageNote(finding.Id, Warnings.Contains(finding.Id), finding.Message))
            .Concat(FindNotes(packages[0].Manifest, signature, now));
        return new PackageVerdict(signature, [.. refusals], [.. notes.OrderByDescending(note => note.IsWarning)]);
    }

    private static IEnumerable<PackageNote> Describe(BundleSelection selection)
    {
        string List(bool isTaken) => string.Join(", ", selection.Choices.Where(choice => choice.IsTaken == isTaken)
            .Select(choice => $"{choice.Package.Identity.FullName} ({choice.Reason})"));
        yield return new PackageNote("bundle-taken", false, $"Taken of the bundle: {List(isTaken: true)}.");
        if (selection.Choices.Any(choice => !choice.IsTaken))
        {
            yield return new PackageNote("bundle-left", false, $"Left in the bundle: {List(isTaken: false)}.");
        }

        if (selection.OptionalBundles.Count > 0)
        {
            yield return new PackageNote(
                "optional-bundles", false, $"Optional bundles that it names are files of their own: {string.Join(", ", selection.OptionalBundles.Select(optional => optional.Name))}.");
        }
    }

    private static X509Certificate2Collection ReadMachineRoots()
    {
        using var store = new X509Store(StoreName.Root, StoreLocation.LocalMachine, OpenFlags.ReadOnly | OpenFlags.OpenExistingOnly);
        return store.Certificates;
    }

    private static Rejection OverLimit(string what, string limit) =>
        new(ErrorCodes.LimitExceeded, $"{what}; the limit of this deployment is {limit}.");

    private IEnumerable<Rejection> FindRefusals(Package package)
    {
        var identity = package.Identity;
        if (_policy.Architectures.Count > 0
            && !string.Equals(identity.Architecture, Neutral, StringComparison.OrdinalIgnoreCase)
            && !_policy.Architectures.Contains(identity.Architecture, StringComparer.OrdinalIgnoreCase))
        {
            yield return new Rejection(
                ErrorCodes.PolicyRefused,
                $"{identity.FullName} is for {identity.Architecture}; this deployment takes {string.Join(", ", _policy.Architectures)} and {Neutral}.");
        }

        if (_policy.HostWindows is { } hosts && package.Manifest.MinimumWindows is { } needed && needed > hosts)
        {
            yield return new Rejection(
                ErrorCodes.PolicyRefused, $"{identity.FullName} needs Windows {needed} or later; the lowest that hosts of this deployment have is {hosts}.");
        }

        if (package.ContentSizeBytes > _policy.MaximumContentBytes)
        {
            yield return OverLimit($"{identity.FullName} unpacks to {package.ContentSizeBytes} bytes", $"{_policy.MaximumContentBytes} bytes");
        }

        if (package.Files.Count > _policy.MaximumFiles)
        {
            yield return OverLimit($"{identity.FullName} has {package.Files.Count} files", $"{_policy.MaximumFiles} files");
        }
    }

    private IEnumerable<PackageNote> FindNotes(PackageManifest manifest, SignatureVerdict signature, DateTimeOffset now)
    {
        if (signature.Chain is [var certificate, ..])
        {
            DateTimeOffset end = certificate.NotAfter.ToUniversalTime();
            if (end >= now && end <= now.AddDays(_policy.ExpiryWarningDays))
            {
                var consequence = signature.SigningTime is null
                    ? "after that day this package cannot be published again, and new users may not get it"
                    : "this package has a timestamp and outlives it; the next one needs a new certificate";
                yield return new PackageNote(
                    "certificate-expires", true, string.Create(CultureInfo.InvariantCulture, $"The signing certificate ends on {end:yyyy-MM-dd}: {consequence}."));
            }
        }

        if (manifest.MinimumWindows is null)
        {
            yield return new PackageNote(
                "not-for-desktop", true, "The manifest names neither Windows.Desktop nor Windows.Universal: hosts will not register it.");
        }

        if (manifest.Dependencies.Count > 0)
        {
            yield return new PackageNote(
                "dependencies",
                false,
                $"Hosts must have {string.Join(", ", manifest.Dependencies.Select(dependency => $"{dependency.Name} {dependency.MinVersion} or later"))}.");
        }

        if (manifest.MainPackages.Count > 0)
        {
            yield return new PackageNote(
                "main-package", false, $"It adds to {string.Join(", ", manifest.MainPackages.Select(main => main.Name))}, which hosts must have.");
        }
    }
}
