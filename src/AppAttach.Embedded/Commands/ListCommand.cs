using System.CommandLine;
using AppAttach.Contracts;
using AppAttach.Imaging.Images;

namespace AppAttach.Embedded.Commands;

/// <summary><c>appattach list IMAGE</c>: what an image holds.</summary>
internal static class ListCommand
{
    public static Command Create()
    {
        var image = SharedOptions.Image();
        var json = SharedOptions.Json();
        var command = new Command("list", "Lists folders and files of an image.") { image, json };
        command.SetAction((parsed, cancellationToken) => Outcome.OfAsync(() => Task.Run(
            () => List(parsed.GetRequiredValue(image), parsed.GetValue(json)), cancellationToken)));
        return command;
    }

    private static ExitCode List(FileInfo file, bool json)
    {
        using var stream = new FileStream(file.FullName, FileMode.Open, FileAccess.Read, FileShare.Read);
        var entries = ImageReader.Open(stream).Enumerate();
        if (json)
        {
            JsonOutput.Write(entries, ReportJson.Default.IEnumerableImageEntry);
            return ExitCode.Done;
        }

        foreach (var entry in entries)
        {
            var size = entry.IsFolder ? "" : entry.SizeBytes.ToString(System.Globalization.CultureInfo.InvariantCulture);
            Console.Out.WriteLine($"{entry.LastWriteTime:yyyy-MM-dd HH:mm:ss} {size,14} {entry.Path}{(entry.IsFolder ? "/" : "")}{(entry.IsLink ? " (link)" : "")}");
        }

        return ExitCode.Done;
    }
}
