using System.Buffers.Binary;

namespace AppAttach.Imaging.Packages;

/// <summary>
/// Data descriptor after a part's data: APPNOTE.TXT 4.3.9. In a zip64 archive its sizes have 8 bytes, for small parts too, as Windows' packer
/// writes them. It is written but never read: the central directory has the same values.
/// <code>
/// offset size field
///      0    4 signature              50 4B 07 08
///      4    4 CRC-32                 of the content
///      8  4|8 compressed size        bytes
///  12|16  4|8 uncompressed size      bytes
/// </code>
/// </summary>
internal readonly record struct DataDescriptor(uint Crc32, long CompressedSizeBytes, long SizeBytes)
{
    public const uint Signature = 0x08074B50;

    private const int Crc32Offset = sizeof(uint);
    private const int CompressedSizeOffset = Crc32Offset + sizeof(uint);

    /// <summary>Size with sizes of 4 bytes.</summary>
    public const int Size = CompressedSizeOffset + (2 * sizeof(uint));

    /// <summary>Size with sizes of 8 bytes.</summary>
    public const int Zip64Size = CompressedSizeOffset + (2 * sizeof(ulong));

    /// <summary>Writes the form that fits the span.</summary>
    public void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(destination, Signature);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[Crc32Offset..], Crc32);
        var sizes = destination[CompressedSizeOffset..];
        if (destination.Length == Zip64Size)
        {
            BinaryPrimitives.WriteInt64LittleEndian(sizes, CompressedSizeBytes);
            BinaryPrimitives.WriteInt64LittleEndian(sizes[sizeof(long)..], SizeBytes);
        }
        else
        {
            BinaryPrimitives.WriteUInt32LittleEndian(sizes, (uint)CompressedSizeBytes);
            BinaryPrimitives.WriteUInt32LittleEndian(sizes[sizeof(uint)..], (uint)SizeBytes);
        }
    }
}
