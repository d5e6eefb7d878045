using System.CommandLine;
using AppAttach.Contracts;
using AppAttach.Imaging.Checking;
using AppAttach.Imaging.Manifests;
using AppAttach.Imaging.Packages;

namespace AppAttach.Embedded.Commands;

/// <summary><c>appattach verify IMAGE</c>: structure of an image, and content against packages.</summary>
internal static class VerifyCommand
{
    public static Command Create()
    {
        var image = SharedOptions.Image();
        var packages = new Option<FileInfo[]>("--package") { Description = "A package that the image must hold, byte for byte; may be repeated.", DefaultValueFactory = _ => [] }
            .AcceptExistingOnly();
        var manifest = new Option<FileInfo>("--manifest") { Description = "The image's manifest, to hold it against; without this option IMAGE.manifest.json, if it is there." }
            .AcceptExistingOnly();
        var root = new Option<string>("--root") { Description = "Folder of the volume that holds the package folders.", DefaultValueFactory = _ => "apps" };
        var json = SharedOptions.Json();
        var command = new Command("verify", "Checks the structure of an image, and its files against packages and against its manifest.") { image, packages, manifest, root, json };
        command.SetAction((parsed, cancellationToken) => Outcome.OfAsync(() => Task.Run(
            () => Verify(
                parsed.GetRequiredValue(image),
                parsed.GetValue(packages) ?? [],
                parsed.GetValue(manifest),
                new CheckOptions { RootFolder = parsed.GetRequiredValue(root) },
                parsed.GetValue(json)),
            cancellationToken)));
        return command;
    }

    private static ExitCode Verify(FileInfo imageFile, FileInfo[] packageFiles, FileInfo? manifestFile, CheckOptions options, bool json)
    {
        using var image = imageFile.OpenRead();
        var streams = packageFiles.Select(file => file.OpenRead()).ToList();
        try
        {
            var report = ImageChecker.CheckAgainst(image, [.. streams.Select(stream => Package.Open(stream))], options);
            var manifest = manifestFile ?? new FileInfo(imageFile.FullName + ImageManifest.NameSuffix);
            if (manifest.Exists)
            {
                using var document = manifest.OpenRead();
                var (findings, _) = ManifestChecker.Check(image, document, options);
                report = report with { Findings = [.. report.Findings, .. findings] };
            }

            Show(report, packageFiles.Length, manifest.Exists ? manifest.Name : null, json);
            return report.IsSound ? ExitCode.Done : ExitCode.Failed;
        }
        finally
        {
            streams.ForEach(stream => stream.Dispose());
        }
    }

    private static void Show(CheckReport report, int packageCount, string? manifest, bool json)
    {
        if (json)
        {
            JsonOutput.Write(report, ReportJson.Default.CheckReport);
            return;
        }

        foreach (var finding in report.Findings)
        {
            Console.Out.WriteLine(finding);
        }

        var content = packageCount == 0 ? "content not compared (--package names what it must hold)" : $"content compared with {packageCount} packages";
        content += manifest is null ? "" : $", all of it compared with {manifest}";
        Console.Out.WriteLine($"{(report.IsSound ? "Sound" : "Not sound")}: {report.Files} files and {report.Folders} folders, {content}.");
    }
}
