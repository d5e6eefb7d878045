using AppAttach.Imaging.Disks;
using AppAttach.Imaging.Volumes.Ntfs;

namespace AppAttach.Imaging.Volumes.Reading;

/// <summary>An attribute as it stands in a file record.</summary>
internal sealed class RecordAttribute
{
    private readonly ReadOnlyMemory<byte> _bytes;

    /// <summary>Reads the attribute that some bytes start with.</summary>
    /// <param name="bytes">The rest of the record.</param>
    /// <exception cref="InvalidInputException">It is broken.</exception>
    public RecordAttribute(ReadOnlyMemory<byte> bytes)
    {
        Header = AttributeHeader.Read(bytes.Span);
        _bytes = bytes[..Header.LengthBytes];
        Name = Header.ReadName(_bytes.Span);
        if (Header.IsNonResident)
        {
            NonResident = NonResidentAttributeHeader.Read(_bytes.Span);
        }
        else
        {
            var resident = ResidentAttributeHeader.Read(_bytes.Span);
            Resident = resident;
            Value = _bytes.Slice(resident.ValueOffset, resident.ValueLengthBytes);
        }
    }

    /// <summary>The common part of the header.</summary>
    public AttributeHeader Header { get; }

    /// <summary>Name, empty for none.</summary>
    public string Name { get; }

    /// <summary>The rest of the header, when the value is in clusters.</summary>
    public NonResidentAttributeHeader? NonResident { get; }

    /// <summary>The rest of the header, when the value is in the record.</summary>
    public ResidentAttributeHeader? Resident { get; }

    /// <summary>The value when it is in the record, else nothing.</summary>
    public ReadOnlyMemory<byte> Value { get; }

    /// <summary>Bytes of the value; of a split attribute only the first part knows them.</summary>
    public long SizeBytes => NonResident?.SizeBytes ?? Value.Length;

    /// <summary>Bytes allocated for the value, as folders list them: of a compressed or sparse one those that its clusters take, holes left out.</summary>
    /// <exception cref="InvalidInputException">The header is too short.</exception>
    public long AllocatedBytes => NonResident is not { } header ? DiskUnits.Align(Value.Length, AttributeHeader.Alignment)
        : (Header.Flags & (AttributeFlags.CompressionMask | AttributeFlags.Sparse)) != 0 && header.LowestVcn == 0
            ? NonResidentAttributeHeader.ReadHeldBytes(_bytes.Span)
            : header.AllocatedBytes;

    /// <summary>The runs of clusters that hold the value.</summary>
    /// <param name="volumeClusters">Clusters of the volume.</param>
    /// <exception cref="InvalidInputException">They are broken or lie outside the volume.</exception>
    public IReadOnlyList<DataRun> ReadRuns(long volumeClusters)
    {
        var header = NonResident ?? throw new InvalidOperationException("The attribute is resident.");
        return Runlist.Read(_bytes.Span[header.RunlistOffset..], volumeClusters, header.HighestVcn - header.LowestVcn + 1);
    }
}
