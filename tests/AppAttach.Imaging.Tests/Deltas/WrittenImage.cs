using AppAttach.Imaging.Deltas;
using AppAttach.Imaging.Images;
using AppAttach.Imaging.Packages;
using AppAttach.Imaging.Tests.Disks;

namespace AppAttach.Imaging.Tests.Deltas;

/// <summary>An image and its manifest, in memory.</summary>
internal sealed record WrittenImage(ImageRecord Record, byte[] Bytes, byte[] Manifest)
{
    public static async Task<WrittenImage> OfAsync(ImageOptions options, params byte[][] packages)
    {
        using var image = new MemoryStream();
        using var manifest = new MemoryStream();
        await using var output = new ForwardOnlyStream(image);
        await using var manifestOutput = new ForwardOnlyStream(manifest);
        var record = await ImageWriter.WriteAsync(
            [.. packages.Select(package => Package.Open(new MemoryStream(package)))], options, output, manifest: manifestOutput);
        return new WrittenImage(record, image.ToArray(), manifest.ToArray());
    }

    public ImageDelta DeltaFrom(WrittenImage previous) => ImageDelta.Between(new MemoryStream(previous.Manifest), new MemoryStream(Manifest));

    /// <summary>Makes a copy of this image from one of another, as a share does, and takes from this one what the delta says must travel.</summary>
    public byte[] CopyFrom(WrittenImage previous)
    {
        var copy = new byte[Bytes.Length];
        long next = 0;
        foreach (var range in DeltaFrom(previous).Ranges)
        {
            Assert.Equal(next, range.OffsetBytes);
            Assert.True(range.LengthBytes > 0);
            next = range.EndBytes;
            var target = copy.AsSpan((int)range.OffsetBytes, (int)range.LengthBytes);
            switch (range.Source)
            {
                case DeltaSource.Image: Bytes.AsSpan((int)range.OffsetBytes, target.Length).CopyTo(target); break;
                case DeltaSource.Previous: previous.Bytes.AsSpan((int)range.SourceOffsetBytes, target.Length).CopyTo(target); break;
                default: target.Clear(); break;
            }
        }

        Assert.Equal(Bytes.Length, next);
        return copy;
    }
}
