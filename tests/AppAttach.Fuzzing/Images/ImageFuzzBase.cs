using AppAttach.Imaging.Images;
using AppAttach.Imaging.Packages;
using AppAttach.TestKit.Packages;

namespace AppAttach.Fuzzing.Images;

/// <summary>A disk image that cases start from: one package in every format, and its volume alone.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Bytes">Its bytes; not to be changed.</param>
/// <param name="VolumeOffset">Where the NTFS volume starts in them.</param>
/// <param name="MetadataEnd">Where, from the volume's start, the first file's content stands; before it is file system.</param>
internal sealed record ImageFuzzBase(string Name, byte[] Bytes, int VolumeOffset, int MetadataEnd)
{
    /// <summary>All of them, in a fixed order.</summary>
    public static IReadOnlyList<ImageFuzzBase> All { get; } = [.. Make()];

    private static IEnumerable<ImageFuzzBase> Make()
    {
        var builder = new PackageBuilder().With("empty", "").With("logo.png", PackageBuilder.Content(500)).With("deep/er/file", PackageBuilder.Content(90_000));
        for (var index = 0; index < 90; index++)
        {
            builder.With($"many/file {index} with a name that takes room.txt", PackageBuilder.Content(index));
        }

        var package = builder.Build();
        foreach (var format in Enum.GetValues<ImageFormat>())
        {
            var output = new MemoryStream();
            ImageWriter.WriteAsync([Package.Open(new MemoryStream(package))], new ImageOptions { Format = format, Workers = 1 }, output).GetAwaiter().GetResult();
            var bytes = output.ToArray();
            var volume = bytes.AsSpan().IndexOf("NTFS    "u8) - 3;
            var end = bytes.AsSpan(volume).IndexOf(PackageBuilder.Content(500));
            yield return new($"{format}", bytes, volume, end);
            if (format == ImageFormat.VhdFixed)
            {
                var partition = bytes[volume..];
                yield return new("volume alone", partition, 0, end);
                yield return new("raw disk", bytes[..^512], volume, end);
            }
        }
    }
}
