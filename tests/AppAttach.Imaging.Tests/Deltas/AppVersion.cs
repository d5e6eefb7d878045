using System.Globalization;
using AppAttach.TestKit.Packages;

namespace AppAttach.Imaging.Tests.Deltas;

/// <summary>An app that changes from version to version: files are changed, grown, shrunk, added, removed and renamed at random.</summary>
internal sealed class AppVersion
{
    private readonly List<(string Path, byte[] Content)> _files;
    private readonly int _number;

    private AppVersion(List<(string, byte[])> files, int number) => (_files, _number) = (files, number);

    /// <summary>A first version.</summary>
    public static AppVersion First(int fileCount, int largestBytes, int seed)
    {
        var random = new Random(seed);
        return new([.. Enumerable.Range(0, fileCount).Select(file => (PathOf(random, file), Content(random, largestBytes)))], 1);
    }

    /// <summary>The next version.</summary>
    /// <param name="percent">How many of a hundred files change.</param>
    /// <param name="largestBytes">Largest new content.</param>
    /// <param name="seed">Which changes.</param>
    /// <param name="sameSizesOnly">Whether files keep their names and sizes.</param>
    public AppVersion Next(int percent, int largestBytes, int seed, bool sameSizesOnly = false)
    {
        var random = new Random(seed);
        var files = new List<(string Path, byte[] Content)>();
        foreach (var (path, content) in _files)
        {
            if (random.Next(100) >= percent)
            {
                files.Add((path, content));
                continue;
            }

            switch (sameSizesOnly ? 0 : random.Next(6))
            {
                case 0: files.Add((path, PackageBuilder.Content(content.Length, random.Next()))); break;
                case 1: files.Add((path, [.. content, .. PackageBuilder.Content(random.Next(largestBytes), random.Next())])); break;
                case 2: files.Add((path, content[..(content.Length / 2)])); break;
                case 3: files.Add((PathOf(random, files.Count + (1000 * _number)), content)); break;
                case 4:
                    files.Add((path, content));
                    files.Add((PathOf(random, files.Count + (1000 * _number)), Content(random, largestBytes)));
                    break;
                default: break;
            }
        }

        return new AppVersion(files, _number + 1);
    }

    /// <summary>Its package.</summary>
    public byte[] Build(string name = "Contoso.Sample")
    {
        var builder = new PackageBuilder { Name = name, Version = string.Create(CultureInfo.InvariantCulture, $"1.0.{_number}.0") };
        _files.ForEach(file => builder.With(file.Path, file.Content));
        return builder.Build();
    }

    private static string PathOf(Random random, int number) =>
        string.Create(CultureInfo.InvariantCulture, $"Folder {random.Next(12)}/Sub{random.Next(3)}/File é {number}.bin");

    private static byte[] Content(Random random, int largestBytes) => random.Next(8) switch
    {
        0 => [],
        1 => PackageBuilder.Content(BlockBytes, random.Next()),
        _ => PackageBuilder.Content(random.Next(largestBytes), random.Next()),
    };

    private const int BlockBytes = 1 << 16;
}
