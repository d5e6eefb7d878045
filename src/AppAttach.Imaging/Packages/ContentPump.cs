using System.Runtime.ExceptionServices;

namespace AppAttach.Imaging.Packages;

/// <summary>
/// Goes through a package front to back: checks each local header, cuts the data into blocks for the workers, and inflates the few parts
/// that have no blocks itself.
/// </summary>
internal sealed class ContentPump(
    ForwardReader reader, ContentRing ring, IReadOnlyList<PackagePart> parts, BlockMap map, CentralDirectoryRange directory)
{
    private readonly byte[] variablePart = new byte[2 * ushort.MaxValue];

#pragma warning disable CA2213 // Slots belong to the ring.
    private ContentSlot? filling;
#pragma warning restore CA2213
    private long? gapOffsetBytes;
    private byte[]? partsDigest;

    /// <summary>SHA-256 of the whole package, once everything is read.</summary>
    public byte[]? Digest { get; private set; }

    /// <summary>What a signature covers of the archive itself, once everything is read; null if the package is not signed or its signature is not the last part.</summary>
    public ArchiveDigests? ArchiveDigests { get; private set; }

    /// <summary>Reads everything; the last piece says that all is read, or what went wrong.</summary>
    public void Run()
    {
        try
        {
            for (var index = 0; index < parts.Count; index++)
            {
                ReadPart(parts[index], index + 1 < parts.Count ? parts[index + 1].Zip.OffsetBytes : directory.OffsetBytes);
            }

            ReadDirectory();
            Digest = reader.Finish();
            End(failure: null);
        }
        catch (OperationCanceledException)
        {
            // The consumer has gone, or its own wait was cancelled too.
        }
#pragma warning disable CA1031 // Whatever the caller's stream throws belongs to the caller, on the thread that asks for content.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Fail(exception);
        }
    }

    private void Fail(Exception exception)
    {
        try
        {
            End(ExceptionDispatchInfo.Capture(exception));
        }
        catch (OperationCanceledException)
        {
            // Nobody is left to be told.
        }
    }

    private void End(ExceptionDispatchInfo? failure)
    {
        RoomFor(0, 0).Add(new(Part: null, 0, 0, default, default, EndsStream: false) { Failure = failure });
        PassOn();
    }

    private ContentSlot RoomFor(int sizeBytes, int compressedBytes)
    {
        if (filling is not null && !filling.HasRoom(sizeBytes, compressedBytes, pieces: 1))
        {
            PassOn();
        }

        return filling ??= ring.NextFree();
    }

    private void PassOn()
    {
        ring.Fill(filling!);
        filling = null;
    }

    private void ReadPart(PackagePart part, long limit)
    {
        var zip = part.Zip;
        SkipTo(zip.OffsetBytes);
        if (zip.Path == PartName.Signature && limit == directory.OffsetBytes)
        {
            partsDigest = reader.TakePrefixDigest();
        }

        ReadLocalHeader(zip);
        var dataEnd = reader.PositionBytes + zip.CompressedSizeBytes;
        if (dataEnd > limit)
        {
            throw Invalid.Zip($"Part {Invalid.Quote(zip.Path)} runs over byte {limit}, where the next part or the directory starts.");
        }

        if (part.Blocks is { } blocks)
        {
            ReadBlocks(part, blocks);
        }
        else if (part.File is not null)
        {
            ReadUnmapped(part);
        }

        reader.SkipTo(Math.Min(limit, dataEnd + directory.DescriptorBytes(zip)));
    }

    // A signature covers the parts as if they stood one behind the other, so bytes between them would be covered by none.
    private void SkipTo(long offset)
    {
        if (reader.PositionBytes < offset)
        {
            gapOffsetBytes ??= reader.PositionBytes;
            reader.SkipTo(offset);
        }
    }

    private void ReadDirectory()
    {
        SkipTo(directory.OffsetBytes);
        if (partsDigest is not null)
        {
            ArchiveDigests = new(partsDigest, DirectoryDigest.Compute(reader.Read, directory, parts[^1].Zip.OffsetBytes, map.Method), gapOffsetBytes);
        }
    }

    private void ReadLocalHeader(ZipPart zip)
    {
        Span<byte> fixedPart = stackalloc byte[LocalFileHeader.Size];
        reader.Read(fixedPart);
        if (!LocalFileHeader.HasSignature(fixedPart))
        {
            throw Invalid.Zip($"There is no local header at byte {zip.OffsetBytes}, where the central directory has {Invalid.Quote(zip.Path)}.");
        }

        var header = LocalFileHeader.Read(fixedPart);
        var bytes = variablePart.AsSpan(0, header.NameLength + header.ExtraLength);
        reader.Read(bytes);
        zip.CheckLocalHeader(header, bytes[..header.NameLength], bytes[header.NameLength..]);
    }

    private void ReadBlocks(PackagePart part, BlockMapFile blocks)
    {
        var last = blocks.FirstBlock + blocks.BlockCount - 1;
        var end = reader.PositionBytes + part.Zip.CompressedSizeBytes;
        for (var block = blocks.FirstBlock; block <= last;)
        {
            block = ReadRun(part, blocks, block, last, end);
        }

        if (reader.PositionBytes < end)
        {
            ReadClosing(part);
        }
    }

    /// <summary>Reads as many of a part's blocks at once as the slot has room for: their bytes stand side by side in the package and in the slot.</summary>
    /// <returns>The block behind them.</returns>
    private int ReadRun(PackagePart part, BlockMapFile blocks, int first, int last, long end)
    {
        var slot = RoomFor(blocks.SizeOf(first), CompressedBytesOf(part, first));
        var (contentBytes, compressedBytes) = (blocks.SizeOf(first), CompressedBytesOf(part, first));
        var behind = first + 1;
        while (behind <= last && slot.HasRoom(contentBytes + blocks.SizeOf(behind), (long)compressedBytes + CompressedBytesOf(part, behind), behind - first + 1))
        {
            contentBytes += blocks.SizeOf(behind);
            compressedBytes += CompressedBytesOf(part, behind);
            behind++;
        }

        reader.Read(part.Zip.IsDeflated ? slot.NextInput(compressedBytes).Span : slot.NextContent(contentBytes).Span);
        for (var block = first; block < behind; block++)
        {
            var content = slot.NextContent(blocks.SizeOf(block));
            var compressed = slot.NextInput(CompressedBytesOf(part, block));
            var offset = (long)(block - blocks.FirstBlock) * BlockMap.BlockBytes;
            slot.Add(new(part, block, offset, content, compressed, EndsStream: block == last && reader.PositionBytes == end));
        }

        return behind;
    }

    private int CompressedBytesOf(PackagePart part, int block) => part.Zip.IsDeflated ? map.CompressedSizeOf(block) : 0;

    private void ReadClosing(PackagePart part)
    {
        Span<byte> closing = stackalloc byte[PartBinding.ClosingBytes];
        reader.Read(closing);
        if (!closing.SequenceEqual<byte>([0x03, 0x00]))
        {
            throw Invalid.Zip($"The deflate stream of {Invalid.Quote(part.Zip.Path)} does not end with an empty final block.");
        }
    }

    private void ReadUnmapped(PackagePart part)
    {
        using var data = new ForwardSection(reader, part.Zip.CompressedSizeBytes);
        using var content = new PartContentStream(part.Zip, data);
        for (long offset = 0; offset < part.Zip.SizeBytes;)
        {
            var size = (int)Math.Min(BlockMap.BlockBytes, part.Zip.SizeBytes - offset);
            var slot = RoomFor(size, 0);
            var piece = slot.NextContent(size);
            content.ReadExactly(piece.Span);
            slot.Add(new(part, 0, offset, piece, default, EndsStream: false));
            offset += size;
        }

        // Only now is the CRC compared; a wrong one ends the pass, so nobody takes what came before for good.
        content.Drain();
    }
}
