using AppAttach.Imaging.Volumes.Ntfs;
using AppAttach.Imaging.Volumes.Reading;

namespace AppAttach.Imaging.Checking;

/// <summary>
/// First pass over a volume: every file record by itself, and the clusters it uses. Fills a <see cref="VolumeState"/> for the second pass.
/// </summary>
internal sealed class RecordChecker
{
    private readonly VolumeReader _volume;
    private readonly VolumeState _state;
    private readonly FindingList _findings;

    /// <summary>Prepares the pass.</summary>
    public RecordChecker(VolumeReader volume, VolumeState state, FindingList findings)
    {
        _volume = volume;
        _state = state;
        _findings = findings;
        UsedClusters = new BitSet(volume.Boot.ClusterCount);
    }

    /// <summary>Clusters that some attribute uses.</summary>
    public BitSet UsedClusters { get; }

    /// <summary>Whether two attributes use one cluster: then what is in it cannot be trusted.</summary>
    public bool HasDoubleUse { get; private set; }

    /// <summary>Files without NTFS' own.</summary>
    public int Files { get; private set; }

    /// <summary>Folders without NTFS' own.</summary>
    public int Folders { get; private set; }

    /// <summary>Makes the pass.</summary>
    /// <exception cref="InvalidInputException">$MFT's own bitmap cannot be read.</exception>
    public void Check()
    {
        var bitmap = _volume.OpenAttribute(_volume.ReadRecord(SystemRecord.Mft), AttributeType.Bitmap)
            ?? throw CorruptVolume.Because("file record", "0 has no bitmap of records");
        var chunk = Array.Empty<byte>();
        for (var number = 0; number < _state.Records && !_findings.IsFull; number++)
        {
            const int chunkRecords = 8 * 4096;
            if (number % chunkRecords == 0)
            {
                chunk = new byte[Math.Clamp(bitmap.Length - (number / 8), 0, 4096)];
                bitmap.Read(number / 8, chunk);
            }

            var index = number % chunkRecords;
            var isMarked = index / 8 < chunk.Length && (chunk[index / 8] >> (index % 8) & 1) != 0;
            _findings.Try("record", $"file record {number}", () => CheckRecord(number, isMarked));
        }
    }

    private void CheckRecord(int number, bool isMarked)
    {
        var place = $"file record {number}";
        var record = _volume.ReadRecord(number);
        _findings.Require(
            record.IsInUse == isMarked,
            "mft-bitmap",
            place,
            $"It is {(record.IsInUse ? "" : "not ")}in use; the bitmap of $MFT says {(isMarked ? "" : "un")}used.");
        if (!record.IsInUse)
        {
            return;
        }

        _findings.Require(
            record.Header.RecordNumber == (uint)number, "record-number", place, $"It says that it is record {record.Header.RecordNumber}.");
        _findings.Require(record.Header.SequenceNumber != 0, "record", place, "Its sequence number is 0.");
        CheckAttributes(record, place);
        if (!record.IsExtension)
        {
            CheckFile(record, place);
        }
    }

    private void CheckAttributes(FileRecord record, string place)
    {
        var instances = new HashSet<ushort>();
        RecordAttribute? before = null;
        var end = (int)record.Header.FirstAttributeOffset;
        foreach (var attribute in record.Attributes)
        {
            end += attribute.Header.LengthBytes;
            _findings.Require(
                instances.Add(attribute.Header.Instance) && attribute.Header.Instance < record.Header.NextAttributeInstance,
                "attribute-instance",
                place,
                $"Attribute {attribute.Header.Type} has instance {attribute.Header.Instance}, which is used twice or not below the next one.");
            _findings.Require(before is null || Compare(before, attribute) <= 0, "attribute-order", place, "Its attributes are not in order.");
            before = attribute;
            _findings.Require(
                HasFittingFlags(attribute), "attribute-flags", place, $"Attribute {attribute.Header.Type} has flags that do not fit its type.");
            if (attribute.NonResident is { } header)
            {
                CheckClusters(attribute, header, place);
            }
        }

        _findings.Require(
            record.Header.BytesUsed == end + FileRecordHeader.EndMarkSize,
            "record-size",
            place,
            $"It says {record.Header.BytesUsed} bytes are used; its attributes end at {end}.");
    }

    /// <summary>Folders index FILE_NAME and nothing else; only compressed and sparse attributes have compression units.</summary>
    private static bool HasFittingFlags(RecordAttribute attribute)
    {
        const AttributeFlags withUnit = AttributeFlags.Compressed | AttributeFlags.Sparse;
        return attribute.NonResident is { } header
            ? header.CompressionUnitExponent == 0 || (attribute.Header.Flags & withUnit) != 0
            : attribute.Resident!.Value.IsIndexed == (attribute.Header.Type == AttributeType.FileName);
    }

