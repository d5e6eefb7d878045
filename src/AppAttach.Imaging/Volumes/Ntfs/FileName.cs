using System.Buffers.Binary;

namespace AppAttach.Imaging.Volumes.Ntfs;

// NTFS FILE_NAME: in file records, and as the key of every entry of a folder's index. Source: image-format notes 4.6.
//
// offset size field                      value we write, and why
//      0    8 parent folder
//      8   32 FileTimes                  those of STANDARD_INFORMATION
//     40    8 bytes allocated            those of the unnamed DATA; 0 for folders
//     48    8 bytes of the content       the same
//     56    4 attributes                 with the bits for folders and view indexes
//     60    4 reparse tag or EA size     0
//     64    1 characters of the name     1 to 255
//     65    1 name space                 3 for a legal short name, else 1; short names are not made up
//     66      name, UTF-16

/// <summary>Everything of FILE_NAME before the name itself.</summary>
/// <param name="Parent">The folder it is in.</param>
/// <param name="Times">The four times.</param>
/// <param name="AllocatedBytes">Bytes allocated for the content.</param>
/// <param name="SizeBytes">Bytes of the content.</param>
/// <param name="Attributes">The file's attributes.</param>
/// <param name="NameLength">UTF-16 units of the name.</param>
/// <param name="NameSpace">Which rules the name follows.</param>
internal readonly record struct FileName(
    FileReference Parent,
    FileTimes Times,
    long AllocatedBytes,
    long SizeBytes,
    FileAttributeFlags Attributes,
    byte NameLength,
    FileNameSpace NameSpace)
{
    /// <summary>Bytes before the name.</summary>
    public const int Size = 66;

    /// <summary>The longest name, in UTF-16 units.</summary>
    public const int MaximumNameLength = byte.MaxValue;

    private const string Structure = "file name";
    private const int ParentOffset = 0;
    private const int TimesOffset = 8;
    private const int AllocatedOffset = 40;
    private const int SizeOffset = 48;
    private const int AttributesOffset = 56;
    private const int ReparseTagOffset = 60;
    private const int NameLengthOffset = 64;
    private const int NameSpaceOffset = 65;
    private const int NameOffset = 66;

    /// <summary>Bytes of the structure with its name.</summary>
    public int SizeWithName => SizeWith(NameLength);

    /// <summary>Whether it is a folder's name.</summary>
    public bool IsDirectory => (Attributes & FileAttributeFlags.FileNameIndexPresent) != 0;

    /// <summary>Bytes of the structure with a name of some length.</summary>
    public static int SizeWith(int nameLength) => Size + (nameLength * sizeof(char));

    /// <summary>Reads the part before the name, and checks that a name follows.</summary>
    /// <exception cref="InvalidInputException">There is no name, a part of it only, its name space is unknown, or a size is negative.</exception>
    public static FileName Read(ReadOnlySpan<byte> source)
    {
        CorruptVolume.RequireSize(source, Size, Structure);
        var fileName = new FileName(
            FileReference.Read(source[ParentOffset..]),
            FileTimes.Read(source[TimesOffset..]),
            BinaryPrimitives.ReadInt64LittleEndian(source[AllocatedOffset..]),
            BinaryPrimitives.ReadInt64LittleEndian(source[SizeOffset..]),
            (FileAttributeFlags)BinaryPrimitives.ReadInt32LittleEndian(source[AttributesOffset..]),
            source[NameLengthOffset],
            (FileNameSpace)source[NameSpaceOffset]);
        CorruptVolume.RequireSize(source, fileName.SizeWithName, Structure);
        if (fileName.NameLength == 0 || fileName.NameSpace > FileNameSpace.Win32AndDos)
        {
            throw CorruptVolume.Because(
                Structure,
                $"has {fileName.NameLength} characters in name space {(int)fileName.NameSpace}; 1 to 255 in 0 to 3 are possible");
        }

        if (fileName.AllocatedBytes < 0 || fileName.SizeBytes < 0)
        {
            throw CorruptVolume.Because(
                Structure,
                $"gives a size of {fileName.SizeBytes} bytes and {fileName.AllocatedBytes} allocated");
        }

        return fileName;
    }

    /// <summary>Reads the name; unpaired surrogates are kept.</summary>
    /// <param name="source">The bytes this structure was read from.</param>
    public string ReadName(ReadOnlySpan<byte> source) => Utf16Name.Read(source.Slice(NameOffset, NameLength * sizeof(char)));

    /// <summary>Writes the structure and its name.</summary>
    /// <param name="target">At least <see cref="SizeWithName"/> bytes.</param>
    /// <param name="name">The name, of <see cref="NameLength"/> units.</param>
    public void Write(Span<byte> target, ReadOnlySpan<char> name)
    {
        Parent.Write(target[ParentOffset..]);
        Times.Write(target[TimesOffset..]);
        BinaryPrimitives.WriteInt64LittleEndian(target[AllocatedOffset..], AllocatedBytes);
        BinaryPrimitives.WriteInt64LittleEndian(target[SizeOffset..], SizeBytes);
        BinaryPrimitives.WriteInt32LittleEndian(target[AttributesOffset..], (int)Attributes);
        BinaryPrimitives.WriteUInt32LittleEndian(target[ReparseTagOffset..], 0);
        target[NameLengthOffset] = NameLength;
        target[NameSpaceOffset] = (byte)NameSpace;
        Utf16Name.Write(name[..NameLength], target[NameOffset..]);
    }
}
