using AppAttach.Imaging.IO;

namespace AppAttach.Imaging.Packages;

/// <summary>Writes a ZIP archive of MSIX's profile to a stream that only goes forward.</summary>
internal sealed class ZipWriter(Stream output, PackageWriterOptions options) : IDisposable
{
    private const ushort Version = 20;
    private const ushort Zip64Version = 45;

    private readonly MemoryStream directory = new();
    private readonly MemoryStream pending = new();
    private long position;
    private long entries;
    private byte[] name = [];
    private LocalFileHeader header;
    private long offset;
    private uint crc32;
    private long sizeBytes;
    private long compressedSizeBytes;

    /// <summary>Starts a part.</summary>
    public void StartPart(byte[] encodedName, bool isDeflated)
    {
        (name, offset, crc32, sizeBytes, compressedSizeBytes) = (encodedName, position, 0, 0, 0);
        var (date, time) = DosTime.Encode(options.LastWriteTime);
        header = new(
            options.IsZip64 ? Zip64Version : Version,
            new(options.HasDataDescriptors ? GeneralPurposeFlags.DataDescriptor : (ushort)0),
            isDeflated ? ZipMethod.Deflated : ZipMethod.Stored, time, date, 0, 0, 0, (ushort)name.Length, 0);
        if (options.HasDataDescriptors)
        {
            WriteHeader();
        }
    }

    /// <summary>Adds to the part.</summary>
    /// <param name="content">Content, for size and CRC.</param>
    /// <param name="packed">The same as it stands in the archive.</param>
    public void Write(ReadOnlySpan<byte> content, ReadOnlySpan<byte> packed)
    {
        crc32 = Crc32.Append(crc32, content);
        sizeBytes += content.Length;
        compressedSizeBytes += packed.Length;
        if (options.HasDataDescriptors)
        {
            Emit(packed);
        }
        else
        {
            pending.Write(packed);
        }
    }

    /// <summary>Ends the part and returns the size of its content, in bytes.</summary>
    public long EndPart()
    {
        if (options.HasDataDescriptors)
        {
            Span<byte> descriptor = stackalloc byte[options.IsZip64 ? DataDescriptor.Zip64Size : DataDescriptor.Size];
            CheckPlain(Math.Max(sizeBytes, compressedSizeBytes));
            new DataDescriptor(crc32, compressedSizeBytes, sizeBytes).Write(descriptor);
            Emit(descriptor);
        }
        else
        {
            // The part was built in memory, which ends at 2 GiB, so its sizes fit the header.
            header = header with { Crc32 = crc32, CompressedSizeBytes = (uint)compressedSizeBytes, SizeBytes = checked((uint)sizeBytes) };
            WriteHeader();
            Emit(pending.GetBuffer().AsSpan(0, (int)pending.Length));
            pending.SetLength(0);
        }

        WriteDirectoryEntry();
        entries++;
        return sizeBytes;
    }

    /// <summary>Writes the central directory and the records that end the archive.</summary>
    public void Finish()
    {
        var directoryOffset = position;
        Emit(directory.GetBuffer().AsSpan(0, (int)directory.Length));
        CheckPlain(position);
        if (!options.IsZip64)
        {
            var count = entries < ushort.MaxValue ? (ushort)entries : throw TooLarge();
            WriteEnd(new(0, 0, count, count, (uint)directory.Length, (uint)directoryOffset, 0));
            return;
        }

        var recordOffset = position;
        Span<byte> record = stackalloc byte[Zip64EndOfCentralDirectory.Size];
        new Zip64EndOfCentralDirectory(
            Zip64EndOfCentralDirectory.ExpectedRemainingBytes, Zip64Version, Zip64Version, 0, 0, (ulong)entries, (ulong)entries,
            (ulong)directory.Length, (ulong)directoryOffset).Write(record);
        Emit(record);
        Span<byte> locator = stackalloc byte[Zip64EndOfCentralDirectoryLocator.Size];
        new Zip64EndOfCentralDirectoryLocator(0, (ulong)recordOffset, 1).Write(locator);
        Emit(locator);
        WriteEnd(new(0, 0, ushort.MaxValue, ushort.MaxValue, uint.MaxValue, uint.MaxValue, 0));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        directory.Dispose();
        pending.Dispose();
    }

    private void WriteHeader()
    {
        Span<byte> bytes = stackalloc byte[LocalFileHeader.Size];
        header.Write(bytes);
        Emit(bytes);
        Emit(name);
    }

    private void WriteDirectoryEntry()
    {
        CheckPlain(offset);
        long[] values = [.. new[] { sizeBytes, compressedSizeBytes, offset }.Where(value => value >= uint.MaxValue)];
        var extra = new byte[values.Length == 0 ? 0 : Zip64ExtraField.HeaderSize + (values.Length * sizeof(long))];
        if (extra.Length > 0)
        {
            Zip64ExtraField.Write(extra, values);
        }

        Span<byte> bytes = stackalloc byte[CentralDirectoryHeader.Size];
        new CentralDirectoryHeader(
            header.VersionNeeded, header.VersionNeeded, header.Flags, header.Method, header.Time, header.Date, crc32,
            Short(compressedSizeBytes), Short(sizeBytes), (ushort)name.Length, (ushort)extra.Length, 0, 0, 0, 0, Short(offset)).Write(bytes);
        directory.Write(bytes);
        directory.Write(name);
        directory.Write(extra);
    }

    private void WriteEnd(EndOfCentralDirectory end)
    {
        Span<byte> bytes = stackalloc byte[EndOfCentralDirectory.Size];
        end.Write(bytes);
        Emit(bytes);
    }

    private void Emit(ReadOnlySpan<byte> bytes)
    {
        output.Write(bytes);
        position += bytes.Length;
    }

    private void CheckPlain(long value)
    {
        if (!options.IsZip64 && value >= uint.MaxValue)
        {
            throw TooLarge();
        }
    }

    private static InvalidOperationException TooLarge() => new("The package is too large for a plain ZIP archive; write it as zip64.");

    private static uint Short(long value) => value >= uint.MaxValue ? uint.MaxValue : (uint)value;
}
