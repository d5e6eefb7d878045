using System.IO.Compression;
using System.Text;
using AppAttach.Imaging.IO;
using AppAttach.Imaging.Packages;

namespace AppAttach.Imaging.Tests.Signatures;

/// <summary>Looks into signed packages and changes them, as nobody should.</summary>
internal static class SignedPackage
{
    /// <summary>The content of a part.</summary>
    public static byte[] ReadPart(byte[] package, string path)
    {
        using var archive = new ZipArchive(new MemoryStream(package, writable: false));
        using var stream = archive.GetEntry(path)!.Open();
        using var content = new MemoryStream();
        stream.CopyTo(content);
        return content.ToArray();
    }

    /// <summary>The signed message of a package, without the four bytes before it.</summary>
    public static byte[] MessageOf(byte[] package) => ReadPart(package, PartName.Signature)[4..];

    /// <summary>Writes the package anew with the content of one part changed, or without that part.</summary>
    /// <param name="package">The package.</param>
    /// <param name="path">Name of the part in the archive.</param>
    /// <param name="change">Gives the new content; null takes the part away.</param>
    public static byte[] Rewrite(byte[] package, string path, Func<byte[], byte[]>? change)
    {
        using var output = new MemoryStream();
        using var writer = new ZipWriter(output, PackageWriterOptions.Default with { IsZip64 = false, HasDataDescriptors = false });
        foreach (var (part, packed) in Parts(package))
        {
            var isChanged = part.EncodedName == path;
            if (isChanged && change is null)
            {
                continue;
            }

            var content = ReadPart(package, part.EncodedName);
            var changed = isChanged ? change!(content) : content;
            writer.StartPart(Encoding.ASCII.GetBytes(part.EncodedName), part.IsDeflated && !isChanged);
            writer.Write(changed, isChanged ? changed : packed);
            writer.EndPart();
        }

        writer.Finish();
        return output.ToArray();
    }

    /// <summary>Puts another signature into a signed plain ZIP, leaving every byte that a signature covers as it is.</summary>
    public static byte[] ReplaceSignature(byte[] package, byte[] message)
    {
        byte[] content = [.. "PKCX"u8, .. message];
        var name = Encoding.ASCII.GetBytes(PartName.Signature);
        var (offset, directory, entry) = (OffsetOf(package, PartName.Signature), DirectoryOf(package), package.AsSpan().LastIndexOf(name) - CentralDirectoryHeader.Size);
        var crc = Crc32.Append(0, content);
        var local = new byte[LocalFileHeader.Size];
        (LocalFileHeader.Read(package.AsSpan(offset)) with
        {
            Flags = default, Method = ZipMethod.Stored, Crc32 = crc, SizeBytes = (uint)content.Length, CompressedSizeBytes = (uint)content.Length, ExtraLength = 0,
        }).Write(local);
        var header = new byte[CentralDirectoryHeader.Size];
        (CentralDirectoryHeader.Read(package.AsSpan(entry)) with
        {
            Flags = default, Method = ZipMethod.Stored, Crc32 = crc, SizeBytes = (uint)content.Length, CompressedSizeBytes = (uint)content.Length,
        }).Write(header);
        var end = new byte[EndOfCentralDirectory.Size];
        var newDirectory = offset + local.Length + name.Length + content.Length;
        (EndOfCentralDirectory.Read(package.AsSpan(package.Length - end.Length)) with { DirectoryOffsetBytes = (uint)newDirectory }).Write(end);
        return [.. package[..offset], .. local, .. name, .. content, .. package[directory..entry], .. header, .. package[(entry + header.Length)..^end.Length], .. end];
    }

    /// <summary>Where the local header of a part starts.</summary>
    public static int OffsetOf(byte[] package, string path) => (int)Parts(package).Single(part => part.Part.EncodedName == path).Part.OffsetBytes;

    /// <summary>Where the central directory starts.</summary>
    public static int DirectoryOf(byte[] package)
    {
        using var stream = new MemoryStream(package, writable: false);
        return (int)CentralDirectoryRange.Read(new(stream)).OffsetBytes;
    }

    private static List<(ZipPart Part, byte[] Packed)> Parts(byte[] package)
    {
        using var stream = new MemoryStream(package, writable: false);
        var window = new StreamWindow(stream);
        var directory = CentralDirectoryRange.Read(window);
        var reader = new PartReader(window, directory);
        return
        [
            .. CentralDirectoryReader.Read(window, directory, PackageLimits.Default).Select(part =>
            {
                using var data = reader.OpenData(part);
                var packed = new byte[part.CompressedSizeBytes];
                data.ReadExactly(packed);
                return (part, packed);
            }),
        ];
    }
}
