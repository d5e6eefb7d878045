using AppAttach.Imaging.Disks;

namespace AppAttach.Imaging.Tests.Disks;

/// <summary>Identities and content that tests of disks use.</summary>
internal static class DiskFixtures
{
    public const int Mebibyte = 1 << 20;

    public static VhdxIdentifiers Vhdx { get; } = new(
        new Guid("11111111-1111-4111-8111-111111111111"),
        new Guid("22222222-2222-4222-8222-222222222222"),
        new Guid("33333333-3333-4333-8333-333333333333"));

    public static VhdIdentifiers Vhd { get; } = new(new Guid("66666666-6666-4666-8666-666666666666"), TimeStamp: 820_454_400);

    public static DiskIdentifiers Identifiers { get; } = new(
        Vhdx,
        Vhd,
        new Guid("44444444-4444-4444-8444-444444444444"),
        new Guid("55555555-5555-4555-8555-555555555555"));

    /// <summary>Bytes without a zero in them, different for each seed.</summary>
    public static byte[] Noise(int seed, int length)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        foreach (ref var value in bytes.AsSpan())
        {
            value |= 1;
        }

        return bytes;
    }

    /// <summary>Writes a disk file whose virtual disk is zero but for the pieces given, which are in order.</summary>
    public static void WriteFile(string path, DiskFilePlan plan, params (long Offset, byte[] Bytes)[] pieces)
    {
        using var file = File.Create(path);
        using var output = new ForwardOnlyStream(file);
        var writer = plan.StartFile(output);
        foreach (var (offset, bytes) in pieces)
        {
            writer.Skip(offset - writer.VirtualPosition);
            writer.Write(bytes);
        }

        writer.Skip(plan.VirtualSizeBytes - writer.VirtualPosition);
        writer.Complete();
        Assert.Equal(plan.FileSizeBytes, file.Length);
    }

    /// <summary>The same disk as a raw file, with holes.</summary>
    public static void WriteRaw(string path, long size, params (long Offset, byte[] Bytes)[] pieces)
    {
        using var file = File.Create(path);
        file.SetLength(size);
        foreach (var (offset, bytes) in pieces)
        {
            file.Position = offset;
            file.Write(bytes);
        }
    }

    public static ByteExtent[] Extents(params (long Offset, byte[] Bytes)[] pieces) =>
        [.. pieces.Select(piece => new ByteExtent(piece.Offset, piece.Bytes.Length))];
}
