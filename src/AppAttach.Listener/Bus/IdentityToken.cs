using System.Globalization;
using System.Net;
using System.Text.Json;

namespace AppAttach.Listener.Bus;

/// <summary>
/// Tokens of the machine's own identity, from the metadata service of an Azure virtual machine or from Azure Arc's agent. Two requests are
/// all of it, which is why no library is brought along for them.
/// </summary>
/// <param name="endpoint">Who is asked.</param>
/// <param name="clientId">Which of several user-assigned identities; null: the machine's own or its only one.</param>
/// <param name="clock">Tells when a token runs out.</param>
internal sealed class IdentityToken(IdentityEndpoint endpoint, string? clientId, TimeProvider clock) : IBusToken
{
    // The bus takes Entra tokens for this audience.
    private const string Resource = "https://servicebus.azure.net/";
    private const int ResponseLimitBytes = 64 << 10;

    // Arc's documentation: at most 4 KiB.
    private const int SecretLimitBytes = 4096;

    private static readonly TimeSpan RenewBefore = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(20);

    // Never by a proxy: the endpoints are on this machine, and their answers are secrets.
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false })
    {
        Timeout = RequestTimeout, MaxResponseContentBufferSize = ResponseLimitBytes,
    };

    private readonly SemaphoreSlim _one = new(1, 1);
    private string? _token;
    private DateTimeOffset _expiry;

    /// <inheritdoc/>
    public async ValueTask<string> GetAsync(CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            if (_token is null || clock.GetUtcNow() > _expiry - RenewBefore)
            {
                (_token, _expiry) = await AskAsync(cancellationToken);
            }

            return _token;
        }
        finally
        {
            _ = _one.Release();
        }
    }

    /// <inheritdoc/>
    public void Forget() => _token = null;

    /// <inheritdoc/>
    public void Dispose()
    {
        _http.Dispose();
        _one.Dispose();
    }

    private async Task<(string Token, DateTimeOffset Expiry)> AskAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var first = await SendAsync(secret: null, cancellationToken);
            if (first.StatusCode != HttpStatusCode.Unauthorized || endpoint.SecretFolder is null)
            {
                return await ReadAsync(first, cancellationToken);
            }

            using var second = await SendAsync(await ReadSecretAsync(first, cancellationToken), cancellationToken);
            return await ReadAsync(second, cancellationToken);
        }
        catch (Exception e) when (e is HttpRequestException or JsonException or IOException or UnauthorizedAccessException
            || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new BusException($"the machine's identity gives no token ({e.Message}): does it have one, and does {endpoint.Address.Authority} answer?", innerException: e);
        }
    }

    private async Task<HttpResponseMessage> SendAsync(string? secret, CancellationToken cancellationToken)
    {
        var client = clientId is null ? "" : "&client_id=" + Uri.EscapeDataString(clientId);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"{endpoint.Address.AbsoluteUri}&resource={Uri.EscapeDataString(Resource)}{client}"));
        request.Headers.Add("Metadata", "true");
        if (secret is not null)
        {
            _ = request.Headers.TryAddWithoutValidation("Authorization", "Basic " + secret);
        }

        return await _http.SendAsync(request, cancellationToken);
    }

    // "Basic realm=FILE": only who may read that file gets the token. A name from elsewhere must not make us read any other file.
    private async Task<string> ReadSecretAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var challenge = response.Headers.WwwAuthenticate.FirstOrDefault(header => header.Scheme.Equals("Basic", StringComparison.OrdinalIgnoreCase))?.Parameter ?? "";
        var path = Path.GetFullPath(challenge[(challenge.IndexOf('=', StringComparison.Ordinal) + 1)..].Trim('"') is { Length: > 0 } named ? named : "?");
        var comparison = OperatingSystem.IsWindows() ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
        if (!string.Equals(Path.GetDirectoryName(path), Path.GetFullPath(endpoint.SecretFolder!), comparison) || Path.GetExtension(path) != ".key"
            || new FileInfo(path).Length > SecretLimitBytes)
        {
            throw new IOException($"the agent names {path}, which is none of its files");
        }

        return (await File.ReadAllTextAsync(path, cancellationToken)).Trim();
    }

    private async Task<(string Token, DateTimeOffset Expiry)> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (!response.IsSuccessStatusCode)
        {
            throw new HttpRequestException($"it answered {(int)response.StatusCode} {response.ReasonPhrase}");
        }

        using var document = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(cancellationToken));
        var token = Text(document, "access_token") ?? throw new JsonException("its answer has no access_token");

        // Seconds since 1970 as a text, by both.
        return long.TryParse(Text(document, "expires_on"), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds < uint.MaxValue
            ? ("Bearer " + token, DateTimeOffset.FromUnixTimeSeconds(seconds))
            : ("Bearer " + token, clock.GetUtcNow() + RenewBefore);
    }

    private static string? Text(JsonDocument document, string name) =>
        document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty(name, out var member)
            ? member.ValueKind == JsonValueKind.String ? member.GetString() : member.GetRawText()
            : null;
}
