namespace AppAttach.Fuzzing.Mutations;

/// <summary>A value of a DER encoding (X.690): taken apart leniently, and written again with lengths that fit, unless told otherwise.</summary>
internal sealed class AsnNode
{
    private const int DeepestNesting = 40;
    private const byte ConstructedBit = 0x20;
    private const byte LongFormBit = 0x80;

    /// <summary>Identifier octets.</summary>
    public required byte[] Tag { get; set; }

    /// <summary>Contents octets of a primitive value.</summary>
    public byte[] Content { get; set; } = [];

    /// <summary>Values within, or null in a primitive value.</summary>
    public List<AsnNode>? Children { get; set; }

    /// <summary>Length octets to write instead of the right ones, or null.</summary>
    public byte[]? Length { get; set; }

    /// <summary>Octets to write after the contents, such as an end of contents.</summary>
    public byte[] Trailer { get; set; } = [];

    /// <summary>Takes an encoding apart.</summary>
    /// <returns>The value, or null if it is not one definite-length encoding.</returns>
    public static AsnNode? TryRead(ReadOnlySpan<byte> bytes) => TryRead(ref bytes, 0) is { } node && bytes.IsEmpty ? node : null;

    /// <summary>This value and all within it.</summary>
    public IEnumerable<AsnNode> All() => Children is null ? [this] : [this, .. Children.SelectMany(child => child.All())];

    /// <summary>The encoding.</summary>
    public byte[] Write()
    {
        byte[] content = Children is null ? Content : [.. Children.SelectMany(child => child.Write())];
        return [.. Tag, .. Length ?? LengthOf(content.Length), .. content, .. Trailer];
    }

    /// <summary>Length octets in the shortest form.</summary>
    public static byte[] LengthOf(int length) => length switch
    {
        < LongFormBit => [(byte)length],
        < 1 << 8 => [LongFormBit | 1, (byte)length],
        < 1 << 16 => [LongFormBit | 2, (byte)(length >> 8), (byte)length],
        _ => [LongFormBit | 4, (byte)(length >> 24), (byte)(length >> 16), (byte)(length >> 8), (byte)length],
    };

    private static AsnNode? TryRead(ref ReadOnlySpan<byte> bytes, int depth)
    {
        if (bytes.Length < 2 || (bytes[0] & 0x1F) == 0x1F)
        {
            return null;
        }

        var tag = bytes[0];
        var (length, header) = ((int)bytes[1], 2);
        if (length > LongFormBit)
        {
            var count = length - LongFormBit;
            if (count > 3 || bytes.Length < header + count)
            {
                return null;
            }

            length = 0;
            foreach (var value in bytes.Slice(header, count))
            {
                length = (length << 8) | value;
            }

            header += count;
        }

        if (length == LongFormBit || bytes.Length < header + length)
        {
            return null;
        }

        var content = bytes.Slice(header, length);
        bytes = bytes[(header + length)..];
        var node = new AsnNode { Tag = [tag], Content = content.ToArray() };
        if ((tag & ConstructedBit) != 0 && depth < DeepestNesting)
        {
            node.Children = TryReadChildren(content, depth + 1);
        }

        return node;
    }

    private static List<AsnNode>? TryReadChildren(ReadOnlySpan<byte> content, int depth)
    {
        var children = new List<AsnNode>();
        while (!content.IsEmpty)
        {
            if (TryRead(ref content, depth) is not { } child)
            {
                return null;
            }

            children.Add(child);
        }

        return children;
    }
}
