using System.Runtime.InteropServices;

namespace AppAttach.Benchmarks;

/// <summary>The program as it is handed out: published for this system, with its code compiled ahead.</summary>
internal static class PublishedProgram
{
    private const string Project = "src/AppAttach.Embedded";

    /// <summary>Publishes it into a folder and returns its path.</summary>
    public static async Task<string> PublishAsync(string folder)
    {
        await Measurement.OfAsync(
            "dotnet", "publish", Path.Combine(FindRepository(), Project), "-c", "Release", "-r", RuntimeInformation.RuntimeIdentifier,
            "--self-contained", "false", "-o", folder, "--nologo", "-v", "quiet");
        return Path.Combine(folder, OperatingSystem.IsWindows() ? "appattach.exe" : "appattach");
    }

    private static string FindRepository()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (Directory.Exists(Path.Combine(folder.FullName, Project)))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"No folder above {AppContext.BaseDirectory} has {Project}.");
    }
}
