using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace AppAttach.Imaging.Packages;

/// <summary>
/// The thirteen characters that stand for a publisher in full and family names: the first 64 bits of SHA-256 over the publisher in
/// UTF-16LE and one zero bit, five bits a character, in Crockford's base 32 alphabet in lower case.
/// </summary>
public static class PublisherId
{
    private const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";
    private const int Length = 13;
    private const int BitsPerCharacter = 5;

    /// <summary>The publisher id of a publisher.</summary>
    /// <param name="publisher">The manifest's <c>Publisher</c>, such as <c>CN=Contoso, C=US</c>, exactly as written there.</param>
    /// <returns>Thirteen characters, such as <c>8wekyb3d8bbwe</c>.</returns>
    public static string Of(string publisher)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.Unicode.GetBytes(publisher), hash);
        var bits = (UInt128)BinaryPrimitives.ReadUInt64BigEndian(hash) << 1;
        return string.Create(Length, bits, static (target, value) =>
        {
            for (var index = Length - 1; index >= 0; index--)
            {
                target[index] = Alphabet[(int)(value & 0x1F)];
                value >>= BitsPerCharacter;
            }
        });
    }
}
