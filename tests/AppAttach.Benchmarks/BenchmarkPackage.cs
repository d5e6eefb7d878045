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

    /// <summary>Files of many sizes; two bytes in five are incompressible and stored, the others text.</summary>
    public static void WriteMixed(string path, long contentBytes, int fileCount) => Write(path, package =>
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
                string.Create(CultureInfo.InvariantCulture, $"Folder {index % 50}/Sub-{index % 7}/file {index}.{(isText ? "txt" : "png")}"),
                new BenchmarkContent(size, index, isText));
        }
    });

    /// <summary>Many files of one size, a hundred to a folder.</summary>
    public static void WriteSmall(string path, int fileBytes, int fileCount) => Write(path, package =>
    {
        for (var index = 0; index < fileCount; index++)
        {
            package.AddFile(
                string.Create(CultureInfo.InvariantCulture, $"lib/{index / 100}/module-{index}.txt"), new BenchmarkContent(fileBytes, index, isText: true));
        }
    });

    private static void Write(string path, Action<PackageWriter> addFiles)
    {
        using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 20);
        using var package = new PackageWriter(file);
        addFiles(package);
        package.Finish(Encoding.UTF8.GetBytes($"""
            <?xml version="1.0" encoding="utf-8"?>
            <Package xmlns="http://schemas.microsoft.com/appx/manifest/foundation/windows10">
              <Identity Name="AppAttach.Benchmark" Publisher="{Publisher}" Version="1.0.0.0" ProcessorArchitecture="x64" />
              <Properties><DisplayName>Benchmark</DisplayName><PublisherDisplayName>AppAttach</PublisherDisplayName><Logo>logo.png</Logo></Properties>
              <Dependencies><TargetDeviceFamily Name="Windows.Desktop" MinVersion="10.0.19041.0" MaxVersionTested="10.0.26100.0" /></Dependencies>
              <Resources><Resource Language="en-us" /></Resources>
            </Package>
            """));
    }
}
