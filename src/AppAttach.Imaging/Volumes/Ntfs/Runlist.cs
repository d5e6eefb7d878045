namespace AppAttach.Imaging.Volumes.Ntfs;

// NTFS run list ("mapping pairs"). Source: image-format notes 4.4. Runs follow each other, each:
//
// offset size field
//      0    1 low four bits: bytes of the length (n); high four bits: bytes of the cluster delta (m), 0 for a hole
//      1    n clusters of the run, signed: its top bit is clear
//  1 + n    m first cluster less that of the last run that was not a hole (from 0), signed
//
// A byte 0 ends the list.

/// <summary>Encodes and decodes the run list of a non-resident attribute.</summary>
internal static class Runlist
{
    /// <summary>Bytes that one run and the end can take.</summary>
    public const int MaximumSingleRunSize = 1 + sizeof(long) + sizeof(long) + 1;

    private const string Structure = "run list";

    /// <summary>Bytes of the list of one run, with its end.</summary>
    public static int SizeOf(DataRun run) => 1 + SignedSize(run.ClusterCount) + (run.Lcn is { } lcn ? SignedSize(lcn) : 0) + 1;

    /// <summary>Writes the list of one run, with its end; we never write more than one run.</summary>
    /// <returns>Bytes written.</returns>
    public static int Write(DataRun run, Span<byte> target)
    {
        var lengthSize = SignedSize(run.ClusterCount);
        var deltaSize = run.Lcn is { } first ? SignedSize(first) : 0;
        target[0] = (byte)(lengthSize | (deltaSize << 4));
        WriteSigned(run.ClusterCount, target.Slice(1, lengthSize));
        WriteSigned(run.Lcn ?? 0, target.Slice(1 + lengthSize, deltaSize));
        target[1 + lengthSize + deltaSize] = 0;
        return 1 + lengthSize + deltaSize + 1;
    }

    /// <summary>Decodes a list.</summary>
    /// <param name="source">From the list's first byte to the end of its attribute.</param>
    /// <param name="volumeClusterCount">Clusters of the volume: no run may reach beyond.</param>
    /// <param name="expectedClusterCount">Clusters that the attribute's header gives, holes included.</param>
    /// <exception cref="InvalidInputException">The list has no end, leads outside the volume, or has another number of clusters.</exception>
    public static IReadOnlyList<DataRun> Read(ReadOnlySpan<byte> source, long volumeClusterCount, long expectedClusterCount)
    {
        var runs = new List<DataRun>();
        long clusters = 0;
        long lcn = 0;
        while (source.Length > 0 && source[0] != 0)
        {
            var lengthSize = source[0] & 0xF;
            var deltaSize = source[0] >> 4;
            if (lengthSize is 0 or > sizeof(long) || deltaSize > sizeof(long) || 1 + lengthSize + deltaSize > source.Length)
            {
                throw CorruptVolume.Because(Structure, $"holds a run with the header {source[0]:X2}, which cannot be followed");
            }

            var length = ReadSigned(source.Slice(1, lengthSize));
            if (length <= 0 || length > expectedClusterCount - clusters)
            {
                throw CorruptVolume.Because(
                    Structure,
                    $"holds a run of {length} clusters; {expectedClusterCount - clusters} of {expectedClusterCount} are left");
            }

            if (deltaSize > 0)
            {
                lcn = unchecked(lcn + ReadSigned(source.Slice(1 + lengthSize, deltaSize)));
                if (lcn < 0 || lcn > volumeClusterCount - length)
                {
                    throw CorruptVolume.Because(
                        Structure,
                        $"puts {length} clusters at cluster {lcn} of a volume with {volumeClusterCount}");
                }
            }

            runs.Add(new DataRun(length, deltaSize > 0 ? lcn : null));
            clusters += length;
            source = source[(1 + lengthSize + deltaSize)..];
        }

        if (source.Length == 0)
        {
            throw CorruptVolume.Because(Structure, "has no end");
        }

        return clusters == expectedClusterCount
            ? runs
            : throw CorruptVolume.Because(Structure, $"describes {clusters} clusters where its header gives {expectedClusterCount}");
    }

    private static int SignedSize(long value)
    {
        var size = 1;
        while (value is < sbyte.MinValue or > sbyte.MaxValue)
        {
            value >>= 8;
            size++;
        }

        return size;
    }

    private static void WriteSigned(long value, Span<byte> target)
    {
        for (var index = 0; index < target.Length; index++)
        {
            target[index] = (byte)(value >> (8 * index));
        }
    }

    private static long ReadSigned(ReadOnlySpan<byte> source)
    {
        long value = (sbyte)source[^1];
        for (var index = source.Length - 2; index >= 0; index--)
        {
            value = (value << 8) | source[index];
        }

        return value;
    }
}
