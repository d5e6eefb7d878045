namespace AppAttach.Imaging.Packages;

/// <summary>Holds the archive's parts and the block map against each other.</summary>
internal static class PartBinding
{
    /// <summary>Size of the empty final deflate block <c>03 00</c> that closes a part whose blocks all end with a flush.</summary>
    public const int ClosingBytes = 2;

    /// <summary>Gives every part its file and blocks.</summary>
    /// <param name="parts">The parts.</param>
    /// <param name="map">The block map.</param>
    /// <param name="isOutsideBlockMap">Says by its path whether a part has no place in the block map; every other part must be in it.</param>
    /// <param name="limits">The bounds.</param>
    /// <exception cref="InvalidInputException"><see cref="Defect.BlockmapInvalid"/> or a limit.</exception>
    public static List<PackagePart> Bind(
        IReadOnlyList<ZipPart> parts, BlockMap map, Predicate<string> isOutsideBlockMap, PackageLimits limits)
    {
        var bound = new List<PackagePart>(parts.Count);
        var (files, mapped, contentBytes) = (0, 0, 0L);
        foreach (var part in parts)
        {
            PackageFile? file = null;
            if (part.Path != PartName.ContentTypes)
            {
                file = new(files++, part.Path, part.SizeBytes, part.LastWriteTime);
                contentBytes += part.SizeBytes;
                if (contentBytes > limits.ContentBytes)
                {
                    throw Invalid.Limit("Size of all files in bytes", contentBytes, limits.ContentBytes);
                }
            }

            var isMapped = map.Files.TryGetValue(part.Path, out var blocks);
            if (isMapped == isOutsideBlockMap(part.Path))
            {
                throw Invalid.BlockMap(isMapped
                    ? $"The block map lists {Invalid.Quote(part.Path)}, which has no place in it."
                    : $"The archive has {Invalid.Quote(part.Path)}, which the block map does not list.");
            }

            if (isMapped)
            {
                mapped++;
                CheckSizes(part, blocks!, map, limits);
            }

            bound.Add(new(part, file, blocks));
        }

        return mapped == map.Files.Count ? bound : throw Missing(parts, map);
    }

    private static void CheckSizes(ZipPart part, BlockMapFile blocks, BlockMap map, PackageLimits limits)
    {
        if (blocks.SizeBytes != part.SizeBytes)
        {
            throw Invalid.BlockMap(
                $"The block map gives {Invalid.Quote(part.Path)} {blocks.SizeBytes} bytes, the central directory {part.SizeBytes}.");
        }

        var sum = 0L;
        for (var block = blocks.FirstBlock; block < blocks.FirstBlock + blocks.BlockCount; block++)
        {
            var size = map.CompressedSizeOf(block);
            if (part.IsDeflated ? size == BlockMap.NoCompressedSize : size is not (BlockMap.NoCompressedSize or BlockMap.BlockBytes))
            {
                throw Invalid.BlockMap(part.IsDeflated
                    ? $"The block map gives no compressed size for a block of {Invalid.Quote(part.Path)}, which is deflated."
                    : $"The block map gives a compressed size of {size} for a block of {Invalid.Quote(part.Path)}, which is stored.");
            }

            if (part.IsDeflated && size > limits.CompressedBlockBytes)
            {
                throw Invalid.Limit($"Compressed size of a block of {Invalid.Quote(part.Path)} in bytes", size, limits.CompressedBlockBytes);
            }

            sum += size;
        }

        if (part.IsDeflated && part.CompressedSizeBytes - sum is not (0 or ClosingBytes))
        {
            throw Invalid.BlockMap(
                $"The blocks of {Invalid.Quote(part.Path)} have {sum} compressed bytes, the archive has {part.CompressedSizeBytes} (the same, or 2 more, is right).");
        }
    }

    private static InvalidInputException Missing(IReadOnlyList<ZipPart> parts, BlockMap map)
    {
        var present = parts.Select(part => part.Path).ToHashSet(StringComparer.Ordinal);
        return Invalid.BlockMap($"The block map lists {Invalid.Quote(map.Files.Keys.First(path => !present.Contains(path)))}, which the archive does not have.");
    }
}
