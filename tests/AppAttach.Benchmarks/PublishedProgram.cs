using System.Runtime.InteropServices;

namespace AppAttach.Benchmarks;

/// <summary>A program to measure, as it is handed out.</summary>
/// <param name="Name">Says which in the table.</param>
/// <param name="Path">Path of the executable.</param>
internal sealed record PublishedProgram(string Name, string Path)
{
    private const string Project = "src/AppAttach.Embedded";

    /// <summary>Publishes it for this system, its code compiled ahead, to be run by the .NET that is installed.</summary>
    /// <param name="folder">Takes it.</param>
    public static Task<PublishedProgram> PublishAsync(string folder) => PublishAsync("appattach", folder, "--self-contained", "false");

    /// <summary>Publishes the image commands as one native file.</summary>
    /// <param name="folder">Takes it.</param>
    /// <exception cref="InvalidOperationException">It cannot be made, most likely for want of a C compiler, which links it.</exception>
    public static Task<PublishedProgram> PublishNativeAsync(string folder) => PublishAsync("native", folder, "-p:PublishAot=true");

    private static async Task<PublishedProgram> PublishAsync(string name, string folder, params string[] options)
    {
        await Measurement.OfAsync(
            "dotnet", ["publish", System.IO.Path.Combine(FindRepository(), Project), "-c", "Release", "-r", RuntimeInformation.RuntimeIdentifier, "-o", folder, "--nologo", "-v", "quiet", .. options]);
        return new PublishedProgram(name, System.IO.Path.Combine(folder, OperatingSystem.IsWindows() ? "appattach.exe" : "appattach"));
    }

    private static string FindRepository()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (Directory.Exists(System.IO.Path.Combine(folder.FullName, Project)))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"No folder above {AppContext.BaseDirectory} has {Project}.");
    }
}
