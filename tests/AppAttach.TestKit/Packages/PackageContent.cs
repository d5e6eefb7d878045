using AppAttach.Imaging.Packages;
using Xunit;

namespace AppAttach.TestKit.Packages;

/// <summary>Reads all of a package's content, as a test needs it.</summary>
public static class PackageContent
{
    /// <summary>Content of every file by path, read in one pass, and the digest of the package.</summary>
    public static (Dictionary<string, byte[]> Files, byte[] Digest) ReadAll(Stream stream, int workers = 2)
    {
        var package = Package.Open(stream);
        var files = package.Files.ToDictionary(file => file.Path, file => new byte[file.SizeBytes], StringComparer.Ordinal);
        var next = 0L;
        PackageFile? last = null;
        using var reader = package.ReadContent(workers);
        while (reader.TryRead(out var block))
        {
            Assert.True(last is null || block.File.Index >= last.Index, "Files come in the order of the archive.");
            next = block.File == last ? next : 0;
            Assert.Equal(next, block.OffsetBytes);
            Assert.InRange(block.Bytes.Length, 1, 65536);
            block.Bytes.CopyTo(files[block.File.Path].AsMemory((int)block.OffsetBytes));
            next += block.Bytes.Length;
            last = block.File;
            Assert.True(next <= block.File.SizeBytes);
        }

        Assert.False(reader.TryRead(out _));
        return (files, reader.PackageDigest.ToArray());
    }

    /// <summary>The same from bytes.</summary>
    public static (Dictionary<string, byte[]> Files, byte[] Digest) ReadAll(byte[] package, int workers = 2)
    {
        using var stream = new MemoryStream(package, writable: false);
        return ReadAll(stream, workers);
    }
}
