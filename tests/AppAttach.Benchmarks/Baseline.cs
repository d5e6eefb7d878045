using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;

namespace AppAttach.Benchmarks;

/// <summary>
/// What every conversion is held against: the package in memory, every part inflated by the framework's own ZIP reader and SHA-256 taken
/// of each 64 KiB, on two threads. It writes nothing, checks nothing and makes no image. It prints how long that took once the package was in
/// memory, in seconds.
/// </summary>
internal static class Baseline
{
    private const int BlockBytes = 1 << 16;
    private const int Threads = 2;

    public static void Run(string packagePath)
    {
        var package = File.ReadAllBytes(packagePath);
        var started = Stopwatch.GetTimestamp();
        var next = -1;
        var workers = Enumerable.Range(0, Threads).Select(_ => new Thread(() =>
        {
            using var archive = new ZipArchive(new MemoryStream(package, writable: false), ZipArchiveMode.Read);
            var block = new byte[BlockBytes];
            Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
            for (var index = Interlocked.Increment(ref next); index < archive.Entries.Count; index = Interlocked.Increment(ref next))
            {
                using var content = archive.Entries[index].Open();
                for (var count = content.ReadAtLeast(block, BlockBytes, false); count > 0; count = content.ReadAtLeast(block, BlockBytes, false))
                {
                    SHA256.HashData(block.AsSpan(0, count), hash);
                }
            }
        })).ToList();
        workers.ForEach(worker => worker.Start());
        workers.ForEach(worker => worker.Join());
        Console.Out.WriteLine(Stopwatch.GetElapsedTime(started).TotalSeconds.ToString(CultureInfo.InvariantCulture));
    }
}
