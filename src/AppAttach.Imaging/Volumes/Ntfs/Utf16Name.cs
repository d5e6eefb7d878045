using System.Buffers.Binary;

namespace AppAttach.Imaging.Volumes.Ntfs;

/// <summary>Names in NTFS structures: UTF-16 little-endian units, unpaired surrogates allowed, no terminator.</summary>
internal static class Utf16Name
{
    /// <summary>Reads a name.</summary>
    /// <param name="source">Exactly the bytes of the name, an even number.</param>
    public static string Read(ReadOnlySpan<byte> source)
    {
        Span<char> units = stackalloc char[byte.MaxValue];
        var length = source.Length / sizeof(char);
        if (length > units.Length)
        {
            throw CorruptVolume.Because("name", $"has {length} characters; {byte.MaxValue} is the limit");
        }

        for (var index = 0; index < length; index++)
        {
            units[index] = (char)BinaryPrimitives.ReadUInt16LittleEndian(source[(index * sizeof(char))..]);
        }

        return new string(units[..length]);
    }

    /// <summary>Writes a name.</summary>
    public static void Write(ReadOnlySpan<char> name, Span<byte> target)
    {
        for (var index = 0; index < name.Length; index++)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(target[(index * sizeof(char))..], name[index]);
        }
    }
}
