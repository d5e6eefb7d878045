using System.CommandLine;
using AppAttach.Contracts;
using AppAttach.Imaging;
using AppAttach.Imaging.Images;

namespace AppAttach.Embedded.Commands;

/// <summary><c>appattach extract IMAGE --output DIR</c>: an image's files as files.</summary>
internal static class ExtractCommand
{
    public static Command Create()
    {
        var image = SharedOptions.Image();
        var output = new Option<DirectoryInfo>("--output", "-o") { Description = "Folder to write to; must be empty or not be there.", Required = true };
        var command = new Command("extract", "Writes the files of an image into a folder.") { image, output };
        command.SetAction((parsed, cancellationToken) => Outcome.OfAsync(() => ExtractAsync(
            parsed.GetRequiredValue(image), parsed.GetRequiredValue(output), cancellationToken)));
        return command;
    }

    /// <summary>Writes into a folder beside the wanted one and renames it at the end: after a failure nothing half-done is there.</summary>
    private static async Task<ExitCode> ExtractAsync(FileInfo file, DirectoryInfo output, CancellationToken cancellationToken)
    {
        if (output.Exists && output.EnumerateFileSystemInfos().Any())
        {
            throw new IOException($"The folder {output.FullName} is not empty; name another one.");
        }

        if (File.Exists(output.FullName))
        {
            throw new IOException($"{output.FullName} is a file; name a folder.");
        }

        var missing = MissingParents(output);
        var unfinished = Directory.CreateDirectory($"{output.FullName}.{Environment.ProcessId}.extracting");
        try
        {
            await using (var stream = new FileStream(file.FullName, FileMode.Open, FileAccess.Read, FileShare.Read))
            {
                await WriteFilesAsync(ImageReader.Open(stream), unfinished.FullName, cancellationToken);
            }

            if (output.Exists)
            {
                output.Delete();
            }

            unfinished.MoveTo(output.FullName);
            return ExitCode.Done;
        }
        catch
        {
            unfinished.Delete(recursive: true);
            foreach (var folder in missing.Where(folder => !folder.EnumerateFileSystemInfos().Any()))
            {
                folder.Delete();
            }

            throw;
        }
    }

    /// <summary>The folders above that are not there yet, the deepest first.</summary>
    private static List<DirectoryInfo> MissingParents(DirectoryInfo folder)
    {
        var missing = new List<DirectoryInfo>();
        for (var parent = folder.Parent; parent is { Exists: false }; parent = parent.Parent)
        {
            missing.Add(parent);
        }

        return missing;
    }

    private static async Task WriteFilesAsync(ImageReader image, string folder, CancellationToken cancellationToken)
    {
        foreach (var entry in image.Enumerate())
        {
            var path = Path.GetFullPath(Path.Combine(folder, entry.Path));
            if (!path.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            {
                throw new InvalidInputException(
                    Defect.UnsafeName, $"The image holds '{entry.Path}', which would be written outside the output folder. Nothing was extracted.");
            }

            if (entry.IsLink)
            {
                throw new InvalidInputException(
                    Defect.ImageUnsupported, $"'{entry.Path}' is a reparse point, such as a link; those are not followed. Nothing was extracted.");
            }

            if (entry.IsFolder)
            {
                Directory.CreateDirectory(path);
                continue;
            }

            await using var source = image.OpenFile(entry.Path);
            await using (var target = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                await source.CopyToAsync(target, 1 << 20, cancellationToken);
            }

            File.SetLastWriteTimeUtc(path, entry.LastWriteTime.UtcDateTime);
        }
    }
}
