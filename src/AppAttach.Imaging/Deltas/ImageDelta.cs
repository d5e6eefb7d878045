using AppAttach.Imaging.Disks;
using AppAttach.Imaging.Manifests;

namespace AppAttach.Imaging.Deltas;

/// <summary>
/// How a copy of a new image is made where a copy of a previous one is: range by range, from that copy, from nothing, or from the new image. It is
/// worked out from the two manifests alone, by the hashes of blocks, so content may have moved or belong to another file. A manifest
/// that lies makes a copy that does not have the image's digest, and no worse.
/// </summary>
public sealed class ImageDelta
{
    private readonly List<DeltaRange> _ranges;

    private ImageDelta(ManifestHeader previous, ManifestHeader image, List<DeltaRange> ranges)
    {
        (PreviousDigest, Digest, SizeBytes, _ranges) = (previous.Digest, image.Digest, image.SizeBytes, ranges);
        foreach (var range in ranges)
        {
            var isInPlace = range.Source == DeltaSource.Previous && range.SourceOffsetBytes == range.OffsetBytes;
            TravelBytes += range.Source == DeltaSource.Image ? range.LengthBytes : 0;
            TravelRanges += range.Source == DeltaSource.Image ? 1 : 0;
            ZeroBytes += range.Source == DeltaSource.Zeros ? range.LengthBytes : 0;
            UnmovedBytes += isInPlace ? range.LengthBytes : 0;
        }

        MovedBytes = SizeBytes - TravelBytes - ZeroBytes - UnmovedBytes;
    }

    /// <summary>SHA-256 of the previous image, as its manifest gives it.</summary>
    public string PreviousDigest { get; }

    /// <summary>SHA-256 of the new image, as its manifest gives it.</summary>
    public string Digest { get; }

    /// <summary>Length of the new image.</summary>
    public long SizeBytes { get; }

    /// <summary>Bytes that the previous image does not have.</summary>
    public long TravelBytes { get; }

    /// <summary>In how many ranges they lie.</summary>
    public int TravelRanges { get; }

    /// <summary>Bytes that the previous image has at the same place.</summary>
    public long UnmovedBytes { get; }

    /// <summary>Bytes that the previous image has at another place.</summary>
    public long MovedBytes { get; }

    /// <summary>Bytes that are zeros in the new image, whatever the previous one has there.</summary>
    public long ZeroBytes { get; }

    /// <summary>All ranges of the new image, in order and without gaps.</summary>
    public IReadOnlyList<DeltaRange> Ranges => _ranges;

    /// <summary>Works out how to get from one image to another.</summary>
    /// <param name="previousManifest">Manifest of the previous image; read once, left open.</param>
    /// <param name="manifest">Manifest of the new image; read once, left open.</param>
    /// <exception cref="InvalidInputException">
    /// <see cref="Defect.ImageManifestInvalid"/> or a limit: one of them is none. A copy of the whole image is always possible.
    /// </exception>
    public static ImageDelta Between(Stream previousManifest, Stream manifest)
    {
        var index = new PieceIndex();
        var previous = ImagePieces.Read(previousManifest, (hash, hashedBytes, place) =>
        {
            if (!hash.IsEmpty)
            {
                index.Add(hash, hashedBytes, place.OffsetBytes);
            }
        });
        index.Complete();

        var known = new List<DeltaRange>();
        long expected = 0;
        var image = ImagePieces.Read(manifest, (hash, hashedBytes, place) =>
        {
            var found = hash.IsEmpty ? null : index.Find(hash, hashedBytes, expected, place.OffsetBytes);
            expected = found + place.LengthBytes ?? 0;
            Append(known, hash.IsEmpty
                ? new DeltaRange(place.OffsetBytes, place.LengthBytes, DeltaSource.Zeros)
                : new DeltaRange(place.OffsetBytes, place.LengthBytes, found is null ? DeltaSource.Image : DeltaSource.Previous, found ?? 0));
        });
        return new ImageDelta(previous, image, Complete(known, image));
    }

    private static void Append(List<DeltaRange> ranges, DeltaRange range)
    {
        var last = ranges.Count > 0 ? ranges[^1] : default;
        var continues = ranges.Count > 0 && last.Source == range.Source && last.EndBytes == range.OffsetBytes
            && (range.Source != DeltaSource.Previous || last.SourceOffsetBytes + last.LengthBytes == range.SourceOffsetBytes);
        if (continues)
        {
            ranges[^1] = last with { LengthBytes = last.LengthBytes + range.LengthBytes };
        }
        else
        {
            ranges.Add(range);
        }
    }

    // What no piece covers lies between files: zeros, except in a dynamic VHD, which has structures of its own there.
    private static List<DeltaRange> Complete(List<DeltaRange> known, ManifestHeader image)
    {
        var between = image.Format == Images.ImageReader.FormatName(DiskFormat.VhdDynamic) ? DeltaSource.Image : DeltaSource.Zeros;
        var all = new List<DeltaRange>(known.Count);
        long next = 0;
        foreach (var range in known.OrderBy(range => range.OffsetBytes))
        {
            if (range.OffsetBytes < next)
            {
                throw JsonTokens.Invalid("two places that it names overlap");
            }

            if (range.OffsetBytes > next)
            {
                Append(all, new DeltaRange(next, range.OffsetBytes - next, between));
            }

            Append(all, range);
            next = range.EndBytes;
        }

        if (next < image.SizeBytes)
        {
            Append(all, new DeltaRange(next, image.SizeBytes - next, between));
        }

        return all;
    }
}
