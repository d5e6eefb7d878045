using AppAttach.Imaging.Volumes.Ntfs;

namespace AppAttach.Imaging.Volumes.Security;

// $Secure:$SDS holds the entries in parts of 256 KiB, each followed by its copy; no entry goes across the end of a part
// (image-format notes 4.10):
//
// 0         part 0, zeros to its end
// 0x40000   its copy
// 0x80000   part 1
// 0xC0000   its copy, and so on; the stream ends with the last copy's last entry

/// <summary>The security descriptors of a volume, as <c>$Secure</c> holds them: each different one once.</summary>
internal sealed class SecurityCatalog
{
    /// <summary>Place of the descriptor of the file system's own files.</summary>
    public const int SystemFile = 0;

    /// <summary>Place of the descriptor of the volume's root folder.</summary>
    public const int VolumeRoot = 1;

    private readonly List<SecurityDescriptor> _descriptors = [];
    private readonly List<byte[]> _bytes = [];
    private readonly List<SecurityDescriptorEntry> _entries = [];
    private readonly Dictionary<byte[], int> _places = new(new ContentComparer());
    private readonly Dictionary<(int Folder, bool IsFolder), int> _inherited = [];

    /// <summary>Makes a catalogue of what every volume has.</summary>
    public SecurityCatalog()
    {
        Add(new SecurityDescriptor(
            SecurityIdentifier.LocalSystem,
            isProtected: true,
            new(SecurityIdentifier.LocalSystem, AccessControlEntry.ReadOnly, AccessControlEntry.NotInherited),
            new(SecurityIdentifier.Administrators, AccessControlEntry.ReadOnly, AccessControlEntry.NotInherited)));
        Add(new SecurityDescriptor(
            SecurityIdentifier.TrustedInstaller,
            isProtected: true,
            new(SecurityIdentifier.TrustedInstaller, AccessControlEntry.FullControl, AccessControlEntry.InheritedByAll),
            new(SecurityIdentifier.LocalSystem, AccessControlEntry.FullControl, AccessControlEntry.InheritedByAll),
            new(SecurityIdentifier.Administrators, AccessControlEntry.FullControl, AccessControlEntry.InheritedByAll),
            new(SecurityIdentifier.Users, AccessControlEntry.ReadAndExecute, AccessControlEntry.InheritedByAll)));
    }

    /// <summary>Heads of the descriptors, in order of their ids.</summary>
    public IReadOnlyList<SecurityDescriptorEntry> Entries => _entries;

    /// <summary>Number of parts of <c>$SDS</c>.</summary>
    public int PartCount => (int)(_entries[^1].Offset / (2 * SecurityDescriptorEntry.CopyDistanceBytes)) + 1;

    /// <summary>Bytes of <c>$SDS</c>.</summary>
    public long StreamSizeBytes => SecurityDescriptorEntry.CopyDistanceBytes + EndBytes;

    private long EndBytes => _entries[^1].Offset + _entries[^1].LengthBytes;

    /// <summary>The id by which files name a descriptor.</summary>
    /// <param name="place">The descriptor's place in the catalogue.</param>
    public static uint IdOf(int place) => SecurityDescriptorEntry.FirstSecurityId + (uint)place;

    /// <summary>Adds a descriptor, unless it is there already.</summary>
    /// <returns>Its place.</returns>
    /// <exception cref="InvalidInputException">There are too many.</exception>
    public int Add(SecurityDescriptor descriptor)
    {
        var bytes = descriptor.ToBytes();
        if (_places.TryGetValue(bytes, out var place))
        {
            return place;
        }

        place = _entries.Count;
        if (place > VolumeLimits.MaximumSecurityDescriptors - 1)
        {
            throw new InvalidInputException(
                Defect.LimitExceeded,
                $"The packages need more than {VolumeLimits.MaximumSecurityDescriptors} security descriptors, which is the limit. Split them over more images.");
        }

        var length = SecurityDescriptorEntry.Size + bytes.Length;
        _entries.Add(new SecurityDescriptorEntry(SecurityDescriptorEntry.HashOf(bytes), IdOf(place), NextOffset(length), length));
        _descriptors.Add(descriptor);
        _bytes.Add(bytes);
        _places.Add(bytes, place);
        return place;
    }

    /// <summary>The descriptor that a file or folder inherits.</summary>
    /// <param name="folder">Place of the descriptor of the folder above.</param>
    /// <param name="isFolder">Whether a folder inherits.</param>
    /// <returns>Its place.</returns>
    /// <exception cref="InvalidInputException">There are too many descriptors.</exception>
    public int InheritedBy(int folder, bool isFolder)
    {
        if (!_inherited.TryGetValue((folder, isFolder), out var place))
        {
            place = Add(_descriptors[folder].InheritedBy(isFolder));
            _inherited.Add((folder, isFolder), place);
        }

        return place;
    }

    /// <summary>One part of <c>$SDS</c>, which stands there twice.</summary>
    /// <param name="part">Its number, from 0.</param>
    /// <returns>256 KiB, or what is used of the last part.</returns>
    public byte[] ReadPart(int part)
    {
        var start = part * 2L * SecurityDescriptorEntry.CopyDistanceBytes;
        var bytes = new byte[Math.Min(SecurityDescriptorEntry.CopyDistanceBytes, EndBytes - start)];
        for (var place = 0; place < _entries.Count; place++)
        {
            var offset = _entries[place].Offset - start;
            if (offset >= 0 && offset < bytes.Length)
            {
                var target = bytes.AsSpan((int)offset);
                _entries[place].Write(target);
                _bytes[place].CopyTo(target[SecurityDescriptorEntry.Size..]);
            }
        }

        return bytes;
    }

    private long NextOffset(int lengthBytes)
    {
        if (_entries.Count == 0)
        {
            return 0;
        }

        const long part = SecurityDescriptorEntry.CopyDistanceBytes;
        var offset = (EndBytes + SecurityDescriptorEntry.Alignment - 1) & -SecurityDescriptorEntry.Alignment;
        var isInPart = (offset / part % 2) == 0 && (offset % part) + lengthBytes <= part;
        return isInPart ? offset : ((EndBytes - 1) / (2 * part) * 2 * part) + (2 * part);
    }

    private sealed class ContentComparer : IEqualityComparer<byte[]>
    {
        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(byte[] obj) => unchecked((int)SecurityDescriptorEntry.HashOf(obj));
    }
}
