namespace AppAttach.Imaging.Tests.Disks;

/// <summary>Lets qemu read a disk file, and holds what it sees against what was written.</summary>
internal static class DiskJudges
{
    private const long WholeComparisonUpTo = 1L << 30;

    /// <summary>Fails unless qemu reads a disk of this size with these pieces in it, and zeros between them.</summary>
    /// <param name="folder">Takes files that are needed on the way.</param>
    /// <param name="image">The disk file.</param>
    /// <param name="format">qemu's name of its format.</param>
    /// <param name="size">Bytes of the disk.</param>
    /// <param name="pieces">What is not zero.</param>
    public static async Task RequireReadsAsync(
        TemporaryFolder folder, string image, string format, long size, params (long Offset, byte[] Bytes)[] pieces)
    {
        var said = await Judge.PassAsync("qemu-img", "info", "-f", format, image);
        Assert.Contains($"({size} bytes)", said, StringComparison.Ordinal);
        if (size >= WholeComparisonUpTo)
        {
            await CompareAroundPiecesAsync(folder, image, format, pieces);
            return;
        }

        var raw = folder.PathOf("expected.raw");
        DiskFixtures.WriteRaw(raw, size, pieces);
        await Judge.PassAsync("qemu-img", "compare", "-f", format, "-F", "raw", image, raw);
    }

    /// <summary>qemu takes seconds for each GiB of zeros, so of a large disk it reads the pieces and the megabyte on either side.</summary>
    private static async Task CompareAroundPiecesAsync(
        TemporaryFolder folder, string image, string format, (long Offset, byte[] Bytes)[] pieces)
    {
        const int mebibyte = DiskFixtures.Mebibyte;
        foreach (var (offset, bytes) in pieces)
        {
            var first = Math.Max(0, (offset / mebibyte) - 1);
            var count = ((offset + bytes.Length - 1) / mebibyte) + 2 - first;
            var part = folder.PathOf("part.raw");
            await Judge.PassAsync(
                "qemu-img", "dd", "-f", format, "-O", "raw", "bs=1M", $"skip={first}", $"count={count + first}", $"if={image}", $"of={part}");
            var expected = new byte[new FileInfo(part).Length];
            foreach (var piece in pieces)
            {
                CopyOverlap(piece, expected, first * mebibyte);
            }

            var read = await File.ReadAllBytesAsync(part);
            Assert.True(expected.AsSpan().SequenceEqual(read), $"qemu reads something else around {offset}.");
        }
    }

    private static void CopyOverlap((long Offset, byte[] Bytes) piece, byte[] window, long windowOffset)
    {
        var start = Math.Max(piece.Offset, windowOffset);
        var end = Math.Min(piece.Offset + piece.Bytes.Length, windowOffset + window.Length);
        if (start < end)
        {
            piece.Bytes.AsSpan((int)(start - piece.Offset), (int)(end - start)).CopyTo(window.AsSpan((int)(start - windowOffset)));
        }
    }
}
