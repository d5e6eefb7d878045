using System.Buffers.Binary;

namespace AppAttach.Imaging.Volumes.Security;

// Self-relative security descriptor ([MS-DTYP] 2.4.6) with its DACL ([MS-DTYP] 2.4.5).
//
// offset size field                value we write, and why
//      0    1 revision             1
//      1    1 zero
//      2    2 control              0x8000 self-relative, 0x0004 DACL present, 0x0400 inheritance applied, 0x1000 protected
//      4    4 offset of the owner
//      8    4 offset of the group
//     12    4 offset of the SACL   0: none
//     16    4 offset of the DACL   20
//     20      DACL: revision u8 2 (conditional entries need no other), zero u8, bytes u16, entries u16, zero u16, entries; then owner, group

/// <summary>Says who may do what with a file.</summary>
/// <param name="owner">The owner.</param>
/// <param name="isProtected">Whether entries of the folder above are kept out.</param>
/// <param name="entries">The entries, in order.</param>
internal sealed class SecurityDescriptor(SecurityIdentifier owner, bool isProtected, params AccessControlEntry[] entries)
{
    private const byte Revision = 1;
    private const byte AclRevision = 2;
    private const ushort SelfRelative = 0x8000;
    private const ushort DaclPresent = 0x0004;
    private const ushort InheritanceApplied = 0x0400;
    private const ushort Protected = 0x1000;

    private const int RevisionOffset = 0;
    private const int ControlOffset = 2;
    private const int OwnerOffsetOffset = 4;
    private const int GroupOffsetOffset = 8;
    private const int DaclOffsetOffset = 16;
    private const int DaclOffset = 20;

    private const int AclRevisionOffset = 0;
    private const int AclSizeOffset = 2;
    private const int AclEntryCountOffset = 4;
    private const int AclEntriesOffset = 8;

    // What SYSTEM makes, and all packages are made by it, has SYSTEM as its group.
    private readonly SecurityIdentifier _group = SecurityIdentifier.LocalSystem;

    /// <summary>The descriptor of a file or folder that SYSTEM puts into a folder with this one.</summary>
    /// <param name="isFolder">Whether it is a folder.</param>
    /// <param name="own">Its own entries, which stand before those inherited.</param>
    public SecurityDescriptor InheritedBy(bool isFolder, params ReadOnlySpan<AccessControlEntry> own)
    {
        var all = new List<AccessControlEntry>([.. own]);
        foreach (var entry in entries)
        {
            if (entry.InheritedBy(isFolder) is { } inherited)
            {
                all.Add(inherited);
            }
        }

        return new SecurityDescriptor(SecurityIdentifier.LocalSystem, isProtected: false, [.. all]);
    }

    /// <summary>The descriptor's bytes.</summary>
    public byte[] ToBytes()
    {
        var daclSize = AclEntriesOffset + entries.Sum(entry => entry.SizeBytes);
        var ownerOffset = DaclOffset + daclSize;
        var groupOffset = ownerOffset + owner.SizeBytes;
        var bytes = new byte[groupOffset + _group.SizeBytes];
        var control = SelfRelative | DaclPresent | InheritanceApplied | (isProtected ? Protected : 0);
        bytes[RevisionOffset] = Revision;
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(ControlOffset), (ushort)control);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(OwnerOffsetOffset), ownerOffset);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(GroupOffsetOffset), groupOffset);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(DaclOffsetOffset), DaclOffset);

        var dacl = bytes.AsSpan(DaclOffset, daclSize);
        dacl[AclRevisionOffset] = AclRevision;
        BinaryPrimitives.WriteUInt16LittleEndian(dacl[AclSizeOffset..], (ushort)daclSize);
        BinaryPrimitives.WriteUInt16LittleEndian(dacl[AclEntryCountOffset..], (ushort)entries.Length);
        var position = AclEntriesOffset;
        foreach (var entry in entries)
        {
            entry.Write(dacl[position..]);
            position += entry.SizeBytes;
        }

        owner.Write(bytes.AsSpan(ownerOffset));
        _group.Write(bytes.AsSpan(groupOffset));
        return bytes;
    }
}
