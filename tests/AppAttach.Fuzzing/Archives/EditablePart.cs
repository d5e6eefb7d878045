using System.IO.Compression;
using AppAttach.Imaging.Packages;

namespace AppAttach.Fuzzing.Archives;

/// <summary>One part of an archive, every value of which can be set, true or not.</summary>
internal sealed class EditablePart
{
    /// <summary>Name as it stands in the archive, a byte a character.</summary>
    public required string Name { get; set; }

    /// <summary>General purpose flags.</summary>
    public required ushort Flags { get; set; }

    /// <summary>Compression method.</summary>
    public required ushort Method { get; set; }

    /// <summary>CRC-32 that the archive states.</summary>
    public required uint Crc32 { get; set; }

    /// <summary>Size of the content that the archive states, in bytes.</summary>
    public required long SizeBytes { get; set; }

    /// <summary>Data as it stands in the archive.</summary>
    public required byte[] Packed { get; set; }

    /// <summary>Content, or null if the data does not inflate.</summary>
    public byte[]? Content { get; private set; }

    /// <summary>Compressed size of each 64 KiB block, or null as long as the part has not been packed here.</summary>
    public List<int>? BlockSizes { get; private set; }

    /// <summary>Whether the data is deflated.</summary>
    public bool IsDeflated => Method == ZipMethod.Deflated;

    /// <summary>Sets content that belongs to the data as it is.</summary>
    public void KnowContent(byte[] content) => Content = content;

    /// <summary>Sets the content, packs it, and states size and CRC as they are.</summary>
    public void SetContent(byte[] content)
    {
        (Content, SizeBytes, Crc32) = (content, content.Length, AppAttach.Imaging.IO.Crc32.Append(0, content));
        if (!IsDeflated)
        {
            (Method, Packed) = (ZipMethod.Stored, content);
            BlockSizes = null;
            return;
        }

        using var packed = new MemoryStream();
        using var deflater = new BlockDeflater(CompressionLevel.Fastest, keepsDictionary: false);
        BlockSizes = [];
        for (var at = 0; at < content.Length; at += BlockMap.BlockBytes)
        {
            var block = deflater.Deflate(content.AsSpan(at, Math.Min(BlockMap.BlockBytes, content.Length - at)));
            BlockSizes.Add(block.Length);
            packed.Write(block);
        }

        packed.Write([0x03, 0x00]);
        Packed = packed.ToArray();
    }

    /// <summary>A copy that can be edited by itself.</summary>
    public EditablePart Copy() => (EditablePart)MemberwiseClone();
}
