using System.Text;

namespace AppAttach.Imaging.Disks;

/// <summary>
/// The first bytes of a VHDX file ([MS-VHDX] 2.2.1).
/// <code>
/// off  size  field      value we write
/// 0    8     signature  "vhdxfile"
/// 8    512   creator    UTF-16LE, zero padded; a constant, so that the same input gives the same bytes
/// </code>
/// </summary>
/// <param name="Creator">Who made the file, at most 256 UTF-16 units.</param>
internal readonly record struct VhdxFileIdentifier(string Creator)
{
    /// <summary>Bytes in the structure.</summary>
    public const int Size = CreatorOffset + CreatorLength;

    private const int CreatorOffset = 8;
    private const int CreatorLength = 512;

    private static ReadOnlySpan<byte> Signature => "vhdxfile"u8;

    /// <summary>Whether a file starts as a VHDX file does.</summary>
    public static bool IsPresent(ReadOnlySpan<byte> source) => source.StartsWith(Signature);

    /// <summary>Reads the structure, whose signature has been looked at.</summary>
    public static VhdxFileIdentifier Read(ReadOnlySpan<byte> source) =>
        new(Encoding.Unicode.GetString(source.Slice(CreatorOffset, CreatorLength)).TrimEnd('\0'));

    /// <summary>Writes the structure over <see cref="Size"/> bytes.</summary>
    public void Write(Span<byte> destination)
    {
        destination[..Size].Clear();
        Signature.CopyTo(destination);
        Encoding.Unicode.GetBytes(Creator, destination.Slice(CreatorOffset, CreatorLength));
    }
}
