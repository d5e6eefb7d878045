using System.Buffers.Binary;

namespace AppAttach.Imaging.Volumes.Security;

// ACCESS_ALLOWED_ACE and ACCESS_ALLOWED_CALLBACK_ACE ([MS-DTYP] 2.4.4.2, 2.4.4.6).
//
// offset size field       value we write, and why
//      0    1 type        0: allow; 9: allow on a condition
//      1    1 flags       1 files inherit, 2 folders inherit, 8 counts for those below only, 0x10 inherited
//      2    2 bytes of the entry
//      4    4 access mask
//      8      SID, then the condition if there is one

/// <summary>Allows somebody something.</summary>
/// <param name="Who">Who is allowed.</param>
/// <param name="Mask">What is allowed.</param>
/// <param name="Flags">How it is inherited.</param>
/// <param name="Condition">When it counts; null for always.</param>
internal readonly record struct AccessControlEntry(SecurityIdentifier Who, uint Mask, byte Flags, AccessCondition? Condition = null)
{
    /// <summary>Everything on a file or folder.</summary>
    public const uint FullControl = 0x001F01FF;

    /// <summary>Reading and running a file, reading and passing a folder.</summary>
    public const uint ReadAndExecute = 0x001200A9;

    /// <summary>Reading.</summary>
    public const uint ReadOnly = 0x00120089;

    /// <summary>Everything, whatever the object is: becomes <see cref="FullControl"/> where it is inherited.</summary>
    public const uint GenericAll = 0x10000000;

    /// <summary>Reading and executing, whatever the object is: becomes <see cref="ReadAndExecute"/> where it is inherited.</summary>
    public const uint GenericReadAndExecute = 0xA0000000;

    /// <summary>Counts for this folder or file alone.</summary>
    public const byte NotInherited = 0;

    /// <summary>Files inside inherit the entry.</summary>
    public const byte InheritedByFiles = 0x01;

    /// <summary>Folders inside inherit the entry.</summary>
    public const byte InheritedByFolders = 0x02;

    /// <summary>Files and folders inside inherit the entry.</summary>
    public const byte InheritedByAll = InheritedByFiles | InheritedByFolders;

    /// <summary>The entry does not count for the folder that has it, only for what inherits it.</summary>
    public const byte InheritOnly = 0x08;

    /// <summary>The entry was inherited.</summary>
    public const byte Inherited = 0x10;

    private const int TypeOffset = 0;
    private const int FlagsOffset = 1;
    private const int SizeOffset = 2;
    private const int MaskOffset = 4;
    private const int WhoOffset = 8;
    private const byte AllowType = 0;
    private const byte AllowOnConditionType = 9;

    /// <summary>Bytes on disk.</summary>
    public int SizeBytes => WhoOffset + Who.SizeBytes + (Condition?.SizeBytes ?? 0);

    /// <summary>What a file or folder inherits of this entry of the folder above, or null for nothing.</summary>
    public AccessControlEntry? InheritedBy(bool isFolder)
    {
        if ((Flags & (isFolder ? InheritedByFolders : InheritedByFiles)) == 0)
        {
            return null;
        }

        var mask = Mask switch
        {
            GenericAll => FullControl,
            GenericReadAndExecute => ReadAndExecute,
            _ => Mask,
        };
        var flags = isFolder ? (Flags & InheritedByAll) | Inherited : Inherited;
        return this with { Mask = mask, Flags = (byte)flags };
    }

    /// <summary>Writes the entry.</summary>
    public void Write(Span<byte> target)
    {
        target[TypeOffset] = Condition is null ? AllowType : AllowOnConditionType;
        target[FlagsOffset] = Flags;
        BinaryPrimitives.WriteUInt16LittleEndian(target[SizeOffset..], (ushort)SizeBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(target[MaskOffset..], Mask);
        Who.Write(target[WhoOffset..]);
        Condition?.Write(target[(WhoOffset + Who.SizeBytes)..]);
    }
}
