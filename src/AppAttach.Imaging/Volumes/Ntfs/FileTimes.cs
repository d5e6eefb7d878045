using System.Buffers.Binary;

namespace AppAttach.Imaging.Volumes.Ntfs;

// The four times that STANDARD_INFORMATION and FILE_NAME hold. Source: image-format notes 4.5.
//
// offset size field
//      0    8 created          each: FILETIME, units of 100 ns since 1601-01-01 UTC
//      8    8 content modified
//     16    8 record changed
//     24    8 accessed

/// <summary>The four times of a file, each a FILETIME: units of 100 ns since 1601-01-01 UTC.</summary>
/// <param name="Created">When it was created.</param>
/// <param name="Modified">When its content was modified.</param>
/// <param name="RecordChanged">When its record was changed.</param>
/// <param name="Accessed">When it was accessed.</param>
internal readonly record struct FileTimes(long Created, long Modified, long RecordChanged, long Accessed)
{
    /// <summary>Bytes on disk.</summary>
    public const int Size = 32;

    private const int CreatedOffset = 0;
    private const int ModifiedOffset = 8;
    private const int RecordChangedOffset = 16;
    private const int AccessedOffset = 24;

    /// <summary>Four times the same.</summary>
    public static FileTimes AllAt(long fileTime) => new(fileTime, fileTime, fileTime, fileTime);

    /// <summary>Reads the times; every value is one.</summary>
    public static FileTimes Read(ReadOnlySpan<byte> source)
    {
        CorruptVolume.RequireSize(source, Size, "file times");
        return new FileTimes(
            BinaryPrimitives.ReadInt64LittleEndian(source[CreatedOffset..]),
            BinaryPrimitives.ReadInt64LittleEndian(source[ModifiedOffset..]),
            BinaryPrimitives.ReadInt64LittleEndian(source[RecordChangedOffset..]),
            BinaryPrimitives.ReadInt64LittleEndian(source[AccessedOffset..]));
    }

    /// <summary>Writes the times.</summary>
    public void Write(Span<byte> target)
    {
        BinaryPrimitives.WriteInt64LittleEndian(target[CreatedOffset..], Created);
        BinaryPrimitives.WriteInt64LittleEndian(target[ModifiedOffset..], Modified);
        BinaryPrimitives.WriteInt64LittleEndian(target[RecordChangedOffset..], RecordChanged);
        BinaryPrimitives.WriteInt64LittleEndian(target[AccessedOffset..], Accessed);
    }
}
