namespace AppAttach.Imaging.Packages;

/// <summary>Where the central directory lies and how many parts it lists, taken from the records at the end of the archive.</summary>
/// <param name="OffsetBytes">Its first byte.</param>
/// <param name="SizeBytes">Its size, in bytes.</param>
/// <param name="Entries">Number of parts.</param>
/// <param name="IsZip64">Whether zip64 records stand after it; then every data descriptor has sizes of 8 bytes.</param>
internal readonly record struct CentralDirectoryRange(long OffsetBytes, long SizeBytes, long Entries, bool IsZip64)
{
    /// <summary>Reads and checks the end records: plain ZIP or zip64 as MSIX restricts them.</summary>
    /// <exception cref="InvalidInputException"><see cref="Defect.NotAPackage"/> or <see cref="Defect.ZipCorrupt"/>.</exception>
    public static CentralDirectoryRange Read(StreamWindow window)
    {
        var endOffset = window.LengthBytes - EndOfCentralDirectory.Size;
        Span<byte> bytes = stackalloc byte[EndOfCentralDirectory.Size];
        if (endOffset < 0)
        {
            throw new InvalidInputException(Defect.NotAPackage,
                $"This is not a package: {window.LengthBytes} bytes cannot hold the end record of a ZIP archive (22 bytes).");
        }

        window.Read(endOffset, bytes);
        if (!EndOfCentralDirectory.HasSignature(bytes))
        {
            throw new InvalidInputException(Defect.NotAPackage,
                "This is not a package: its last 22 bytes are not the end record of a ZIP archive. Check that the file was copied completely.");
        }

        var end = EndOfCentralDirectory.Read(bytes);
        if (end.CommentLength != 0)
        {
            throw Invalid.Zip("The ZIP end record announces a comment, which MSIX does not allow.");
        }

        var range = end.NeedsZip64 ? ReadZip64(window, end, endOffset) : ReadPlain(end, endOffset);
        return range.Entries > 0 ? range : throw Invalid.Zip("The archive has no parts.");
    }

    /// <summary>Size of the data descriptor after a part's data, in bytes; 0 if it has none.</summary>
    public int DescriptorBytes(ZipPart part) =>
        !part.Flags.HasDataDescriptor ? 0 : IsZip64 ? DataDescriptor.Zip64Size : DataDescriptor.Size;

    private static CentralDirectoryRange ReadPlain(EndOfCentralDirectory end, long endOffset)
    {
        if (end.Disk != 0 || end.DirectoryDisk != 0 || end.EntriesOnDisk != end.Entries)
        {
            throw Invalid.Zip("The ZIP end record describes an archive of several disks.");
        }

        return (long)end.DirectoryOffsetBytes + end.DirectorySizeBytes == endOffset
            ? new(end.DirectoryOffsetBytes, end.DirectorySizeBytes, end.Entries, IsZip64: false)
            : throw Invalid.Zip($"The central directory does not end at byte {endOffset}, where the end record starts.");
    }

    private static CentralDirectoryRange ReadZip64(StreamWindow window, EndOfCentralDirectory end, long endOffset)
    {
        if (end.Disk != end.DirectoryDisk || end.Disk is not (0 or ushort.MaxValue) || end.EntriesOnDisk != end.Entries ||
            end.DirectorySizeBytes is not (0 or uint.MaxValue) || end.DirectoryOffsetBytes is not (0 or uint.MaxValue))
        {
            throw Invalid.Zip("The ZIP end record refers to zip64 and yet holds values of its own.");
        }

        var locatorOffset = endOffset - Zip64EndOfCentralDirectoryLocator.Size;
        var recordOffset = locatorOffset - Zip64EndOfCentralDirectory.Size;
        Span<byte> bytes = stackalloc byte[Zip64EndOfCentralDirectory.Size + Zip64EndOfCentralDirectoryLocator.Size];
        if (recordOffset < 0)
        {
            throw Invalid.Zip("The ZIP end record refers to zip64 records that do not fit before it.");
        }

        window.Read(recordOffset, bytes);
        var locatorBytes = bytes[Zip64EndOfCentralDirectory.Size..];
        var locator = Zip64EndOfCentralDirectoryLocator.Read(locatorBytes);
        if (!Zip64EndOfCentralDirectoryLocator.HasSignature(locatorBytes) || locator.Disk != 0 || locator.Disks != 1 ||
            locator.EndRecordOffsetBytes != (ulong)recordOffset || !Zip64EndOfCentralDirectory.HasSignature(bytes))
        {
            throw Invalid.Zip($"The zip64 records do not stand right before the ZIP end record at byte {endOffset}.");
        }

        var record = Zip64EndOfCentralDirectory.Read(bytes);
        const int version = 45;
        if (record.RemainingBytes != Zip64EndOfCentralDirectory.ExpectedRemainingBytes || record.VersionMadeBy != version ||
            record.VersionNeeded != version || record.Disk != 0 || record.DirectoryDisk != 0 || record.Entries != record.EntriesOnDisk)
        {
            throw Invalid.Zip("The zip64 end record does not have the size, versions, disks and counts that MSIX asks for.");
        }

        var isRange = record.Entries <= long.MaxValue && record.DirectoryOffsetBytes <= (ulong)recordOffset &&
            record.DirectorySizeBytes == (ulong)recordOffset - record.DirectoryOffsetBytes;
        return isRange
            ? new((long)record.DirectoryOffsetBytes, (long)record.DirectorySizeBytes, (long)record.Entries, IsZip64: true)
            : throw Invalid.Zip($"The central directory does not end at byte {recordOffset}, where the zip64 end record starts.");
    }
}
