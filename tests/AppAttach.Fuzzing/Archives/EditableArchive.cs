using System.IO.Compression;
using System.Text;
using AppAttach.Imaging;
using AppAttach.Imaging.Packages;

namespace AppAttach.Fuzzing.Archives;

/// <summary>A package taken apart, to be written again with whatever was made of its parts.</summary>
internal sealed class EditableArchive
{
    private const ushort PlainVersion = 20;
    private const ushort Zip64Version = 45;
    private const int MostContentBytes = 4 << 20;

    private EditableArchive(List<EditablePart> parts, bool isZip64) => (Parts, IsZip64) = (parts, isZip64);

    /// <summary>The parts in the order in which they are written.</summary>
    public List<EditablePart> Parts { get; }

    /// <summary>Whether zip64 records are written.</summary>
    public bool IsZip64 { get; set; }

    /// <summary>Takes an archive apart.</summary>
    /// <returns>The archive, or null if its directory cannot be followed.</returns>
    public static EditableArchive? TryRead(byte[] bytes)
    {
        try
        {
            using var stream = new MemoryStream(bytes, writable: false);
            var range = CentralDirectoryRange.Read(new StreamWindow(stream));
            var parts = new List<EditablePart>();
            for (var at = (int)range.OffsetBytes; at < range.OffsetBytes + range.SizeBytes;)
            {
                var header = CentralDirectoryHeader.Read(bytes.AsSpan(at));
                parts.Add(ReadPart(bytes, header, at + CentralDirectoryHeader.Size));
                at += CentralDirectoryHeader.Size + header.NameLength + header.ExtraLength + header.CommentLength;
            }

            return parts.Count > 0 ? new(parts, range.IsZip64) : null;
        }
        catch (Exception exception) when (exception is InvalidInputException or ArgumentException)
        {
            // A package of the corpus that is broken as an archive is still good for changes of bytes.
            return null;
        }
    }

    /// <summary>A copy that can be edited by itself; the bytes of parts are shared until they are set anew.</summary>
    public EditableArchive Copy() => new([.. Parts.Select(part => part.Copy())], IsZip64);

    /// <summary>The first part of a name, or null.</summary>
    public EditablePart? Find(string name) => Parts.Find(part => part.Name == name);

    /// <summary>Writes a block map that is right for all parts with known content, so that edits get past it.</summary>
    public void RebuildBlockMap()
    {
        if (Find(PartName.BlockMap) is not { } blockMap)
        {
            return;
        }

        // A bundle's has the bundle manifest only.
        var isBundle = Find(PartName.BundleManifest) is not null;
        using var writer = new BlockMapWriter(HashMethod.Sha256);
        foreach (var part in Parts.Where(part => part.Content is not null &&
            (isBundle ? part.Name == PartName.BundleManifest : !PartName.IsOutsideBlockMap(part.Name))))
        {
            if (part.IsDeflated && part.BlockSizes is null)
            {
                part.SetContent(part.Content!);
            }

            writer.Add(PathOf(part), part.Content!.Length, LocalFileHeader.Size + part.Name.Length, BlocksOf(part));
        }

        blockMap.SetContent(writer.Finish());
    }

    /// <summary>The archive's bytes.</summary>
    public byte[] Write()
    {
        using var output = new MemoryStream();
        using var directory = new MemoryStream();
        foreach (var part in Parts)
        {
            WritePart(output, directory, part);
        }

        WriteEnd(output, directory);
        return output.ToArray();
    }

    private static EditablePart ReadPart(byte[] bytes, CentralDirectoryHeader header, int nameOffset)
    {
        long size = header.SizeBytes;
        long compressedSize = header.CompressedSizeBytes;
        long offset = header.LocalHeaderOffsetBytes;
        var extra = bytes.AsSpan(nameOffset + header.NameLength, header.ExtraLength);
        Zip64ExtraField.TryResolve(extra, ref size, ref compressedSize, ref offset);
        var local = LocalFileHeader.Read(bytes.AsSpan(checked((int)offset)));
        var dataOffset = (int)offset + LocalFileHeader.Size + local.NameLength + local.ExtraLength;
        var part = new EditablePart
        {
            Name = Encoding.Latin1.GetString(bytes, nameOffset, header.NameLength),
            Flags = header.Flags.Value,
            Method = header.Method,
            Crc32 = header.Crc32,
            SizeBytes = size,
            Packed = bytes.AsSpan(dataOffset, checked((int)compressedSize)).ToArray(),
        };
        if (ContentOf(part) is { } content)
        {
            part.KnowContent(content);
        }

        return part;
    }

