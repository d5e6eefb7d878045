using System.Buffers.Binary;

namespace AppAttach.Imaging.Volumes.Security;

// ACCESS_ALLOWED_ACE ([MS-DTYP] 2.4.4.2).
//
// offset size field       value we write, and why
//      0    1 type        0: allow
//      1    1 flags       1 files inherit, 2 folders inherit, 0x10 inherited
//      2    2 bytes of the entry
//      4    4 access mask
//      8      SID

/// <summary>Allows somebody something. Conditional entries (type 9) would be a second kind beside this one.</summary>
/// <param name="Who">Who is allowed.</param>
/// <param name="Mask">What is allowed.</param>
/// <param name="Flags">How it is inherited.</param>
internal readonly record struct AccessControlEntry(SecurityIdentifier Who, uint Mask, byte Flags)
{
    /// <summary>Everything on a file or folder.</summary>
    public const uint FullControl = 0x001F01FF;

    /// <summary>Reading and running a file, reading and passing a folder.</summary>
    public const uint ReadAndExecute = 0x001200A9;

    /// <summary>Reading.</summary>
    public const uint ReadOnly = 0x00120089;

    /// <summary>Files and folders inside inherit the entry.</summary>
    public const byte InheritedByAll = 0x03;

    /// <summary>The entry was inherited.</summary>
    public const byte Inherited = 0x10;

    private const int TypeOffset = 0;
    private const int FlagsOffset = 1;
    private const int SizeOffset = 2;
    private const int MaskOffset = 4;
    private const int WhoOffset = 8;
    private const byte AllowType = 0;

    /// <summary>Bytes on disk.</summary>
    public int SizeBytes => WhoOffset + Who.SizeBytes;

    /// <summary>Writes the entry.</summary>
    public void Write(Span<byte> target)
    {
        target[TypeOffset] = AllowType;
        target[FlagsOffset] = Flags;
        BinaryPrimitives.WriteUInt16LittleEndian(target[SizeOffset..], (ushort)SizeBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(target[MaskOffset..], Mask);
        Who.Write(target[WhoOffset..]);
    }
}
