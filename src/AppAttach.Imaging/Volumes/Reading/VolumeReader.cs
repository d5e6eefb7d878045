using AppAttach.Imaging.Disks;
using AppAttach.Imaging.Volumes.Ntfs;

namespace AppAttach.Imaging.Volumes.Reading;

/// <summary>
/// Reads an NTFS volume, whoever made it: file records, attributes wherever they stand, folders, files. Memory does not grow with the
/// volume. What is encrypted or a reparse point is refused by name.
/// </summary>
internal sealed class VolumeReader
{
    private const int PageSizeBytes = 64 << 10;

    private readonly ByteSource _volume;
    private readonly byte[] _page = new byte[PageSizeBytes];
    private ByteSource _mft;
    private long _pageOffset = -1;
    private int _pageLength;
    private UpcaseTable? _upcase;

    /// <summary>Opens a volume.</summary>
    /// <param name="volume">Its partition.</param>
    /// <exception cref="InvalidInputException">Boot sector or $MFT's own record are broken.</exception>
    public VolumeReader(ByteSource volume)
    {
        _volume = volume;
        Span<byte> sector = stackalloc byte[BootSector.Size];
        volume.Read(0, sector);
        Boot = BootSector.Read(sector);
        if (Boot.SectorCount > volume.Length / BootSector.SectorSizeBytes)
        {
            throw CorruptVolume.Because(
                "boot sector", $"gives {Boot.SectorCount} sectors; the partition has {volume.Length / BootSector.SectorSizeBytes}");
        }

        // $MFT describes itself: its first record says where the rest is, and may need records of that rest to say all of it.
        var bytes = new byte[Boot.FileRecordSizeBytes];
        volume.Read(Boot.MftCluster * Boot.ClusterSizeBytes, bytes);
        var record = FileRecord.Read(SystemRecord.Mft, bytes);
        var first = record.Find(AttributeType.Data);
        if (first?.NonResident is not { LowestVcn: 0 } header)
        {
            throw CorruptVolume.Because("file record", "0 does not say where $MFT stands");
        }

        var runs = first.ReadRuns(Boot.ClusterCount);
        var covered = (header.HighestVcn + 1) * Boot.ClusterSizeBytes;
        _mft = new ClusterContent(volume, Boot.ClusterSizeBytes, runs, Math.Min(header.SizeBytes, covered), header.InitializedBytes);
        if (record.Find(AttributeType.AttributeList) is not null)
        {
            _mft = OpenAttribute(record, AttributeType.Data)!;
        }
    }

    /// <summary>The boot sector.</summary>
    public BootSector Boot { get; }

    /// <summary>Records that $MFT has room for.</summary>
    public long RecordCount => _mft.Length / Boot.FileRecordSizeBytes;

    /// <summary>The volume's own upper-case table.</summary>
    /// <exception cref="InvalidInputException">It is broken.</exception>
    public UpcaseTable Upcase => _upcase ??= ReadUpcase();

    /// <summary>Reads a record, in use or not.</summary>
    /// <exception cref="InvalidInputException">There is none, or it is broken.</exception>
    public FileRecord ReadRecord(long number)
    {
        var bytes = new byte[Boot.FileRecordSizeBytes];
        ReadRecordBytes(number, bytes);
        return FileRecord.Read(number, bytes);
    }

    /// <summary>Reads a record as it stands in the volume.</summary>
    /// <exception cref="InvalidInputException">There is none.</exception>
    public void ReadRecordBytes(long number, Span<byte> bytes)
    {
        if (number < 0 || number >= RecordCount)
        {
            throw CorruptVolume.Because("volume", $"refers to file record {number}; $MFT has {RecordCount}");
        }

        // Records are asked for in the order of a folder or of $MFT, and neighbours usually follow each other in both.
        var offset = number * bytes.Length;
        if (_pageOffset < 0 || offset < _pageOffset || offset + bytes.Length > _pageOffset + _pageLength)
        {
            var start = offset / PageSizeBytes * PageSizeBytes;
            _pageLength = (int)Math.Min(PageSizeBytes, _mft.Length - start);
            _pageOffset = -1;
            _mft.Read(start, _page.AsSpan(0, _pageLength));
            _pageOffset = start;
        }

        _page.AsSpan((int)(offset - _pageOffset), bytes.Length).CopyTo(bytes);
    }

