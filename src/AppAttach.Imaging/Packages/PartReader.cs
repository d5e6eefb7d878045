namespace AppAttach.Imaging.Packages;

/// <summary>Reads single small parts of a package by their place, for opening it.</summary>
internal sealed class PartReader(StreamWindow window, CentralDirectoryRange directory)
{
    /// <summary>The package's bytes.</summary>
    public StreamWindow Window => window;

    /// <summary>The data of a part as it stands in the archive, after its local header has been checked.</summary>
    /// <exception cref="InvalidInputException"><see cref="Defect.ZipCorrupt"/>.</exception>
    public WindowSection OpenData(ZipPart part) => new(window, FindData(part), part.CompressedSizeBytes);

    /// <summary>Where the data of a part stands, after its local header has been checked.</summary>
    /// <exception cref="InvalidInputException"><see cref="Defect.ZipCorrupt"/>.</exception>
    public long FindData(ZipPart part)
    {
        Span<byte> fixedPart = stackalloc byte[LocalFileHeader.Size];
        window.Read(part.OffsetBytes, fixedPart);
        if (!LocalFileHeader.HasSignature(fixedPart))
        {
            throw Invalid.Zip($"There is no local header at byte {part.OffsetBytes}, where the central directory has {Invalid.Quote(part.Path)}.");
        }

        var header = LocalFileHeader.Read(fixedPart);
        var variablePart = new byte[header.NameLength + header.ExtraLength];
        window.Read(part.OffsetBytes + LocalFileHeader.Size, variablePart);
        part.CheckLocalHeader(header, variablePart.AsSpan(0, header.NameLength), variablePart.AsSpan(header.NameLength));
        var dataOffset = part.OffsetBytes + LocalFileHeader.Size + variablePart.Length;
        return dataOffset + part.CompressedSizeBytes <= directory.OffsetBytes
            ? dataOffset
            : throw Invalid.Zip($"Part {Invalid.Quote(part.Path)} runs over byte {directory.OffsetBytes}, where the central directory starts.");
    }

    /// <summary>The content of a part that the block map does not cover, checked by size and CRC.</summary>
    public PartContentStream OpenContent(ZipPart part) => new(part, OpenData(part));

    /// <summary>The whole content of a part, checked block by block where the block map covers it, else by its CRC.</summary>
    /// <exception cref="InvalidInputException">The content is not what the block map or the central directory says.</exception>
    public byte[] ReadAll(PackagePart part, BlockMap map)
    {
        var content = new byte[part.Zip.SizeBytes];
        using var data = OpenData(part.Zip);
        if (part.Blocks is not { } blocks)
        {
            using var stream = new PartContentStream(part.Zip, data);
            stream.ReadExactly(content);
            stream.Drain();
            return content;
        }

        // The whole stream is inflated in one go here, so that blocks that lean on each other need no care.
        if (!part.Zip.IsDeflated)
        {
            data.ReadExactly(content);
        }
        else if (!TryInflate(data, content))
        {
            throw new InvalidInputException(Defect.BlockmapMismatch, $"The deflate stream of {Invalid.Quote(part.Zip.Path)} is corrupt or of another size.");
        }

        for (var block = blocks.FirstBlock; block < blocks.FirstBlock + blocks.BlockCount; block++)
        {
            var offset = (block - blocks.FirstBlock) * BlockMap.BlockBytes;
            if (!map.Method.Matches(content.AsSpan(offset, blocks.SizeOf(block)), map.HashOf(block)))
            {
                throw new InvalidInputException(Defect.BlockmapMismatch, $"{Invalid.Quote(part.Zip.Path)} from byte {offset} has another hash than the block map.");
            }
        }

        return content;
    }

    private static bool TryInflate(Stream data, Span<byte> content)
    {
        try
        {
            using var inflated = new System.IO.Compression.DeflateStream(data, System.IO.Compression.CompressionMode.Decompress, leaveOpen: true);
            Span<byte> surplus = stackalloc byte[1];
            return inflated.ReadAtLeast(content, content.Length, throwOnEndOfStream: false) == content.Length && inflated.Read(surplus) == 0;
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }
}
