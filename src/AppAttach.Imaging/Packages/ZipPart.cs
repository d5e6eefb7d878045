namespace AppAttach.Imaging.Packages;

/// <summary>One part as the central directory gives it, checked by itself.</summary>
/// <param name="EncodedName">Its name as it stands in the archive; ASCII only.</param>
/// <param name="Path">Its decoded name.</param>
/// <param name="Flags">General purpose flags.</param>
/// <param name="IsDeflated">Deflated, or else stored.</param>
/// <param name="Crc32">CRC-32 of the content.</param>
/// <param name="CompressedSizeBytes">Size in the archive, in bytes.</param>
/// <param name="SizeBytes">Size of the content, in bytes.</param>
/// <param name="OffsetBytes">Where its local header stands.</param>
/// <param name="LastWriteTime">Its time, or null.</param>
internal sealed record ZipPart(
    string EncodedName,
    string Path,
    GeneralPurposeFlags Flags,
    bool IsDeflated,
    uint Crc32,
    long CompressedSizeBytes,
    long SizeBytes,
    long OffsetBytes,
    DateTimeOffset? LastWriteTime)
{
    /// <summary>Where it ends at the earliest; the length of the local extra field is known only once the header is read.</summary>
    public long LeastEndBytes => OffsetBytes + LocalFileHeader.Size + EncodedName.Length + CompressedSizeBytes;

    /// <summary>Checks the local header that stands before the data against the central directory (MSIX profile of ZIP).</summary>
    /// <param name="header">The fixed part.</param>
    /// <param name="name">The name that follows it.</param>
    /// <param name="extra">The extra field that follows the name.</param>
    /// <exception cref="InvalidInputException"><see cref="Defect.ZipCorrupt"/>.</exception>
    public void CheckLocalHeader(LocalFileHeader header, ReadOnlySpan<byte> name, ReadOnlySpan<byte> extra)
    {
        const int versionDeflate = 20;
        const int versionZip64 = 45;
        if (header.VersionNeeded is not (versionDeflate or versionZip64))
        {
            throw Invalid.Zip($"The local header of {Invalid.Quote(Path)} needs ZIP version {header.VersionNeeded}; MSIX knows 20 and 45.");
        }

        if (!header.Flags.IsAllowed || header.Flags.HasDataDescriptor != Flags.HasDataDescriptor ||
            header.Method != (IsDeflated ? ZipMethod.Deflated : ZipMethod.Stored))
        {
            throw Invalid.Zip($"Flags or method of {Invalid.Quote(Path)} differ between local header and central directory.");
        }

        if (!System.Text.Ascii.Equals(name, EncodedName))
        {
            throw Invalid.Zip($"The local header of {Invalid.Quote(Path)} has another name than the central directory.");
        }

        long size = header.SizeBytes;
        long compressedSize = header.CompressedSizeBytes;
        long offset = 0;
        if (header.Flags.HasDataDescriptor)
        {
            if (header.Crc32 != 0 || header.CompressedSizeBytes != 0)
            {
                throw Invalid.Zip($"The local header of {Invalid.Quote(Path)} has a CRC or size although a data descriptor follows the data.");
            }
        }
        else if (!Zip64ExtraField.TryResolve(extra, ref size, ref compressedSize, ref offset) ||
            size != SizeBytes || compressedSize != CompressedSizeBytes || header.Crc32 != Crc32)
        {
            throw Invalid.Zip($"Sizes or CRC of {Invalid.Quote(Path)} differ between local header and central directory.");
        }
    }
}
