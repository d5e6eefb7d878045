using System.Buffers.Binary;

namespace AppAttach.Imaging.Packages;

/// <summary>
/// Zip64 extended information extra field: APPNOTE.TXT 4.5.3. In MSIX it may only be the sole block of the extra area.
/// <code>
/// offset size field
///      0    2 id                     0x0001
///      2    2 size of the values     whole extra area minus 4
///      4    8 each value             uncompressed size, compressed size, local header offset: each only if its 32-bit field is all ones
/// </code>
/// </summary>
internal static class Zip64ExtraField
{
    public const ushort Id = 1;
    public const int HeaderSize = LengthOffset + sizeof(ushort);

    private const int LengthOffset = sizeof(ushort);

    /// <summary>Replaces each value that is all ones by the one of the extra field.</summary>
    /// <returns>Whether the field is well formed and has every value asked for.</returns>
    public static bool TryResolve(ReadOnlySpan<byte> extra, ref long sizeBytes, ref long compressedSizeBytes, ref long offsetBytes)
    {
        var values = ReadOnlySpan<byte>.Empty;
        if (extra.Length >= HeaderSize && BinaryPrimitives.ReadUInt16LittleEndian(extra) == Id)
        {
            if (BinaryPrimitives.ReadUInt16LittleEndian(extra[LengthOffset..]) != extra.Length - HeaderSize)
            {
                return false;
            }

            values = extra[HeaderSize..];
        }

        return TryTake(ref values, ref sizeBytes) && TryTake(ref values, ref compressedSizeBytes) && TryTake(ref values, ref offsetBytes);
    }

    private static bool TryTake(ref ReadOnlySpan<byte> values, ref long value)
    {
        if (value != uint.MaxValue)
        {
            return true;
        }

        if (values.Length < sizeof(long))
        {
            return false;
        }

        value = BinaryPrimitives.ReadInt64LittleEndian(values);
        values = values[sizeof(long)..];
        return value >= 0;
    }

    /// <summary>Writes a block with the values given.</summary>
    public static void Write(Span<byte> destination, params ReadOnlySpan<long> values)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(destination, Id);
        BinaryPrimitives.WriteUInt16LittleEndian(destination[LengthOffset..], (ushort)(values.Length * sizeof(long)));
        destination = destination[HeaderSize..];
        foreach (var value in values)
        {
            BinaryPrimitives.WriteInt64LittleEndian(destination, value);
            destination = destination[sizeof(long)..];
        }
    }
}
