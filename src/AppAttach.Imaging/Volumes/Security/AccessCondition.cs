using System.Buffers.Binary;
using AppAttach.Imaging.Volumes.Ntfs;

namespace AppAttach.Imaging.Volumes.Security;

// Conditional expression of a callback entry, [MS-DTYP] 2.4.4.17.4 to 2.4.4.17.8: "artx", then tokens in postfix order, then
// zeros to a multiple of 4.
//
// token                value
// 0xF8 local attribute bytes of the name u32, name in UTF-16: an attribute of the token that is asked for by its bare name
// 0x10 string          bytes u32, UTF-16
// 0x86 Contains        both operands are before it
// 0x87 Exists          its operand is before it

/// <summary>What must hold for a conditional entry to count: a condition on an attribute of the caller's token.</summary>
internal sealed class AccessCondition
{
    /// <summary>The attribute that the tokens of a package's processes have; its values are names of the package, its family's among them.</summary>
    public const string PackageAttribute = "WIN://SYSAPPID";

    private const byte LocalAttributeToken = 0xF8;
    private const byte StringToken = 0x10;
    private const byte ContainsToken = 0x86;
    private const byte ExistsToken = 0x87;
    private const int Alignment = 4;

    private readonly byte[] _bytes;

    private AccessCondition(List<byte> tokens)
    {
        while (tokens.Count % Alignment != 0)
        {
            tokens.Add(0);
        }

        _bytes = [.. tokens];
    }

    /// <summary>Bytes on disk, a multiple of 4.</summary>
    public int SizeBytes => _bytes.Length;

    /// <summary>The caller's token has an attribute.</summary>
    public static AccessCondition Exists(string attribute) => new([.. "artx"u8, .. Text(LocalAttributeToken, attribute), ExistsToken]);

    /// <summary>The values of an attribute of the caller's token include a text.</summary>
    public static AccessCondition Contains(string attribute, string value) =>
        new([.. "artx"u8, .. Text(LocalAttributeToken, attribute), .. Text(StringToken, value), ContainsToken]);

    /// <summary>Writes the expression.</summary>
    public void Write(Span<byte> target) => _bytes.CopyTo(target);

    private static byte[] Text(byte token, string text)
    {
        const int headSize = 1 + sizeof(uint);
        var bytes = new byte[headSize + (text.Length * sizeof(char))];
        bytes[0] = token;
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(1), bytes.Length - headSize);
        Utf16Name.Write(text, bytes.AsSpan(headSize));
        return bytes;
    }
}
