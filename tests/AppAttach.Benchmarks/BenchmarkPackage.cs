using System.Globalization;
using System.Text;
using AppAttach.Imaging.Packages;

namespace AppAttach.Benchmarks;

/// <summary>Packages to measure with; the same arguments give the same bytes.</summary>
internal static class BenchmarkPackage
{
    /// <summary>Publisher of every package.</summary>
    public const string Publisher = "CN=AppAttach Benchmark";

    private const int IncompressiblePercent = 40;

    /// <summary>Files of many sizes; two bytes in five are noise, every second file of it stored and the others deflated in vain, as packers do with programs; the rest is text.</summary>
    public static void WriteMixed(string path, long contentBytes, int fileCount, bool isNext = false) => Write(path, isNext, package =>
    {
        var random = new Random(1);
        var left = contentBytes;
        for (var index = 0; index < fileCount; index++)
        {
            var even = left / (fileCount - index);
            var size = index == fileCount - 1 ? left : (long)(even * (0.1 + (1.8 * random.NextDouble())));
            left -= size;
            var isText = random.Next(100) >= IncompressiblePercent;
            package.AddFile(
                string.Create(CultureInfo.InvariantCulture, $"Folder {index % 50}/Sub-{index % 7}/file {index}.{(isText ? "txt" : index % 2 == 0 ? "png" : "dll")}"),
                Content(size, index, isText, isNext));
        }
    });

    /// <summary>Many files of one size, a hundred to a folder.</summary>
    public static void WriteSmall(string path, int fileBytes, int fileCount, bool isNext = false) => Write(path, isNext, package =>
    {
        for (var index = 0; index < fileCount; index++)
        {
            package.AddFile(
                string.Create(CultureInfo.InvariantCulture, $"lib/{index / 100}/module-{index}.txt"), Content(fileBytes, index, isText: true, isNext));
        }
    });

    /// <summary>Content of a file; in the next version one file of twenty has other content, and every second of those is longer by a tenth.</summary>
    private static BenchmarkContent Content(long sizeBytes, int index, bool isText, bool isNext)
    {
        const int filesPerChange = 20;
        const int otherSeeds = 1_000_000;
        return (isNext, index % filesPerChange, index % (2 * filesPerChange)) switch
        {
            (true, filesPerChange - 1, filesPerChange - 1) => new BenchmarkContent(sizeBytes, index + otherSeeds, isText),
            (true, filesPerChange - 1, _) => new BenchmarkContent(sizeBytes + (sizeBytes / 10), index + otherSeeds, isText),
            _ => new BenchmarkContent(sizeBytes, index, isText),
        };
    }

    private static void Write(string path, bool isNext, Action<PackageWriter> addFiles)
    {
        using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 20);
        using var package = new PackageWriter(file);
        addFiles(package);
        package.Finish(Encoding.UTF8.GetBytes($"""
            <?xml version="1.0" encoding="utf-8"?>
            <Package xmlns="http://schemas.microsoft.com/appx/manifest/foundation/windows10">
              <Identity Name="AppAttach.Benchmark" Publisher="{Publisher}" Version="{(isNext ? 2 : 1)}.0.0.0" ProcessorArchitecture="x64" />
              <Properties><DisplayName>Benchmark</DisplayName><PublisherDisplayName>AppAttach</PublisherDisplayName><Logo>logo.png</Logo></Properties>
              <Dependencies><TargetDeviceFamily Name="Windows.Desktop" MinVersion="10.0.19041.0" MaxVersionTested="10.0.26100.0" /></Dependencies>
              <Resources><Resource Language="en-us" /></Resources>
            </Package>
            """));
    }
}
