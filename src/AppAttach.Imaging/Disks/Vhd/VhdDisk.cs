namespace AppAttach.Imaging.Disks;

/// <summary>Opens VHD files, and knows the limits of all of them.</summary>
internal static class VhdDisk
{
    /// <summary>Largest VHD: 2040 GiB.</summary>
    public const long MaximumSizeBytes = 2040L << 30;

    /// <summary>Opens a file that has a footer at one of its ends.</summary>
    /// <exception cref="InvalidInputException">It is broken, or of a kind that is not read.</exception>
    public static VirtualDisk Open(ByteSource file)
    {
        var footer = ReadFooter(file);
        if (footer.Version != VhdFooter.CurrentVersion)
        {
            throw CorruptDisk.Unsupported($"The VHD file has version {footer.Version:X8}; only {VhdFooter.CurrentVersion:X8} is read.");
        }

        if (footer.CurrentSizeBytes is 0 or > (ulong)MaximumSizeBytes || footer.CurrentSizeBytes % DiskUnits.SectorSizeBytes != 0)
        {
            throw CorruptDisk.Because($"The VHD's disk has {footer.CurrentSizeBytes} bytes; whole sectors up to 2040 GiB are due.");
        }

        return footer.DiskType switch
        {
            VhdFooter.FixedType => OpenFixed(file, (long)footer.CurrentSizeBytes),
            VhdFooter.DynamicType => new VhdDynamicDisk(file, footer),
            VhdFooter.DifferencingType =>
                throw CorruptDisk.Unsupported("The VHD file is a differencing disk: it can be read only together with its parent."),
            _ => throw CorruptDisk.Unsupported($"The VHD file is of type {footer.DiskType}; only fixed (2) and dynamic (3) ones are read."),
        };
    }

    /// <summary>Fails unless a VHD can have a size.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It cannot.</exception>
    public static void RequireSize(long virtualSizeBytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(virtualSizeBytes, DiskUnits.SectorSizeBytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(virtualSizeBytes, MaximumSizeBytes);
        ArgumentOutOfRangeException.ThrowIfNotEqual(virtualSizeBytes % DiskUnits.SectorSizeBytes, 0, nameof(virtualSizeBytes));
    }

    private static VhdFooter ReadFooter(ByteSource file)
    {
        Span<byte> bytes = stackalloc byte[VhdFooter.Size];
        file.Read(file.Length - VhdFooter.Size, bytes);
        if (VhdFooter.IsIntact(bytes))
        {
            return VhdFooter.Read(bytes);
        }

        // The copy at the start of dynamic files is there for this case.
        file.Read(0, bytes);
        return VhdFooter.IsIntact(bytes) ? VhdFooter.Read(bytes) : throw CorruptDisk.Because("The VHD file has no intact footer.");
    }

    private static VhdFixedDisk OpenFixed(ByteSource file, long sizeBytes) =>
        sizeBytes <= file.Length - VhdFooter.Size
            ? new VhdFixedDisk(file, sizeBytes)
            : throw CorruptDisk.Because($"The fixed VHD's disk has {sizeBytes} bytes; the file has {file.Length}.");
}
