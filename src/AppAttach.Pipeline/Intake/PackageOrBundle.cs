using AppAttach.Contracts;
using AppAttach.Imaging;
using AppAttach.Imaging.Bundles;
using AppAttach.Imaging.Images;
using AppAttach.Imaging.Packages;

namespace AppAttach.Pipeline.Intake;

/// <summary>
/// What an admin drops: a package, or a bundle of which those packages are taken that hosts need. One application package is taken, for
/// a host can register one of a family; resource packages go with it into the same image.
/// </summary>
public sealed class PackageOrBundle : IDisposable
{
    private PackageOrBundle(Package package) => Packages = [package];

    private PackageOrBundle(Bundle bundle, BundleSelection selection)
    {
        (Bundle, Selection) = (bundle, selection);
        Packages = [.. selection.Packages.OrderBy(package => package.Entry.Type == BundledPackageType.Resource).Select(package => package.Open())];
    }

    /// <summary>The packages taken, the one that hosts register first.</summary>
    public IReadOnlyList<Package> Packages { get; }

    /// <summary>The package that hosts register; it gives the release its name.</summary>
    public Package Main => Packages[0];

    /// <summary>The bundle, if it is one.</summary>
    public Bundle? Bundle { get; }

    /// <summary>Which of the bundle's packages were taken, and why, if it is one.</summary>
    public BundleSelection? Selection { get; }

    /// <summary>Opens a file.</summary>
    /// <param name="stream">Readable and seekable; stays the caller's.</param>
    /// <param name="architecture">
    /// Architecture of the hosts that a bundle's packages are chosen for, such as <c>x64</c>; null to look at all of them. Without meaning for a package.
    /// </param>
    /// <param name="openBeside">Opens files beside a flat bundle, see <see cref="Imaging.Bundles.Bundle.Open"/>; null: flat bundles are refused.</param>
    /// <returns>The file.</returns>
    /// <exception cref="InvalidInputException">It is neither, or broken.</exception>
    /// <exception cref="PackageRefusedException">The bundle has no application package for the hosts.</exception>
    public static PackageOrBundle Open(Stream stream, string? architecture, Func<string, Stream?>? openBeside = null)
    {
        if (!Bundle.IsBundle(stream))
        {
            return new PackageOrBundle(Package.Open(stream));
        }

#pragma warning disable CA2000 // The file that is returned disposes of it.
        var bundle = Bundle.Open(stream, openBeside);
#pragma warning restore CA2000
        try
        {
            var selection = BundleSelection.Choose(bundle, architecture is null ? BundleTarget.All : new BundleTarget { Architectures = [architecture] });
            return selection.UnmetArchitectures.Count == 0 && selection.Packages.Count > 0
                ? new PackageOrBundle(bundle, selection)
                : throw new PackageRefusedException(new Rejection(ErrorCodes.PolicyRefused, DescribeMisfit(bundle, architecture)));
        }
        catch
        {
            bundle.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Writes the packages of one or more files into one image, and judges each file when all that its signature covers has been read.
    /// Nothing must be made of the image if this throws.
    /// </summary>
    /// <param name="files">The files.</param>
    /// <param name="options">How the image is to be.</param>
    /// <param name="output">Takes the image.</param>
    /// <param name="manifest">Takes the image's manifest.</param>
    /// <param name="gate">Judges.</param>
    /// <param name="now">As of when certificates are judged.</param>
    /// <param name="judgesFirst">Whether each file is judged before its content is read too, as far as that can be: for those that nobody has judged yet.</param>
    /// <param name="cancellationToken">Ends the work early.</param>
    /// <returns>The image, and for each file its digest and what is worth knowing.</returns>
    /// <exception cref="InvalidInputException">Content is broken.</exception>
    /// <exception cref="PackageRefusedException">The policy refuses a file.</exception>
    public static async Task<(ImageRecord Image, IReadOnlyList<(string Digest, PackageVerdict Verdict)> Files)> WriteImageAsync(
        IReadOnlyList<PackageOrBundle> files,
        ImageOptions options,
        Stream output,
        Stream manifest,
        PackageGate gate,
        DateTimeOffset now,
        bool judgesFirst,
        CancellationToken cancellationToken)
    {
        var single = files.Where(file => file.Bundle is null).ToDictionary(file => file.Main, _ => default(PackageVerdict));
        var passes = new List<BundlePass?>();
        try
        {
            var image = await ImageWriter.WriteAsync(
                [.. files.SelectMany(file => file.Packages)], options, output, CheckFirst, Check, manifest, cancellationToken: cancellationToken);
            var digests = image.Packages.ToDictionary(package => package.FullName, package => package.Digest);
            var ends = new List<(string, PackageVerdict)>();
            foreach (var (file, pass) in files.Zip(passes))
            {
                ends.Add(pass is null
                    ? (digests[file.Main.Identity.FullName], single[file.Main]!)
                    : await Task.Run(() => file.Complete(pass, gate, now), cancellationToken));
            }

            return (image, ends);
        }
        finally
        {
            passes.ForEach(pass => pass?.Dispose());
        }

        void CheckFirst()
        {
            foreach (var file in judgesFirst ? files : [])
            {
                gate.Judge(file, pass: null, now).ThrowIfRefused();
            }

            passes.AddRange(files.Select(file => file.Bundle?.StartPass(cancellationToken)));
        }

        void Check(Package package, PackageContentReader content)
        {
            if (single.ContainsKey(package))
            {
                (single[package] = gate.Judge(package, content, now)).ThrowIfRefused();
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Bundle?.Dispose();

    private static string DescribeMisfit(Bundle bundle, string? architecture)
    {
        var offered = bundle.Packages.Where(package => package.Entry.Type == BundledPackageType.Application)
            .Select(package => package.Entry.Architecture + (package.Entry.IsStub ? " (a stub)" : "")).Distinct();
        return $"{bundle.Identity.FullName} has no full application package for {architecture ?? "any"} Windows hosts; it has {string.Join(", ", offered)}.";
    }

    private (string Digest, PackageVerdict Verdict) Complete(BundlePass pass, PackageGate gate, DateTimeOffset now)
    {
        pass.Complete();
        var verdict = gate.Judge(this, pass, now);
        verdict.ThrowIfRefused();
        return (Convert.ToHexStringLower(pass.BundleDigest.Span), verdict);
    }
}