    /// <summary>Reads the record that a reference names.</summary>
    /// <exception cref="InvalidInputException">It is not in use, or by another file than the one meant.</exception>
    public FileRecord ReadRecord(FileReference reference)
    {
        var record = ReadRecord(reference.RecordNumber);
        return record.IsInUse && record.Header.SequenceNumber == reference.SequenceNumber && !record.IsExtension
            ? record
            : throw CorruptVolume.Because(
                "file reference",
                $"to record {reference.RecordNumber}, sequence {reference.SequenceNumber}, is stale: the record has {record.Header.SequenceNumber}"
                + (record.IsInUse ? "" : " and is not in use"));
    }

    /// <summary>All parts of an attribute, in the record itself and in those its attribute list names, in the order of their clusters.</summary>
    /// <exception cref="InvalidInputException">The attribute list or a record of it is broken.</exception>
    public IReadOnlyList<RecordAttribute> FindParts(FileRecord record, AttributeType type, string name = "")
    {
        if (record.Find(AttributeType.AttributeList) is not { } list)
        {
            return [.. record.Attributes.Where(attribute => attribute.Header.Type == type && attribute.Name == name)];
        }

        var parts = new List<RecordAttribute>();
        foreach (var entry in ReadAttributeList(list))
        {
            if (entry.Type == type && entry.Name == name)
            {
                parts.Add(FindPart(record, entry));
            }
        }

        return parts;
    }

    /// <summary>The attribute of a type and name, wherever it stands, or null: of a split one the first part.</summary>
    /// <exception cref="InvalidInputException">The attribute list or a record of it is broken.</exception>
    public RecordAttribute? FindAttribute(FileRecord record, AttributeType type, string name = "") =>
        FindParts(record, type, name) is [var first, ..] ? first : null;

    /// <summary>Opens an attribute's value.</summary>
    /// <returns>The value, or null when the record has no such attribute.</returns>
    /// <exception cref="InvalidInputException">It is broken, encrypted, or compressed in a way that is not known.</exception>
    public ByteSource? OpenAttribute(FileRecord record, AttributeType type, string name = "")
    {
        var parts = FindParts(record, type, name);
        if (parts.Count == 0)
        {
            return null;
        }

        if ((parts[0].Header.Flags & AttributeFlags.Encrypted) != 0)
        {
            throw new InvalidInputException(
                Defect.ImageUnsupported, $"The content of file record {record.Number} is encrypted by NTFS, which is not read.");
        }

        return parts[0].NonResident is not { } header ? new ResidentContent(parts[0].Value)
            : (parts[0].Header.Flags & AttributeFlags.CompressionMask) != 0 ? OpenCompressed(record, parts, header)
            : OpenClusters(record, parts, header);
    }

    /// <summary>The names in a folder, in its index's order, without the short names of files that have two.</summary>
    /// <exception cref="InvalidInputException">The index is broken.</exception>
    public IEnumerable<FolderEntry> EnumerateFolder(FileRecord folder)
    {
        foreach (var entry in new IndexReader(this, folder, IndexReader.FolderIndexName).Enumerate())
        {
            var fileName = FileName.Read(entry.Key.Span);
            if (fileName.NameSpace != FileNameSpace.Dos)
            {
                yield return new FolderEntry(fileName.ReadName(entry.Key.Span), entry.Header.File, fileName);
            }
        }
    }

    /// <summary>Finds a file or folder.</summary>
    /// <param name="path">Names separated by <c>/</c>; upper and lower case are one. Empty for the root folder.</param>
    /// <returns>Its record, or null.</returns>
    /// <exception cref="InvalidInputException">The volume is broken on the way.</exception>
    public FileRecord? Find(string path)
    {
        var record = ReadRecord(SystemRecord.Reference(SystemRecord.RootFolder));
        foreach (var name in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!record.IsFolder
                || new IndexReader(this, record, IndexReader.FolderIndexName).FindName(name, Upcase) is not { } entry)
            {
                return null;
            }

            record = ReadRecord(entry.Header.File);
        }

