using AppAttach.Imaging.Volumes.Emission;
using AppAttach.Imaging.Volumes.Ntfs;
using AppAttach.Imaging.Volumes.Security;

namespace AppAttach.Imaging.Volumes;

// The view indexes of $Secure. Source: image-format notes 4.10. Key and data of their entries:
//
//         key at 16                 data
// $SII    security id u32           head of the $SDS entry, at 0x14
// $SDH    hash u32, id u32          the same at 0x18, then "I", "I" as UTF-16, which nobody reads but Windows writes

/// <summary>Entries of <c>$Secure</c>'s indexes by hash (<c>$SDH</c>) and by id (<c>$SII</c>).</summary>
internal sealed class SecurityIndexes : IIndexEntries
{
    /// <summary>Name of the index by hash.</summary>
    public const string HashIndexName = "$SDH";

    /// <summary>Name of the index by id.</summary>
    public const string IdIndexName = "$SII";

    private const int IdKeySize = sizeof(uint);
    private const int HashKeySize = sizeof(uint) + sizeof(uint);
    private const int IdEntrySize = 0x28;
    private const int HashEntrySize = 0x30;
    private const string HashEntryEnd = "II";

    private readonly SecurityDescriptorEntry[] _sorted;
    private readonly bool _isByHash;

    private SecurityIndexes(SecurityCatalog catalog, bool isByHash)
    {
        _isByHash = isByHash;
        _sorted = isByHash
            ? [.. catalog.Entries.OrderBy(entry => entry.Hash).ThenBy(entry => entry.SecurityId)]
            : [.. catalog.Entries];
    }

    /// <summary>The index by hash.</summary>
    public static SecurityIndexes ByHash(SecurityCatalog catalog) => new(catalog, isByHash: true);

    /// <summary>The index by id.</summary>
    public static SecurityIndexes ById(SecurityCatalog catalog) => new(catalog, isByHash: false);

    /// <summary>How the entries by hash are spread over index buffers; the root holds none, there is no room for more than a few.</summary>
    public static IndexTree TreeByHash(SecurityCatalog catalog) => Tree(catalog, HashEntrySize);

    /// <summary>How the entries by id are spread over index buffers.</summary>
    public static IndexTree TreeById(SecurityCatalog catalog) => Tree(catalog, IdEntrySize);

    /// <inheritdoc/>
    public int Write(int entry, bool hasChild, Span<byte> target)
    {
        var descriptor = _sorted[entry];
        var keySize = _isByHash ? HashKeySize : IdKeySize;
        var dataOffset = IndexEntry.Size + keySize;
        var length = (_isByHash ? HashEntrySize : IdEntrySize) + (hasChild ? IndexEntry.ChildSize : 0);
        var head = IndexEntry.ViewHead(dataOffset, SecurityDescriptorEntry.Size);
        new IndexEntry(head, (ushort)length, (ushort)keySize, hasChild, IsLast: false).Write(target);

        // An entry begins with hash and id, in this order: the key of one index whole, of the other its second half.
        Span<byte> data = stackalloc byte[SecurityDescriptorEntry.Size];
        descriptor.Write(data);
        data[(HashKeySize - keySize)..HashKeySize].CopyTo(target[IndexEntry.Size..]);
        data.CopyTo(target[dataOffset..]);
        if (_isByHash)
        {
            Utf16Name.Write(HashEntryEnd, target[(dataOffset + SecurityDescriptorEntry.Size)..]);
        }

        return length;
    }

    private static IndexTree Tree(SecurityCatalog catalog, int entrySize)
    {
        var sizes = new short[catalog.Entries.Count];
        sizes.AsSpan().Fill((short)entrySize);
        return IndexTree.Build(sizes, IndexEntry.SizeOfLast(hasChild: true));
    }
}
