using AppAttach.Imaging.Volumes.Ntfs;

namespace AppAttach.Imaging.Volumes.Emission;

/// <summary>Puts one file record together, attribute by attribute, in ascending order of their types and names.</summary>
/// <param name="record">The record's bytes, zero.</param>
internal ref struct RecordBuilder(Span<byte> record)
{
    private readonly Span<byte> _record = record;
    private int _position = FileRecordHeader.FirstAttributePosition;
    private ushort _instance;
    private ushort _linkCount;

    /// <summary>Adds an attribute whose value is in the record.</summary>
    /// <returns>The value's bytes, to be filled in; zero.</returns>
    public Span<byte> AddResident(AttributeType type, ReadOnlySpan<char> name, int valueLengthBytes)
    {
        var isFileName = type == AttributeType.FileName;
        var valueOffset = ResidentAttributeHeader.ValueOffsetFor(name.Length);
        var attribute = Next(
            type,
            name,
            ResidentAttributeHeader.AttributeSize(name.Length, valueLengthBytes),
            isNonResident: false,
            ResidentAttributeHeader.Size);
        new ResidentAttributeHeader(valueLengthBytes, (ushort)valueOffset, isFileName).Write(attribute);
        _linkCount += isFileName ? (ushort)1 : (ushort)0;
        return attribute.Slice(valueOffset, valueLengthBytes);
    }

    /// <summary>Adds an attribute whose value is in one row of clusters.</summary>
    public void AddNonResident(AttributeType type, ReadOnlySpan<char> name, ClusterRun run) =>
        AddNonResident(type, name, new DataRun(run.ClusterCount, run.FirstCluster), run.SizeBytes, run.SizeBytes);

    /// <summary>Adds an attribute whose value is in one row of clusters, or is one hole.</summary>
    public void AddNonResident(AttributeType type, ReadOnlySpan<char> name, DataRun run, long sizeBytes, long initializedBytes)
    {
        var runlistOffset = NonResidentAttributeHeader.RunlistOffsetFor(name.Length);
        var attribute = Next(
            type,
            name,
            NonResidentAttributeHeader.AttributeSize(name.Length, Runlist.SizeOf(run)),
            isNonResident: true,
            NonResidentAttributeHeader.Size);
        var allocated = run.ClusterCount * VolumeLimits.ClusterSizeBytes;
        new NonResidentAttributeHeader(0, run.ClusterCount - 1, (ushort)runlistOffset, 0, allocated, sizeBytes, initializedBytes)
            .Write(attribute);
        Runlist.Write(run, attribute[runlistOffset..]);
    }

    /// <summary>Ends the record.</summary>
    /// <param name="recordNumber">Its number.</param>
    /// <param name="flags">What it is.</param>
    public readonly void Complete(int recordNumber, FileRecordFlags flags)
    {
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32LittleEndian(_record[_position..], FileRecordHeader.EndMark);
        new FileRecordHeader(
            SystemRecord.SequenceNumber(recordNumber),
            _linkCount,
            FileRecordHeader.FirstAttributePosition,
            flags,
            _position + FileRecordHeader.EndMarkSize,
            _record.Length,
            default,
            _instance,
            (uint)recordNumber).Write(_record);
        UpdateSequence.Apply(_record);
    }

    private Span<byte> Next(AttributeType type, ReadOnlySpan<char> name, int lengthBytes, bool isNonResident, int nameOffset)
    {
        if (_position + lengthBytes + FileRecordHeader.EndMarkSize > _record.Length)
        {
            throw new InvalidOperationException($"An attribute of type {(int)type:X} and {lengthBytes} bytes does not fit at {_position}.");
        }

        var attribute = _record.Slice(_position, lengthBytes);
        new AttributeHeader(type, lengthBytes, isNonResident, (byte)name.Length, (ushort)nameOffset, AttributeFlags.None, _instance)
            .Write(attribute);
        Utf16Name.Write(name, attribute[nameOffset..]);
        _position += lengthBytes;
        _instance++;
        return attribute;
    }
}
