using System.Text;

namespace AppAttach.Imaging.Packages;

/// <summary>Reads the central directory, a piece at a time, and checks each part by itself and against its neighbours.</summary>
internal static class CentralDirectoryReader
{
    private const int ChunkBytes = 1 << 20;

    /// <summary>The parts in the order of their place in the archive.</summary>
    /// <exception cref="InvalidInputException">What is wrong with a part, or more than a limit allows.</exception>
    public static List<ZipPart> Read(StreamWindow window, CentralDirectoryRange range, PackageLimits limits)
    {
        if (range.Entries > limits.Parts)
        {
            throw Invalid.Limit("Number of parts in the archive", range.Entries, limits.Parts);
        }

        if (range.SizeBytes > limits.CentralDirectoryBytes)
        {
            throw Invalid.Limit("Size of the central directory in bytes", range.SizeBytes, limits.CentralDirectoryBytes);
        }

        if (range.SizeBytes / CentralDirectoryHeader.Size < range.Entries)
        {
            throw Invalid.Zip($"A central directory of {range.SizeBytes} bytes cannot hold {range.Entries} parts.");
        }

        var parts = new List<ZipPart>((int)range.Entries);
        var chunk = new byte[Math.Min(range.SizeBytes, ChunkBytes)];
        var (start, end, position) = (0, 0, 0L);
        while (parts.Count < range.Entries)
        {
            var length = 0;
            if (!TryMeasure(chunk.AsSpan(start, end - start), ref length))
            {
                chunk.AsSpan(start, end - start).CopyTo(chunk);
                (start, end) = (0, end - start);
                var count = (int)Math.Min(chunk.Length - end, range.SizeBytes - position);
                if (count == 0)
                {
                    throw Invalid.Zip($"The central directory ends within part {parts.Count + 1} of {range.Entries}.");
                }

                window.Read(range.OffsetBytes + position, chunk.AsSpan(end, count));
                (end, position) = (end + count, position + count);
                continue;
            }

            parts.Add(ReadPart(chunk.AsSpan(start, length), range, limits));
            start += length;
        }

        if (start != end || position != range.SizeBytes)
        {
            throw Invalid.Zip($"After its {range.Entries} parts the central directory holds bytes that belong to none.");
        }

        CheckOrder(parts, range);
        return parts;
    }

    private static bool TryMeasure(ReadOnlySpan<byte> bytes, ref int length)
    {
        if (bytes.Length < CentralDirectoryHeader.Size)
        {
            return false;
        }

        if (!CentralDirectoryHeader.HasSignature(bytes))
        {
            throw Invalid.Zip("The central directory holds a record that is not a file header.");
        }

        var header = CentralDirectoryHeader.Read(bytes);
        length = CentralDirectoryHeader.Size + header.NameLength + header.ExtraLength + header.CommentLength;
        return bytes.Length >= length;
    }

    private static ZipPart ReadPart(ReadOnlySpan<byte> bytes, CentralDirectoryRange range, PackageLimits limits)
    {
        var header = CentralDirectoryHeader.Read(bytes);
        var nameBytes = bytes.Slice(CentralDirectoryHeader.Size, header.NameLength);
        var extra = bytes.Slice(CentralDirectoryHeader.Size + header.NameLength, header.ExtraLength);
        if (nameBytes.IsEmpty || header.CommentLength != 0 || header.Disk != 0)
        {
            throw Invalid.Zip("The central directory holds a part without a name, with a comment or on another disk.");
        }

        if (!Ascii.IsValid(nameBytes))
        {
            throw Invalid.Name($"Part name {Invalid.Quote(Encoding.UTF8.GetString(nameBytes))} is not percent-encoded: it has bytes above 7F.");
        }

        var encodedName = Encoding.ASCII.GetString(nameBytes);
        var path = PartName.Decode(encodedName);
        PartName.Check(path, limits);
        long size = header.SizeBytes;
        long compressedSize = header.CompressedSizeBytes;
        long offset = header.LocalHeaderOffsetBytes;
        if (!Zip64ExtraField.TryResolve(extra, ref size, ref compressedSize, ref offset))
        {
            throw Invalid.Zip($"The zip64 sizes of {Invalid.Quote(path)} are missing or malformed.");
        }

        if (offset >= range.OffsetBytes || compressedSize > range.OffsetBytes)
        {
            throw Invalid.Zip($"Part {Invalid.Quote(path)} does not lie before the central directory.");
        }

        CheckPart(header, path, size, compressedSize, limits);
        return new(
            encodedName == path ? path : encodedName, path, header.Flags, header.Method == ZipMethod.Deflated, header.Crc32, compressedSize, size, offset,
            DosTime.Decode(header.Date, header.Time));
    }

    private static void CheckPart(CentralDirectoryHeader header, string path, long size, long compressedSize, PackageLimits limits)
    {
        if (header.Flags.IsEncrypted)
        {
            throw new InvalidInputException(Defect.Encrypted, $"Part {Invalid.Quote(path)} is encrypted; use an unencrypted package.");
        }

        if (!header.Flags.IsAllowed || header.Method is not (ZipMethod.Stored or ZipMethod.Deflated))
        {
            throw Invalid.Zip($"Part {Invalid.Quote(path)} has method {header.Method} and flags {header.Flags.Value:X4}; MSIX knows stored and deflated.");
        }

        if (size > limits.FileBytes)
        {
            throw Invalid.Limit($"Size of {Invalid.Quote(path)} in bytes", size, limits.FileBytes);
        }

        if (header.Method == ZipMethod.Stored && size != compressedSize)
        {
            throw Invalid.Zip($"Part {Invalid.Quote(path)} is stored and yet has two sizes, {size} and {compressedSize} bytes.");
        }

        if (size - BlockMap.BlockBytes > compressedSize * limits.CompressionRatio)
        {
            throw Invalid.Limit($"Bytes that each byte of {Invalid.Quote(path)} stands for", size / Math.Max(1, compressedSize), limits.CompressionRatio);
        }
    }

    private static void CheckOrder(List<ZipPart> parts, CentralDirectoryRange range)
    {
        parts.Sort(static (left, right) => left.OffsetBytes.CompareTo(right.OffsetBytes));
        for (var index = 0; index < parts.Count; index++)
        {
            var limit = index + 1 < parts.Count ? parts[index + 1].OffsetBytes : range.OffsetBytes;
            if (parts[index].LeastEndBytes > limit)
            {
                throw Invalid.Zip($"Part {Invalid.Quote(parts[index].Path)} runs over byte {limit}, where the next part or the directory starts.");
            }
        }
    }
}