        return record;
    }

    /// <summary>Opens a file's content.</summary>
    /// <param name="record">Its record.</param>
    /// <param name="path">Its path, for messages.</param>
    /// <exception cref="InvalidInputException">It has none that can be read: the message says why.</exception>
    public ByteSource OpenFile(FileRecord record, string path)
    {
        if (FindAttribute(record, AttributeType.ReparsePoint) is not null)
        {
            throw new InvalidInputException(Defect.ImageUnsupported, $"'{path}' is a reparse point, such as a link; those are not followed.");
        }

        try
        {
            return OpenAttribute(record, AttributeType.Data) ?? throw CorruptVolume.Because("file record", $"{record.Number} has no content");
        }
        catch (InvalidInputException exception)
        {
            throw new InvalidInputException(exception.Defect, $"'{path}' cannot be read. {exception.Message}", exception);
        }
    }

    private ClusterContent OpenClusters(FileRecord record, IReadOnlyList<RecordAttribute> parts, NonResidentAttributeHeader header) =>
        new(_volume, Boot.ClusterSizeBytes, ReadAllRuns(record, parts), header.SizeBytes, header.InitializedBytes);

    private CompressedContent OpenCompressed(FileRecord record, IReadOnlyList<RecordAttribute> parts, NonResidentAttributeHeader header)
    {
        var unitBytes = header.CompressionUnitExponent < 16 ? (long)Boot.ClusterSizeBytes << header.CompressionUnitExponent : 0;
        if ((parts[0].Header.Flags & AttributeFlags.CompressionMask) != AttributeFlags.Compressed
            || header.CompressionUnitExponent == 0 || unitBytes is 0 or > CompressedContent.MaximumUnitBytes)
        {
            throw new InvalidInputException(
                Defect.ImageUnsupported,
                $"The content of file record {record.Number} is compressed by a method or in units ({unitBytes} bytes) that NTFS does not use.");
        }

        var runs = ReadAllRuns(record, parts);
        var held = runs.Sum(run => run.ClusterCount) * Boot.ClusterSizeBytes;
        if (header.SizeBytes > held)
        {
            throw CorruptVolume.Because("attribute", $"of file record {record.Number} has {header.SizeBytes} bytes in clusters for {held}");
        }

        return new CompressedContent(
            new ClusterContent(_volume, Boot.ClusterSizeBytes, runs, held, held), (int)unitBytes, header.SizeBytes, header.InitializedBytes);
    }

    private List<DataRun> ReadAllRuns(FileRecord record, IReadOnlyList<RecordAttribute> parts)
    {
        var runs = new List<DataRun>();
        long vcn = 0;
        foreach (var part in parts)
        {
            if (part.NonResident is not { } partHeader || partHeader.LowestVcn != vcn)
            {
                throw CorruptVolume.Because("attribute", $"of file record {record.Number} has a part that does not follow the one before it");
            }

            runs.AddRange(part.ReadRuns(Boot.ClusterCount));
            vcn = partHeader.HighestVcn + 1;
        }

        return runs;
    }

    private List<AttributeListEntry> ReadAttributeList(RecordAttribute list)
    {
        if (list.SizeBytes > AttributeListEntry.MaximumListBytes)
        {
            throw CorruptVolume.Because("attribute list", $"has {list.SizeBytes} bytes; {AttributeListEntry.MaximumListBytes} is the limit");
        }

        var bytes = new byte[list.SizeBytes];
        ByteSource source = list.NonResident is { LowestVcn: 0 } header
            ? new ClusterContent(_volume, Boot.ClusterSizeBytes, list.ReadRuns(Boot.ClusterCount), header.SizeBytes, header.InitializedBytes)
            : new ResidentContent(list.Value);
        source.Read(0, bytes);
        var entries = new List<AttributeListEntry>();
        for (var rest = bytes.AsSpan(); !rest.IsEmpty;)
        {
            var entry = AttributeListEntry.Read(rest);
            entries.Add(entry);
            rest = rest[entry.LengthBytes..];
        }

        return entries;
    }

    private RecordAttribute FindPart(FileRecord record, AttributeListEntry entry)
    {
        var holder = entry.Record.RecordNumber == record.Number ? record : ReadRecord(entry.Record.RecordNumber);
        if (holder != record && (!holder.IsInUse || holder.Header.BaseRecord != record.Reference))
        {
            throw CorruptVolume.Because("attribute list", $"of file record {record.Number} names record {holder.Number}, which is not its own");
        }

        foreach (var attribute in holder.Attributes)
        {
            if (attribute.Header.Type == entry.Type && attribute.Header.Instance == entry.Instance && attribute.Name == entry.Name)
            {
                return attribute;
            }
        }

        throw CorruptVolume.Because("attribute list", $"of file record {record.Number} names an attribute that record {holder.Number} lacks");
    }

    private UpcaseTable ReadUpcase()
    {
        var content = OpenAttribute(ReadRecord(SystemRecord.Upcase), AttributeType.Data);
        if (content?.Length != UpcaseTable.SizeBytes)
        {
            throw CorruptVolume.Because("upper-case table", $"has {content?.Length ?? 0} bytes instead of {UpcaseTable.SizeBytes}");
        }

        var bytes = new byte[UpcaseTable.SizeBytes];
        content.Read(0, bytes);
        return UpcaseTable.Read(bytes);
    }
}