    private static int Compare(RecordAttribute left, RecordAttribute right)
    {
        var byType = ((uint)left.Header.Type).CompareTo((uint)right.Header.Type);
        return byType != 0 ? byType : UpcaseTable.Windows.Compare(left.Name, right.Name);
    }

    private void CheckClusters(RecordAttribute attribute, NonResidentAttributeHeader header, string place)
    {
        var what = $"Attribute {attribute.Header.Type}{(attribute.Name.Length == 0 ? "" : ":" + attribute.Name)}";
        _findings.Require(
            attribute.Header.Type is not (AttributeType.StandardInformation or AttributeType.FileName or AttributeType.VolumeName
                or AttributeType.VolumeInformation or AttributeType.IndexRoot),
            "attribute-residency",
            place,
            $"{what} is in clusters, and may only be in its record.");
        var clusters = header.HighestVcn - header.LowestVcn + 1;
        _findings.Require(
            header.LowestVcn != 0 || header.AllocatedBytes % _volume.Boot.ClusterSizeBytes == 0,
            "attribute-size",
            place,
            $"{what} gives {header.AllocatedBytes} bytes allocated, which are no whole clusters.");
        _findings.Require(
            header.LowestVcn != 0 || header.AllocatedBytes / _volume.Boot.ClusterSizeBytes >= clusters,
            "attribute-size",
            place,
            $"{what} gives {header.AllocatedBytes} bytes allocated in {clusters} clusters.");
        foreach (var run in attribute.ReadRuns(_volume.Boot.ClusterCount))
        {
            if (run.Lcn is { } lcn && UsedClusters.Set(lcn, run.ClusterCount) is >= 0 and var already)
            {
                HasDoubleUse = true;
                _findings.Add("cluster-double", place, $"{what} uses cluster {already}, which something else uses too.");
            }
        }
    }

    private void CheckFile(FileRecord record, string place)
    {
        var names = _volume.FindParts(record, AttributeType.FileName);
        var isOwn = record.Number < SystemRecord.FirstUnused;
        _findings.Require(
            names.Count == record.Header.LinkCount, "link-count", place, $"It says {record.Header.LinkCount} names and has {names.Count}.");
        _findings.Require(isOwn || names.Count > 0, "record", place, "It has no name.");
        CheckSecurity(record, place);

        var (size, allocated) = SizesOf(record, place);
        _state.AddRecord(record.Reference, record.IsFolder, size, allocated);
        var isUserFile = false;
        foreach (var attribute in names)
        {
            var fileName = FileName.Read(attribute.Value.Span);
            _state.AddName(record.Number, fileName, fileName.ReadName(attribute.Value.Span));
            _findings.Require(
                fileName.IsDirectory == record.IsFolder, "folder-flag", place, "Its name and its record disagree on whether it is a folder.");
            isUserFile |= record.Number >= SystemRecord.FirstUnused && fileName.Parent.RecordNumber != SystemRecord.Extend;
        }

        if (isUserFile)
        {
            Files += record.IsFolder ? 0 : 1;
            Folders += record.IsFolder ? 1 : 0;
        }
    }

    private void CheckSecurity(FileRecord record, string place)
    {
        var information = record.ReadStandardInformation();
        if (!_findings.Require(information is not null, "record", place, "It has no STANDARD_INFORMATION."))
        {
            return;
        }

        if (information!.Value.SecurityId is not 0 and var id)
        {
            _state.SecurityIds.TryAdd(id, record.Number);
        }
        else
        {
            _findings.Require(
                _volume.FindAttribute(record, AttributeType.SecurityDescriptor) is not null || record.Number < SystemRecord.FirstUnused,
                "security-id",
                place,
                "It has neither a security id nor a descriptor of its own.");
        }
    }

    private (long Size, long Allocated) SizesOf(FileRecord record, string place)
    {
        if (record.IsFolder)
        {
            _findings.Require(
                _volume.FindAttribute(record, AttributeType.IndexRoot, IndexReader.FolderIndexName) is not null,
                "folder-flag",
                place,
                "It is a folder without an index.");
            return (0, 0);
        }

        var parts = _volume.FindParts(record, AttributeType.Data);
        if (parts.Count == 0)
        {
            return (0, 0);
        }

        if (parts.Count > 1 || parts[0].NonResident is not null)
        {
            // Reads nothing: puts the parts together and holds their clusters against the size.
            if ((parts[0].Header.Flags & AttributeFlags.Encrypted) == 0)
            {
                _volume.OpenAttribute(record, AttributeType.Data);
            }
        }

        return (parts[0].SizeBytes, parts[0].AllocatedBytes);
    }
}
