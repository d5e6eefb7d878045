using System.Security.Cryptography;
using System.Text;

namespace AppAttach.Imaging.Packages;

/// <summary>
/// The digest <c>AXCD</c>: the end of the archive as it was before the signature was added. That is all headers of the directory but the
/// signature's, then the end records with counts, sizes and offsets to match and with disk numbers 0; fields that are all ones stay so.
/// </summary>
internal static class DirectoryDigest
{
    /// <summary>Fills a span with the next bytes of the package.</summary>
    public delegate void ByteReader(Span<byte> destination);

    /// <summary>Computes the digest.</summary>
    /// <param name="read">Gives the bytes from the start of the directory on; read to the end of the package.</param>
    /// <param name="directory">Where the directory lies.</param>
    /// <param name="partsBytes">Size of all parts but the signature, which is where the directory began before signing.</param>
    /// <param name="method">The hash.</param>
    /// <exception cref="InvalidInputException"><see cref="Defect.ZipCorrupt"/>: the directory is not the one that was read on opening.</exception>
    public static byte[] Compute(ByteReader read, CentralDirectoryRange directory, long partsBytes, HashMethod method)
    {
        using var hash = IncrementalHash.CreateHash(method.Algorithm);
        var (count, size) = HashHeaders(read, directory, hash);
        if (directory.IsZip64)
        {
            HashZip64Records(read, count, size, partsBytes, hash);
        }

        HashEndRecord(read, count, size, partsBytes, hash);
        return hash.GetHashAndReset();
    }

    private static (long Count, long SizeBytes) HashHeaders(ByteReader read, CentralDirectoryRange directory, IncrementalHash hash)
    {
        var signatureName = Encoding.ASCII.GetBytes(PartName.Signature);
        var buffer = new byte[CentralDirectoryHeader.Size + (3 * ushort.MaxValue)];
        var (count, size, left) = (0L, 0L, directory.SizeBytes);
        while (left >= CentralDirectoryHeader.Size)
        {
            var fixedPart = buffer.AsSpan(0, CentralDirectoryHeader.Size);
            read(fixedPart);
            var header = CentralDirectoryHeader.Read(fixedPart);
            var length = CentralDirectoryHeader.Size + header.NameLength + header.ExtraLength + header.CommentLength;
            if (!CentralDirectoryHeader.HasSignature(fixedPart) || length > left)
            {
                break;
            }

            read(buffer.AsSpan(CentralDirectoryHeader.Size, length - CentralDirectoryHeader.Size));
            left -= length;
            if (!buffer.AsSpan(CentralDirectoryHeader.Size, header.NameLength).SequenceEqual(signatureName))
            {
                hash.AppendData(buffer, 0, length);
                (count, size) = (count + 1, size + length);
            }
        }

        return left == 0 ? (count, size) : throw Invalid.Zip("The central directory has changed since the package was opened.");
    }

    private static void HashZip64Records(ByteReader read, long count, long size, long partsBytes, IncrementalHash hash)
    {
        Span<byte> bytes = stackalloc byte[Zip64EndOfCentralDirectory.Size + Zip64EndOfCentralDirectoryLocator.Size];
        read(bytes);
        var locatorBytes = bytes[Zip64EndOfCentralDirectory.Size..];
        var record = Zip64EndOfCentralDirectory.Read(bytes) with
        {
            EntriesOnDisk = (ulong)count, Entries = (ulong)count, DirectorySizeBytes = (ulong)size, DirectoryOffsetBytes = (ulong)partsBytes,
        };
        var locator = Zip64EndOfCentralDirectoryLocator.Read(locatorBytes) with { EndRecordOffsetBytes = (ulong)(partsBytes + size) };
        record.Write(bytes);
        locator.Write(locatorBytes);
        hash.AppendData(bytes);
    }

    private static void HashEndRecord(ByteReader read, long count, long size, long partsBytes, IncrementalHash hash)
    {
        Span<byte> bytes = stackalloc byte[EndOfCentralDirectory.Size];
        read(bytes);
        var end = EndOfCentralDirectory.Read(bytes);
        end = end with
        {
            Disk = 0,
            DirectoryDisk = 0,
            EntriesOnDisk = end.EntriesOnDisk == ushort.MaxValue ? ushort.MaxValue : (ushort)count,
            Entries = end.Entries == ushort.MaxValue ? ushort.MaxValue : (ushort)count,
            DirectorySizeBytes = end.DirectorySizeBytes == uint.MaxValue ? uint.MaxValue : (uint)size,
            DirectoryOffsetBytes = end.DirectoryOffsetBytes == uint.MaxValue ? uint.MaxValue : (uint)partsBytes,
        };
        end.Write(bytes);
        hash.AppendData(bytes);
    }
}
