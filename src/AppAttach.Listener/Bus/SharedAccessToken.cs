using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace AppAttach.Listener.Bus;

/// <summary>
/// Makes the tokens that a key stands behind, one an hour. Service Bus, "Shared Access Signature":
/// <c>SharedAccessSignature sr=U&amp;sig=S&amp;se=E&amp;skn=NAME</c>, S = HMAC-SHA256 over U, line feed, E, keyed with the key's UTF-8 bytes.
/// </summary>
/// <param name="bus">Base address of the bus; the token is good for everything below it.</param>
/// <param name="keyName">Name of the key.</param>
/// <param name="key">The key as it stands, not decoded.</param>
/// <param name="clock">Gives the expiry.</param>
internal sealed class SharedAccessToken(Uri bus, string keyName, string key, TimeProvider clock) : IBusToken
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    // A token must outlive the longest request, and clocks differ.
    private static readonly TimeSpan RenewBefore = TimeSpan.FromMinutes(10);

    private string? _token;
    private DateTimeOffset _expiry;

    /// <inheritdoc/>
    public ValueTask<string> GetAsync(CancellationToken cancellationToken) => ValueTask.FromResult(Get());

    /// <inheritdoc/>
    public void Forget() => _token = null;

    /// <inheritdoc/>
    public void Dispose()
    {
        // It holds nothing.
    }

    private string Get()
    {
        if (_token is null || clock.GetUtcNow() > _expiry - RenewBefore)
        {
            _expiry = clock.GetUtcNow() + Lifetime;
            _token = Make(_expiry.ToUnixTimeSeconds());
        }

        return _token;
    }

    private string Make(long expirySeconds)
    {
        var address = Uri.EscapeDataString(bus.AbsoluteUri.ToLowerInvariant());
        var expiry = expirySeconds.ToString(CultureInfo.InvariantCulture);
        var signature = HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(address + "\n" + expiry));
        return $"SharedAccessSignature sr={address}&sig={Uri.EscapeDataString(Convert.ToBase64String(signature))}&se={expiry}&skn={Uri.EscapeDataString(keyName)}";
    }
}
