using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace AppAttach.Embedded.Bus.Access;

/// <summary>
/// A SAS token as Azure Service Bus defines it: <c>SharedAccessSignature sr=U&amp;sig=S&amp;se=E&amp;skn=N</c>, in any order. U is the
/// percent-encoded address of an entity or of one above it, E the expiry in Unix seconds, S the percent-encoded Base64 of the
/// HMAC-SHA256 over <c>U + "\n" + E</c>, with U as it stands in the token.
/// </summary>
/// <param name="Resource">U, still encoded.</param>
/// <param name="Signature">S, decoded to bytes.</param>
/// <param name="ExpirySeconds">E as it stands.</param>
/// <param name="KeyName">N, decoded.</param>
internal sealed record SharedAccessSignature(string Resource, byte[] Signature, string ExpirySeconds, string KeyName)
{
    private const string Scheme = "SharedAccessSignature ";

    // A token names one address, one key and one signature; anything longer is not a token.
    private const int LongestToken = 4096;

    /// <summary>When the token ends.</summary>
    public DateTimeOffset Expiry { get; private init; }

    /// <summary>Path of the entity that the token is for, decoded; empty: the whole bus.</summary>
    public string Path { get; private init; } = string.Empty;

    /// <summary>Reads the header <c>Authorization</c>.</summary>
    /// <param name="header">Its value.</param>
    /// <returns>The token; null if it is none.</returns>
    public static SharedAccessSignature? Read(string? header)
    {
        if (header is null || header.Length > LongestToken || !header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var parts = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var part in header[Scheme.Length..].Trim().Split('&'))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0 || !parts.TryAdd(part[..equals], part[(equals + 1)..]))
            {
                return null;
            }
        }

        return parts.TryGetValue("sr", out var resource) && parts.TryGetValue("sig", out var signature)
            && parts.TryGetValue("se", out var expiry) && parts.TryGetValue("skn", out var keyName)
            ? Make(resource, signature, expiry, keyName)
            : null;
    }

    /// <summary>Whether a key made this token. Takes equally long wherever the signatures differ.</summary>
    /// <param name="key">The key.</param>
    /// <returns>True if it did.</returns>
    public bool IsSignedWith(string key) => CryptographicOperations.FixedTimeEquals(
        HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(Resource + "\n" + ExpirySeconds)), Signature);

    private static SharedAccessSignature? Make(string resource, string signature, string expiry, string keyName)
    {
        var bytes = new byte[HMACSHA256.HashSizeInBytes];
        if (!long.TryParse(expiry, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            || seconds > DateTimeOffset.MaxValue.ToUnixTimeSeconds()
            || !Convert.TryFromBase64String(Uri.UnescapeDataString(signature), bytes, out var length)
            || length != bytes.Length
            || !Uri.TryCreate(Uri.UnescapeDataString(resource), UriKind.Absolute, out var address))
        {
            return null;
        }

        return new SharedAccessSignature(resource, bytes, expiry, Uri.UnescapeDataString(keyName))
        {
            Expiry = DateTimeOffset.FromUnixTimeSeconds(seconds),
            Path = Uri.UnescapeDataString(address.AbsolutePath).Trim('/'),
        };
    }
}
