using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using AppAttach.Imaging.Volumes.Ntfs;

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
    private const byte AppPackageAuthority = 15;
    private const uint CapabilityBase = 3;

    /// <summary>The operating system, <c>S-1-5-18</c>.</summary>
    public static SecurityIdentifier LocalSystem { get; } = new(5, 18);

    /// <summary>Services that run as nobody in particular, <c>S-1-5-19</c>.</summary>
    public static SecurityIdentifier LocalService { get; } = new(5, 19);

    /// <summary>The same for those that use the network as the computer, <c>S-1-5-20</c>.</summary>
    public static SecurityIdentifier NetworkService { get; } = new(5, 20);

    /// <summary>Code with a restricted token, <c>S-1-5-12</c>.</summary>
    public static SecurityIdentifier RestrictedCode { get; } = new(5, 12);

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

    /// <summary>The capability that may read everything under WindowsApps; its name is not published.</summary>
    public static SecurityIdentifier PackageReadingCapability { get; } =
        new(15, 3, 1024, 3635283841, 2530182609, 996808640, 1887759898, 3848208603, 3313616867, 983405619, 2501854204);

    /// <summary>Bytes on disk.</summary>
    public int SizeBytes => PartsOffset + (parts.Length * sizeof(uint));

    /// <summary>The capability that every process in a package's container has: <c>S-1-15-3-</c> and the hash that its container's name ends with.</summary>
    /// <param name="familyName">The package's family name.</param>
    public static SecurityIdentifier CapabilityOf(string familyName)
    {
        // The first 28 bytes of SHA-256 over the family name in lower case, as DeriveAppContainerSidFromAppContainerName does it.
        const int hashParts = 7;
        Span<char> lower = new char[familyName.Length];
        Ascii.ToLower(familyName, lower, out _);
        Span<byte> text = new byte[lower.Length * sizeof(char)];
        Utf16Name.Write(lower, text);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(text, hash);
        var parts = new uint[1 + hashParts];
        parts[0] = CapabilityBase;
        for (var part = 0; part < hashParts; part++)
        {
            parts[1 + part] = BinaryPrimitives.ReadUInt32LittleEndian(hash[(part * sizeof(uint))..]);
        }

        return new SecurityIdentifier(AppPackageAuthority, parts);
    }

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
