using System.Diagnostics;

namespace AppAttach.Embedded.Tests.EndToEnd;

/// <summary>The data folder of a demo, looked at from outside; nothing of it stays mounted when the test ends.</summary>
internal sealed class DemoFolder : IAsyncDisposable
{
    public static readonly string[] Hosts = ["north-1", "north-2", "south-1", "south-2"];
    public static readonly string[] Regions = ["north", "south"];

    private readonly TemporaryFolder _folder = new();

    public string Path => _folder.PathOf("data");

    /// <summary>Path of an image on a region's share.</summary>
    public string CopyOf(string fullName, string region) => _folder.PathOf("data", "shares", region, fullName + ".vhdx");

    /// <summary>A file of the test's own beside the data folder.</summary>
    public string PathOf(string name) => _folder.PathOf(name);

    /// <summary>Names of what lies on the shares and in the hub.</summary>
    public IReadOnlyList<string> Images() =>
    [
        .. ((string[])["images", "shares/north", "shares/south"])
            .SelectMany(name => Directory.EnumerateFileSystemEntries(System.IO.Path.Combine(Path, name)))
            .Select(path => System.IO.Path.GetRelativePath(Path, path))
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>Full names registered on a host, with the user of each.</summary>
    public IReadOnlyList<(string User, string Package)> Registered(string host) => RegistrationFiles.Read(System.IO.Path.Combine(Path, "hosts", host));

    /// <summary>Command lines of the processes that have the folder in theirs.</summary>
    public IReadOnlyList<string> Running() =>
        [.. Process.GetProcesses().Select(process => CommandOf(process.Id)).Where(command => command.Contains(Path, StringComparison.Ordinal))];

    /// <summary>Fails if anything below the folder is still mounted, a loop device shows a file below it, or a process works for it.</summary>
    public async Task RequireNothingUpAsync()
    {
        // A file system that was unmounted ends its program a moment later.
        await Eventually.IsTrueAsync(() => Running().Count == 0, "every process of the demo has ended");
        Assert.Empty(MountsBelow(Path));
        if (Judge.Find("losetup") is not null)
        {
            Assert.DoesNotContain(Path, await Judge.PassAsync("losetup", "--list", "--output", "BACK-FILE"), StringComparison.Ordinal);
        }
    }

    /// <summary>Mount points below a folder, the innermost last, from the kernel's table.</summary>
    public static IReadOnlyList<string> MountsBelow(string folder) => File.Exists("/proc/self/mountinfo")
        ? [.. File.ReadLines("/proc/self/mountinfo").Select(line => line.Split(' ')[4]).Where(point => point.StartsWith(folder + "/", StringComparison.Ordinal))]
        : [];

    private static string CommandOf(int process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/cmdline").Replace('\0', ' ');
        }
        catch (IOException)
        {
            return "";
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var point in MountsBelow(_folder.Path).Reverse())
        {
            await Judge.RunAsync("umount", "--lazy", point);
        }

        _folder.Dispose();
    }
}
