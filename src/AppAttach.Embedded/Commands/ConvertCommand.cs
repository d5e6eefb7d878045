using System.CommandLine;
using AppAttach.Contracts;
using AppAttach.Embedded.Shares;
using AppAttach.Imaging.Deltas;
using AppAttach.Imaging.Images;
using AppAttach.Imaging.Manifests;
using AppAttach.Pipeline.Catalog;
using AppAttach.Pipeline.Intake;

namespace AppAttach.Embedded.Commands;

/// <summary><c>appattach convert PACKAGE… --output IMAGE</c>: packages to one image.</summary>
internal static class ConvertCommand
{
    public static Command Create()
    {
        var packages = new Argument<FileInfo[]>("PACKAGE") { Description = "One or more packages or bundles; of a bundle, the packages for the hosts' architecture are taken.", Arity = ArgumentArity.OneOrMore }.AcceptExistingOnly();
        var output = new Option<FileInfo>("--output", "-o") { Description = "The image to write; replaced if it is there.", Required = true };
        var format = new Option<string>("--format") { Description = "Disk format.", DefaultValueFactory = _ => "vhdx" };
        format.AcceptOnlyFromAmong("vhdx", "vhd");
        var isFixed = new Option<bool>("--fixed") { Description = "All of the disk in the file, its unused parts too." };
        var root = new Option<string>("--root") { Description = "Folder of the volume that holds the package folders.", DefaultValueFactory = _ => "apps" };
        var previous = new Option<FileInfo>("--base") { Description = "An image of an earlier version, with its manifest beside it: content that it has stays where it is, and it is said how much does not." }.AcceptExistingOnly();
        var signature = SharedOptions.Signature();
        var trust = SharedOptions.Trust();
        var architecture = SharedOptions.Architecture();
        var json = SharedOptions.Json();
        var command = new Command("convert", "Converts packages to one disk image that Windows mounts as is.") { packages, output, format, isFixed, root, previous, signature, trust, architecture, json };
        command.SetAction((parsed, cancellationToken) => Outcome.OfAsync(() => ConvertAsync(
            parsed.GetRequiredValue(packages),
            parsed.GetRequiredValue(output),
            new ImageOptions
            {
                RootFolder = parsed.GetRequiredValue(root),
                Format = FormatOf(parsed.GetRequiredValue(format), parsed.GetValue(isFixed)),
            },
            parsed.GetValue(previous),
            SharedOptions.Policy(parsed.GetRequiredValue(signature), parsed.GetValue(trust), parsed.GetRequiredValue(architecture)),
            parsed.GetValue(json),
            cancellationToken)));
        return command;
    }

    private static ImageFormat FormatOf(string format, bool isFixed) => (format, isFixed) switch
    {
        ("vhd", false) => ImageFormat.VhdDynamic,
        ("vhd", true) => ImageFormat.VhdFixed,
        (_, true) => ImageFormat.VhdxFixed,
        _ => ImageFormat.VhdxDynamic,
    };

    private static async Task<ExitCode> ConvertAsync(
        FileInfo[] files,
        FileInfo output,
        ImageOptions options,
        FileInfo? previous,
        PackagePolicy policy,
        bool json,
        CancellationToken cancellationToken)
    {
        if (files.Any(file => file.FullName == output.FullName))
        {
            throw new IOException($"{output.FullName} is one of the packages; name another file for the image.");
        }

        if (Directory.Exists(output.FullName))
        {
            throw new IOException($"{output.FullName} is a folder; name a file for the image.");
        }

        // Certificates take as long to be read for the first time as a package does to be opened.
        var gating = Task.Run(() => new PackageGate(policy), cancellationToken);
        var based = previous is null ? null : BaseImage.Of(previous);
        var streams = new List<FileStream>();
        var opened = new List<PackageOrBundle>();
        try
        {
            foreach (var file in files)
            {
                streams.Add(new FileStream(file.FullName, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan));
            }

            opened.AddRange(streams.Zip(files).Select(pair => PackageOrBundle.Open(pair.First, policy.HostArchitecture, BundleInspection.Beside(pair.Second))));
            var gate = await gating;
            var manifestPath = output.FullName + ImageManifest.NameSuffix;
            await using var upload = UploadTo(output.FullName);
            await using var manifest = UploadTo(manifestPath);
            var (written, ends) = await PackageOrBundle.WriteImageAsync(
                opened, options with { Base = based?.Image }, upload.Stream, manifest.Stream, gate, DateTimeOffset.UtcNow, judgesFirst: true, cancellationToken);

            // In this order: an image is never there without its manifest, and a manifest alone harms nobody.
            await manifest.CommitAsync(cancellationToken);
            await upload.CommitAsync(cancellationToken);
            Show(written, based?.CompareWith(manifestPath), ends.SelectMany(end => end.Verdict.Notes), output, json);
            return ExitCode.Done;
        }
        finally
        {
            opened.ForEach(file => file.Dispose());
            foreach (var stream in streams)
            {
                await stream.DisposeAsync();
            }
        }
    }

    private static FileUpload UploadTo(string path) => new($"{path}.{Environment.ProcessId}.writing", path);

    private static void Show(ImageRecord written, ImageDelta? delta, IEnumerable<PackageNote> notes, FileInfo output, bool json)
    {
        if (json)
        {
            JsonOutput.Write(ConvertReport.Of(written, delta), ConvertReportJson.Default.ConvertReport);
            return;
        }

        foreach (var package in written.Packages)
        {
            Console.Out.WriteLine($"{package.FullName}");
        }

        Console.Out.WriteLine(
            $"{written.FileCount} files with {Bytes.Format(written.ContentBytes)} in {output.Name}: {Bytes.Format(written.FileLengthBytes)}, SHA-256 {written.Digest}");
        if (delta is not null)
        {
            Console.Out.WriteLine(
                $"Of the base's copy {Bytes.Format(delta.UnmovedBytes)} stay in place and {Bytes.Format(delta.MovedBytes)} move; {Bytes.Format(delta.TravelBytes)} in {delta.TravelRanges} ranges travel, {DeltaReport.Of(delta).TravelPercent} % of the image.");
        }

        foreach (var note in notes)
        {
            Console.Out.WriteLine(note);
        }
    }
}