    private static byte[]? ContentOf(EditablePart part)
    {
        if (!part.IsDeflated)
        {
            return part.Packed;
        }

        try
        {
            using var inflater = new DeflateStream(new MemoryStream(part.Packed), CompressionMode.Decompress);
            var content = new byte[Math.Min(part.SizeBytes, MostContentBytes)];
            return inflater.ReadAtLeast(content, content.Length, throwOnEndOfStream: false) == part.SizeBytes ? content : null;
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    private static string PathOf(EditablePart part)
    {
        var path = part.Name;
        try
        {
            path = PartName.Decode(part.Name);
        }
        catch (InvalidInputException)
        {
            // Taken as it stands.
        }

        return string.Concat(path.Select(character => System.Xml.XmlConvert.IsXmlChar(character) || char.IsSurrogate(character) ? character : '?'));
    }

    private static IEnumerable<(byte[] Hash, int? CompressedBytes)> BlocksOf(EditablePart part)
    {
        for (var block = 0; block * BlockMap.BlockBytes < part.Content!.Length; block++)
        {
            var at = block * BlockMap.BlockBytes;
            var content = part.Content.AsSpan(at, Math.Min(BlockMap.BlockBytes, part.Content.Length - at));
            yield return (HashMethod.Sha256.Compute(content), part.IsDeflated ? part.BlockSizes![block] : null);
        }
    }

    private void WritePart(MemoryStream output, MemoryStream directory, EditablePart part)
    {
        var version = IsZip64 ? Zip64Version : PlainVersion;
        var name = Encoding.Latin1.GetBytes(part.Name);
        var flags = new GeneralPurposeFlags(part.Flags);
        var (size, compressedSize, offset) = ((uint)part.SizeBytes, (uint)part.Packed.Length, (uint)output.Position);
        var isLate = flags.HasDataDescriptor;
        Span<byte> local = stackalloc byte[LocalFileHeader.Size];
        new LocalFileHeader(
            version, flags, part.Method, 0, (1 << 5) | 1, isLate ? 0 : part.Crc32, isLate ? 0 : compressedSize, isLate ? 0 : size,
            (ushort)name.Length, 0).Write(local);
        output.Write(local);
        output.Write(name);
        output.Write(part.Packed);
        if (isLate)
        {
            Span<byte> descriptor = stackalloc byte[IsZip64 ? DataDescriptor.Zip64Size : DataDescriptor.Size];
            new DataDescriptor(part.Crc32, compressedSize, size).Write(descriptor);
            output.Write(descriptor);
        }

        Span<byte> central = stackalloc byte[CentralDirectoryHeader.Size];
        new CentralDirectoryHeader(
            version, version, flags, part.Method, 0, (1 << 5) | 1, part.Crc32, compressedSize, size, (ushort)name.Length, 0, 0, 0, 0, 0, offset).Write(central);
        directory.Write(central);
        directory.Write(name);
    }

    private void WriteEnd(MemoryStream output, MemoryStream directory)
    {
        var offset = (uint)output.Position;
        var size = (uint)directory.Length;
        directory.WriteTo(output);
        Span<byte> end = stackalloc byte[EndOfCentralDirectory.Size];
        if (IsZip64)
        {
            var recordOffset = (ulong)output.Position;
            Span<byte> record = stackalloc byte[Zip64EndOfCentralDirectory.Size];
            Span<byte> locator = stackalloc byte[Zip64EndOfCentralDirectoryLocator.Size];
            var count = (ulong)Parts.Count;
            new Zip64EndOfCentralDirectory(
                Zip64EndOfCentralDirectory.ExpectedRemainingBytes, Zip64Version, Zip64Version, 0, 0, count, count, size, offset).Write(record);
            new Zip64EndOfCentralDirectoryLocator(0, recordOffset, 1).Write(locator);
            output.Write(record);
            output.Write(locator);
            new EndOfCentralDirectory(0, 0, ushort.MaxValue, ushort.MaxValue, uint.MaxValue, uint.MaxValue, 0).Write(end);
        }
        else
        {
            new EndOfCentralDirectory(0, 0, (ushort)Parts.Count, (ushort)Parts.Count, size, offset, 0).Write(end);
        }

        output.Write(end);
    }
}
