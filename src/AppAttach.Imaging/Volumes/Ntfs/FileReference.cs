using System.Buffers.Binary;

namespace AppAttach.Imaging.Volumes.Ntfs;

// NTFS file reference, 8 bytes ([MS-FSCC] 2.1.9 shows it as a 64-bit file id).
//
// bits   field
// 0-47   number of the record in $MFT
// 48-63  sequence number of that record; a reference whose sequence differs is stale

/// <summary>Points at a record of $MFT and says which use of that record is meant.</summary>
/// <param name="RecordNumber">Number of the record, 0 to 2^48 - 1.</param>
/// <param name="SequenceNumber">Sequence number the record must have; 0 says "any" in old volumes, we never write it.</param>
internal readonly record struct FileReference(long RecordNumber, ushort SequenceNumber)
{
    /// <summary>Bytes on disk.</summary>
    public const int Size = sizeof(ulong);

    /// <summary>The largest record number that fits.</summary>
    public const long MaximumRecordNumber = (1L << RecordNumberBits) - 1;

    private const int RecordNumberBits = 48;

    /// <summary>The packed form.</summary>
    public ulong Value => (ulong)RecordNumber | ((ulong)SequenceNumber << RecordNumberBits);

    /// <summary>Unpacks a reference; every value is one.</summary>
    public static FileReference FromValue(ulong value) =>
        new((long)(value & (ulong)MaximumRecordNumber), (ushort)(value >> RecordNumberBits));

    /// <summary>Reads a reference.</summary>
    public static FileReference Read(ReadOnlySpan<byte> source)
    {
        CorruptVolume.RequireSize(source, Size, "file reference");
        return FromValue(BinaryPrimitives.ReadUInt64LittleEndian(source));
    }

    /// <summary>Writes the reference.</summary>
    public void Write(Span<byte> target) => BinaryPrimitives.WriteUInt64LittleEndian(target, Value);
}
