using System.Buffers.Binary;

namespace AppAttach.Imaging.Volumes.Ntfs;

// NTFS 3.x STANDARD_INFORMATION. Source: image-format notes 4.5.
//
// offset size field                  value we write, and why
//      0   32 FileTimes
//     32    4 attributes             the folder bit is in FILE_NAME, not here
//     36    4 maximum version        0
//     40    4 version                0
//     44    4 class                  0
//     48    4 owner id               0: no quota
//     52    4 security id            of the descriptor in $Secure; 0 when the record carries one itself
//     56    8 quota charged          0
//     64    8 update sequence number 0: no journal

/// <summary>Times, attributes and security id of a file.</summary>
/// <param name="Times">The four times.</param>
/// <param name="Attributes">The file's attributes.</param>
/// <param name="SecurityId">Id of the security descriptor in $Secure, 0 for none.</param>
internal readonly record struct StandardInformation(FileTimes Times, FileAttributeFlags Attributes, uint SecurityId)
{
    /// <summary>Bytes on disk.</summary>
    public const int Size = 72;

    /// <summary>Bytes of the form before NTFS 3.0, without security id; mkntfs still writes it in some system records.</summary>
    public const int OldSize = 48;

    private const int TimesOffset = 0;
    private const int AttributesOffset = 32;
    private const int MaximumVersionOffset = 36;
    private const int SecurityIdOffset = 52;
    private const int QuotaChargedOffset = 56;

    /// <summary>Reads either form.</summary>
    public static StandardInformation Read(ReadOnlySpan<byte> source)
    {
        CorruptVolume.RequireSize(source, OldSize, "standard information");
        return new StandardInformation(
            FileTimes.Read(source[TimesOffset..]),
            (FileAttributeFlags)BinaryPrimitives.ReadInt32LittleEndian(source[AttributesOffset..]),
            source.Length >= Size ? BinaryPrimitives.ReadUInt32LittleEndian(source[SecurityIdOffset..]) : 0);
    }

    /// <summary>Writes all 72 bytes.</summary>
    public void Write(Span<byte> target)
    {
        Times.Write(target[TimesOffset..]);
        BinaryPrimitives.WriteInt32LittleEndian(target[AttributesOffset..], (int)Attributes);
        target[MaximumVersionOffset..SecurityIdOffset].Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(target[SecurityIdOffset..], SecurityId);
        target[QuotaChargedOffset..Size].Clear();
    }
}
