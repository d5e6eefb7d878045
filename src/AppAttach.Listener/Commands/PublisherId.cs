using System.Security.Cryptography;
using System.Text;

namespace AppAttach.Listener.Commands;

/// <summary>
/// The last part of package names: the first eight bytes of the SHA-256 of the publisher's name in UTF-16, in base 32. "Package identity
/// overview", https://learn.microsoft.com/windows/apps/desktop/modernize/package-identity-overview#publisher-id.
/// </summary>
internal static class PublisherId
{
    // Douglas Crockford's: no i, l, o and u.
    private const string Digits = "0123456789abcdefghjkmnpqrstvwxyz";
    private const int HashBytes = 8;
    private const int BitsADigit = 5;
    private const int Length = 13;

    /// <summary>The publisher id.</summary>
    /// <param name="publisher">The manifest's <c>Publisher</c>, character by character.</param>
    public static string Of(string publisher)
    {
        var hash = SHA256.HashData(Encoding.Unicode.GetBytes(publisher));

        // 64 bits and a zero bit after them are 13 digits.
        var bits = hash.Take(HashBytes).Aggregate(UInt128.Zero, (sum, value) => (sum << 8) | value) << 1;
        return string.Create(Length, bits, (text, left) =>
        {
            for (var i = text.Length - 1; i >= 0; i--)
            {
                text[i] = Digits[(int)(left & ((1 << BitsADigit) - 1))];
                left >>= BitsADigit;
            }
        });
    }
}
