using System.Buffers.Binary;
using AppAttach.Imaging.Volumes.Ntfs;

namespace AppAttach.Imaging.Volumes.Reading;

/// <summary>A file record of $MFT, taken apart.</summary>
internal sealed class FileRecord
{
    private FileRecord(long number, FileRecordHeader header, IReadOnlyList<RecordAttribute> attributes)
    {
        Number = number;
        Header = header;
        Attributes = attributes;
    }

    /// <summary>Its place in $MFT.</summary>
    public long Number { get; }

    /// <summary>Its header.</summary>
    public FileRecordHeader Header { get; }

    /// <summary>Its attributes, in the order in which they stand.</summary>
    public IReadOnlyList<RecordAttribute> Attributes { get; }

    /// <summary>Whether a file or folder uses it.</summary>
    public bool IsInUse => (Header.Flags & FileRecordFlags.InUse) != 0;

    /// <summary>Whether it is a folder's.</summary>
    public bool IsFolder => (Header.Flags & FileRecordFlags.Directory) != 0;

    /// <summary>Whether it holds attributes that another record has no room for.</summary>
    public bool IsExtension => Header.BaseRecord.Value != 0;

    /// <summary>The reference that names this record.</summary>
    public FileReference Reference => new(Number, Header.SequenceNumber);

    /// <summary>Reads a record.</summary>
    /// <param name="number">Its place in $MFT, for messages.</param>
    /// <param name="bytes">Its bytes as they stand in the volume; the update sequence is undone in place.</param>
    /// <exception cref="InvalidInputException">It is broken; the message names the record.</exception>
    public static FileRecord Read(long number, Memory<byte> bytes)
    {
        try
        {
            // The signature first: a record that was never formatted has no update sequence to complain of.
            var header = FileRecordHeader.Read(bytes.Span);
            UpdateSequence.Remove(bytes.Span);
            return new FileRecord(number, header, ReadAttributes(header, bytes));
        }
        catch (InvalidInputException exception)
        {
            throw new InvalidInputException(exception.Defect, $"In file record {number}: {exception.Message}", exception);
        }
    }

    /// <summary>The attribute of a type and name, or null.</summary>
    public RecordAttribute? Find(AttributeType type, string name = "")
    {
        foreach (var attribute in Attributes)
        {
            if (attribute.Header.Type == type && attribute.Name == name)
            {
                return attribute;
            }
        }

        return null;
    }

    /// <summary>The record's STANDARD_INFORMATION, or null when it has none.</summary>
    public StandardInformation? ReadStandardInformation() =>
        Find(AttributeType.StandardInformation) is { } attribute ? StandardInformation.Read(attribute.Value.Span) : null;

    private static List<RecordAttribute> ReadAttributes(FileRecordHeader header, ReadOnlyMemory<byte> bytes)
    {
        var attributes = new List<RecordAttribute>();
        var rest = bytes[header.FirstAttributeOffset..header.BytesUsed];
        while (true)
        {
            if (rest.Length < sizeof(uint))
            {
                throw CorruptVolume.Because("file record", "has no end mark behind its attributes");
            }

            if (BinaryPrimitives.ReadUInt32LittleEndian(rest.Span) == FileRecordHeader.EndMark)
            {
                return attributes;
            }

            var attribute = new RecordAttribute(rest);
            attributes.Add(attribute);
            rest = rest[attribute.Header.LengthBytes..];
        }
    }
}
