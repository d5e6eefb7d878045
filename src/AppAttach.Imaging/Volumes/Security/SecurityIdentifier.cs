using System.Buffers.Binary;

namespace AppAttach.Imaging.Volumes.Security;

// SID ([MS-DTYP] 2.4.2.2).
//
// offset size field
//      0    1 revision               1
//      1    1 number of parts
//      2    6 authority, big-endian
//      8  4*n parts, little-endian

/// <summary>A security identifier: a user, group or capability.</summary>
/// <param name="authority">The identifier authority, such as 5 for NT.</param>
/// <param name="parts">The sub-authorities, 1 to 15.</param>
internal sealed class SecurityIdentifier(byte authority, params uint[] parts)
{
    private const byte Revision = 1;
    private const int RevisionOffset = 0;
    private const int PartCountOffset = 1;
    private const int AuthorityLowOffset = 7;
    private const int PartsOffset = 8;

    /// <summary>The operating system, <c>S-1-5-18</c>.</summary>
    public static SecurityIdentifier LocalSystem { get; } = new(5, 18);

    /// <summary>Administrators, <c>S-1-5-32-544</c>.</summary>
    public static SecurityIdentifier Administrators { get; } = new(5, 32, 544);

    /// <summary>Users, <c>S-1-5-32-545</c>.</summary>
    public static SecurityIdentifier Users { get; } = new(5, 32, 545);

    /// <summary>The service that owns Windows' own and packages' files.</summary>
    public static SecurityIdentifier TrustedInstaller { get; } =
        new(5, 80, 956008885, 3418522649, 1831038044, 1853292631, 2271478464);

    /// <summary>ALL APPLICATION PACKAGES, <c>S-1-15-2-1</c>.</summary>
    public static SecurityIdentifier AllApplicationPackages { get; } = new(15, 2, 1);

    /// <summary>ALL RESTRICTED APPLICATION PACKAGES, <c>S-1-15-2-2</c>.</summary>
    public static SecurityIdentifier AllRestrictedApplicationPackages { get; } = new(15, 2, 2);

    /// <summary>Bytes on disk.</summary>
    public int SizeBytes => PartsOffset + (parts.Length * sizeof(uint));

    /// <summary>Writes the identifier.</summary>
    public void Write(Span<byte> target)
    {
        target[..PartsOffset].Clear();
        target[RevisionOffset] = Revision;
        target[PartCountOffset] = (byte)parts.Length;
        target[AuthorityLowOffset] = authority;
        for (var part = 0; part < parts.Length; part++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(target[(PartsOffset + (part * sizeof(uint)))..], parts[part]);
        }
    }
}
