using AppAttach.Imaging.Volumes.Ntfs;

namespace AppAttach.Imaging.Volumes.Security;

/// <summary>
/// The security descriptors of a volume, as <c>$Secure</c> holds them. A first, plain set: Windows' own stager adds conditional
/// entries per package family (README, "Security"); they belong into <see cref="DescriptorOf"/>.
/// </summary>
internal sealed class SecurityCatalog
{
    private readonly byte[][] _descriptors;
    private readonly SecurityDescriptorEntry[] _entries;

    /// <summary>Makes the catalogue.</summary>
    public SecurityCatalog()
    {
        var classes = Enum.GetValues<SecurityClass>();
        _descriptors = [.. classes.Select(security => DescriptorOf(security).ToBytes())];
        _entries = new SecurityDescriptorEntry[_descriptors.Length];
        long offset = 0;
        for (var index = 0; index < _entries.Length; index++)
        {
            var length = SecurityDescriptorEntry.Size + _descriptors[index].Length;
            var hash = SecurityDescriptorEntry.HashOf(_descriptors[index]);
            _entries[index] = new SecurityDescriptorEntry(hash, IdOf(classes[index]), offset, length);
            FirstCopyBytes = offset + length;
            offset = (FirstCopyBytes + SecurityDescriptorEntry.Alignment - 1) & -SecurityDescriptorEntry.Alignment;
        }

        if (FirstCopyBytes > SecurityDescriptorEntry.CopyDistanceBytes)
        {
            throw new InvalidOperationException($"{_entries.Length} security descriptors take {FirstCopyBytes} bytes; more than one part of $SDS.");
        }
    }

    /// <summary>Heads of the descriptors, in order of their ids.</summary>
    public IReadOnlyList<SecurityDescriptorEntry> Entries => _entries;

    /// <summary>Bytes of <c>$SDS</c>: a part of 256 KiB, and the copy of what is used of it.</summary>
    public long StreamSizeBytes => SecurityDescriptorEntry.CopyDistanceBytes + FirstCopyBytes;

    /// <summary>Bytes of the entries once.</summary>
    public long FirstCopyBytes { get; }

    /// <summary>The id by which files name their descriptor.</summary>
    public static uint IdOf(SecurityClass security) => SecurityDescriptorEntry.FirstSecurityId + (uint)security;

    /// <summary>Writes the entries once; they stand in <c>$SDS</c> twice.</summary>
    /// <param name="target">At least <see cref="FirstCopyBytes"/> bytes, zero.</param>
    public void WriteCopy(Span<byte> target)
    {
        for (var index = 0; index < _entries.Length; index++)
        {
            var entry = target[(int)_entries[index].Offset..];
            _entries[index].Write(entry);
            _descriptors[index].CopyTo(entry[SecurityDescriptorEntry.Size..]);
        }
    }

    private static SecurityDescriptor DescriptorOf(SecurityClass security) => security switch
    {
        SecurityClass.SystemFile => new SecurityDescriptor(
            SecurityIdentifier.LocalSystem,
            isProtected: true,
            new AccessControlEntry(SecurityIdentifier.LocalSystem, AccessControlEntry.ReadOnly, 0),
            new AccessControlEntry(SecurityIdentifier.Administrators, AccessControlEntry.ReadOnly, 0)),
        SecurityClass.VolumeRoot or SecurityClass.PackagesFolder => new SecurityDescriptor(
            SecurityIdentifier.TrustedInstaller,
            isProtected: true,
            new AccessControlEntry(SecurityIdentifier.TrustedInstaller, AccessControlEntry.FullControl, AccessControlEntry.InheritedByAll),
            new AccessControlEntry(SecurityIdentifier.LocalSystem, AccessControlEntry.FullControl, AccessControlEntry.InheritedByAll),
            new AccessControlEntry(SecurityIdentifier.Administrators, AccessControlEntry.FullControl, AccessControlEntry.InheritedByAll),
            new AccessControlEntry(SecurityIdentifier.Users, AccessControlEntry.ReadAndExecute, AccessControlEntry.InheritedByAll)),
        SecurityClass.PackageFolder => PackageDescriptor(isProtected: true, AccessControlEntry.InheritedByAll),
        SecurityClass.InheritedFolder =>
            PackageDescriptor(isProtected: false, AccessControlEntry.InheritedByAll | AccessControlEntry.Inherited),
        SecurityClass.InheritedFile => PackageDescriptor(isProtected: false, AccessControlEntry.Inherited),
        _ => throw new ArgumentOutOfRangeException(nameof(security), security, "There is no such security class."),
    };

    private static SecurityDescriptor PackageDescriptor(bool isProtected, byte flags) => new(
        SecurityIdentifier.LocalSystem,
        isProtected,
        new AccessControlEntry(SecurityIdentifier.TrustedInstaller, AccessControlEntry.FullControl, flags),
        new AccessControlEntry(SecurityIdentifier.LocalSystem, AccessControlEntry.FullControl, flags),
        new AccessControlEntry(SecurityIdentifier.Administrators, AccessControlEntry.ReadAndExecute, flags),
        new AccessControlEntry(SecurityIdentifier.Users, AccessControlEntry.ReadAndExecute, flags),
        new AccessControlEntry(SecurityIdentifier.AllApplicationPackages, AccessControlEntry.ReadAndExecute, flags),
        new AccessControlEntry(SecurityIdentifier.AllRestrictedApplicationPackages, AccessControlEntry.ReadAndExecute, flags));
}
