using System.Buffers.Binary;
using AppAttach.Imaging.Volumes.Ntfs;
using AppAttach.Imaging.Volumes.Reading;

namespace AppAttach.Imaging.Checking;

/// <summary>
/// Writes a file record or an index buffer anew from the values that were read from it, with the definitions of structures alone. Where the bytes are others
/// than before, something stands where nothing should: in a reserved field, in padding, behind an end.
/// </summary>
internal static class CanonicalForm
{
    /// <summary>Whether a record's bytes are those that its values make.</summary>
    /// <param name="record">The record.</param>
    /// <param name="raw">Its bytes as they stand in the volume.</param>
    public static bool IsOf(FileRecord record, ReadOnlySpan<byte> raw)
    {
        Span<byte> again = new byte[raw.Length];
        var at = FileRecordHeader.FirstAttributePosition;
        foreach (var attribute in record.Attributes)
        {
            if (attribute.Header.LengthBytes > again.Length - at - FileRecordHeader.EndMarkSize || !TryWrite(attribute, again.Slice(at, attribute.Header.LengthBytes)))
            {
                return false;
            }

            at += attribute.Header.LengthBytes;
        }

        BinaryPrimitives.WriteUInt32LittleEndian(again[at..], FileRecordHeader.EndMark);
        record.Header.Write(again);
        UpdateSequence.Apply(again);
        return again.SequenceEqual(raw);
    }

    /// <summary>Whether an index buffer's bytes are those that its values make.</summary>
    /// <param name="vcn">Its virtual cluster.</param>
    /// <param name="node">Its node.</param>
    /// <param name="isFolder">Whether the keys are file names.</param>
    /// <param name="raw">Its bytes as they stand in the volume.</param>
    public static bool IsOf(long vcn, IndexNode node, bool isFolder, ReadOnlySpan<byte> raw)
    {
        Span<byte> again = new byte[raw.Length];
        new IndexBuffer(vcn).Write(again);
        if (node.Header.EntriesOffset != IndexBuffer.EntriesOffset || !TryWrite(node, isFolder, again[IndexBuffer.Size..]))
        {
            return false;
        }

        UpdateSequence.Apply(again);
        return again.SequenceEqual(raw);
    }

    private static bool TryWrite(RecordAttribute attribute, Span<byte> target)
    {
        attribute.Header.Write(target);
        var nameOffset = attribute.NonResident is null ? ResidentAttributeHeader.Size : NonResidentAttributeHeader.Size;
        if (attribute.Header.NameOffset != nameOffset)
        {
            return false;
        }

        Utf16Name.Write(attribute.Name, target[nameOffset..]);
        if (attribute.NonResident is not { } header)
        {
            var resident = attribute.Resident!.Value;
            resident.Write(target);
            return resident.ValueOffset == ResidentAttributeHeader.ValueOffsetFor(attribute.Name.Length)
                && TryWriteValue(attribute, target.Slice(resident.ValueOffset, resident.ValueLengthBytes));
        }

        header.Write(target);
        if (header.RunlistOffset != NonResidentAttributeHeader.RunlistOffsetFor(attribute.Name.Length)
            || attribute.ReadRuns(long.MaxValue) is not [var run] || Runlist.SizeOf(run) > target.Length - header.RunlistOffset)
        {
            return false;
        }

        Runlist.Write(run, target[header.RunlistOffset..]);
        return true;
    }

    private static bool TryWriteValue(RecordAttribute attribute, Span<byte> target)
    {
        var value = attribute.Value;
        switch (attribute.Header.Type)
        {
            case AttributeType.StandardInformation when value.Length == StandardInformation.Size:
                StandardInformation.Read(value.Span).Write(target);
                return true;
            case AttributeType.FileName:
                return TryWriteFileName(value.Span, target);
            case AttributeType.VolumeInformation when value.Length == VolumeInformation.Size:
                VolumeInformation.Read(value.Span).Write(target);
                return true;
            case AttributeType.IndexRoot:
                var root = IndexRoot.Read(value.Span);
                root.Write(target);
                return TryWrite(IndexNode.Read(value[IndexRoot.Size..]), root.IndexedType == AttributeType.FileName, target[IndexRoot.Size..]);
            default:
                value.Span.CopyTo(target);
                return true;
        }
    }

    private static bool TryWriteFileName(ReadOnlySpan<byte> value, Span<byte> target)
    {
        var fileName = FileName.Read(value);
        if (fileName.SizeWithName != value.Length)
        {
            return false;
        }

        fileName.Write(target, fileName.ReadName(value));
        return true;
    }

    private static bool TryWrite(IndexNode node, bool isFolder, Span<byte> target)
    {
        node.Header.Write(target);
        var at = node.Header.EntriesOffset;
        foreach (var entry in node.Entries)
        {
            var again = target.Slice(at, entry.Header.LengthBytes);
            if (isFolder && !entry.Header.IsLast)
            {
                if (entry.Header.LengthBytes != IndexEntry.SizeForName(FileName.Read(entry.Key.Span).NameLength, entry.Header.HasChild)
                    || !TryWriteFileName(entry.Key.Span, again.Slice(IndexEntry.Size, entry.Header.KeyLengthBytes)))
                {
                    return false;
                }
            }
            else
            {
                entry.Bytes.Span.CopyTo(again);
            }

            entry.Header.Write(again);
            if (entry.Child is { } child)
            {
                entry.Header.WriteChild(again, child);
            }

            at += entry.Header.LengthBytes;
        }

        return at == node.Header.BytesUsed;
    }
}
