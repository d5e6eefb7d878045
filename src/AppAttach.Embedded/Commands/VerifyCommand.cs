using System.CommandLine;
using AppAttach.Contracts;
using AppAttach.Imaging.Checking;
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
        var root = new Option<string>("--root") { Description = "Folder of the volume that holds the package folders.", DefaultValueFactory = _ => "apps" };
        var json = SharedOptions.Json();
        var command = new Command("verify", "Checks the structure of an image, and its files against packages.") { image, packages, root, json };
        command.SetAction((parsed, cancellationToken) => Outcome.OfAsync(() => Task.Run(
            () => Verify(
                parsed.GetRequiredValue(image),
                parsed.GetValue(packages) ?? [],
                new CheckOptions { RootFolder = parsed.GetRequiredValue(root) },
                parsed.GetValue(json)),
            cancellationToken)));
        return command;
    }

    private static ExitCode Verify(FileInfo imageFile, FileInfo[] packageFiles, CheckOptions options, bool json)
    {
        using var image = imageFile.OpenRead();
        var streams = packageFiles.Select(file => file.OpenRead()).ToList();
        try
        {
            var report = ImageChecker.CheckAgainst(image, [.. streams.Select(stream => Package.Open(stream))], options);
            Show(report, packageFiles.Length, json);
            return report.IsSound ? ExitCode.Done : ExitCode.Failed;
        }
        finally
        {
            streams.ForEach(stream => stream.Dispose());
        }
    }

    private static void Show(CheckReport report, int packageCount, bool json)
    {
        if (json)
        {
            JsonOutput.Write(report);
            return;
        }

        foreach (var finding in report.Findings)
        {
            Console.Out.WriteLine(finding);
        }

        var content = packageCount == 0 ? "content not compared (--package names what it must hold)" : $"content compared with {packageCount} packages";
        Console.Out.WriteLine($"{(report.IsSound ? "Sound" : "Not sound")}: {report.Files} files and {report.Folders} folders, {content}.");
    }
}
