using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text.Json;
using AppAttach.Contracts;

namespace AppAttach.Listener.Bus;

/// <summary>
/// The runtime REST API of Service Bus, as far as a listener needs it: receive with peek-lock from its own subscription, renew,
/// complete, unlock, send. Every failure is one <see cref="BusException"/>; trying again is the caller's business.
/// </summary>
internal sealed class BusClient : IDisposable
{
    // The bus holds a receive for its whole timeout; a slow network may add this.
    private static readonly TimeSpan ReceiveMargin = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(30);

    // Used where the bus does not say how long a lock holds; no bus gives less than 5 s.
    private static readonly TimeSpan DefaultLockDuration = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ShortestLockDuration = TimeSpan.FromSeconds(1);

    // The longest that Azure Service Bus allows; a bus that names a later date is renewed as often.
    private static readonly TimeSpan LongestLockDuration = TimeSpan.FromMinutes(5);

    // A message of Service Bus Premium may have 100 MB; a command has some hundred bytes.
    private const int BodyLimitBytes = 1 << 20;

    private readonly HttpClient _http;
    private readonly Uri _bus;
    private readonly string _subscription;
    private readonly TimeSpan _receiveTimeout;
    private readonly IBusToken _token;
    private readonly TimeProvider _clock;
    private readonly Func<HostKey>? _openKey;
    private readonly Lock _keyLock = new();
    private HostKey? _key;

    /// <summary>Speaks to one bus for one host; disposes of the token source and the key.</summary>
    /// <param name="options">Where the bus is and who we are.</param>
    /// <param name="token">Lets us in.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="openKey">Opens the key that signs what is sent, when something is; null: nothing is signed.</param>
    public BusClient(ListenerOptions options, IBusToken token, TimeProvider clock, Func<HostKey>? openKey = null)
    {
        _openKey = openKey;
        _bus = options.BusBase;
        _subscription = $"{options.TopicOrDefault}/subscriptions/{options.Host}";
        _receiveTimeout = options.ReceiveTimeout;
        _token = token;
        _clock = clock;

        // Addresses of a cloud service change; pooled connections are given up now and then to see it.
#pragma warning disable CA2000 // The client disposes of its handler.
        // And no headers for tracing: the bus would take each of them for a property of the message, in a form that it refuses.
        _http = new HttpClient(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(10), ActivityHeadersPropagator = null })
        {
            Timeout = Timeout.InfiniteTimeSpan, MaxResponseContentBufferSize = BodyLimitBytes,
        };
#pragma warning restore CA2000
    }

    /// <summary>Waits for a message.</summary>
    /// <returns>The message, locked for us; null when none came in time.</returns>
    public async Task<LockedMessage?> ReceiveAsync(CancellationToken cancellationToken)
    {
        var seconds = ((int)_receiveTimeout.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        using var response = await SendAsync(
            HttpMethod.Post, new Uri(_bus, $"{_subscription}/messages/head?timeout={seconds}"), null, _receiveTimeout + ReceiveMargin, cancellationToken);
        if (response.StatusCode == HttpStatusCode.NoContent)
        {
            return null;
        }

        Require(response, HttpStatusCode.Created, "receive");
        return Read(response, await response.Content.ReadAsByteArrayAsync(cancellationToken));
    }

    /// <summary>Keeps a message ours for another lock duration.</summary>
    /// <returns>False when the lock was lost.</returns>
    public Task<bool> RenewAsync(LockedMessage message, CancellationToken cancellationToken) =>
        ActAsync(HttpMethod.Post, message, "renew", cancellationToken);

    /// <summary>Takes a message off the bus: what it asked for is recorded.</summary>
    /// <returns>False when the lock was lost; the message may come again.</returns>
    public Task<bool> CompleteAsync(LockedMessage message, CancellationToken cancellationToken) =>
        ActAsync(HttpMethod.Delete, message, "complete", cancellationToken);

    /// <summary>Gives a message back, so that it comes again now.</summary>
    /// <returns>False when the lock was lost.</returns>
    public Task<bool> UnlockAsync(LockedMessage message, CancellationToken cancellationToken) =>
        ActAsync(HttpMethod.Put, message, "unlock", cancellationToken);

    /// <summary>Sends to the queue of outcomes and hellos.</summary>
    public async Task SendAsync(byte[] body, string label, string messageId, CancellationToken cancellationToken)
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue(Message.ContentType);
        content.Headers.Add(
            "BrokerProperties",
            JsonSerializer.Serialize(new BrokerProperties { Label = label, MessageId = messageId }, BrokerPropertiesJson.Default.BrokerProperties));
        if (Sign(body) is { } proof)
        {
            // Strings among a message's properties stand in double quotes.
            content.Headers.Add(HostProof.KeyProperty, $"\"{proof.Key}\"");
            content.Headers.Add(HostProof.SignatureProperty, $"\"{proof.Signature}\"");
        }

        using var response = await SendAsync(
            HttpMethod.Post, new Uri(_bus, BusEntities.HostOutcomes + "/messages"), content, RequestTimeout, cancellationToken);
        Require(response, HttpStatusCode.Created, "send");
    }

    /// <summary>Asks for a message without waiting and gives it back at once: proves address, key and subscription.</summary>
    /// <returns>What the bus answered, and its clock if it said so.</returns>
    public async Task<(HttpStatusCode Status, DateTimeOffset? Date)> ProbeAsync(CancellationToken cancellationToken)
    {
        using var response = await SendAsync(
            HttpMethod.Post, new Uri(_bus, $"{_subscription}/messages/head?timeout=0"), null, RequestTimeout, cancellationToken);
        if (response.StatusCode == HttpStatusCode.Created)
        {
            _ = await UnlockAsync(Read(response, []), cancellationToken);
        }

        return (response.StatusCode, response.Headers.Date);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _http.Dispose();
        _token.Dispose();
        _key?.Dispose();
    }

    // Without its key the host cannot speak, which is no worse than a bus that is away: what it has mounted is looked after all the same.
    private HostProof? Sign(byte[] body)
    {
        try
        {
            lock (_keyLock)
            {
                return (_key ??= _openKey?.Invoke())?.Sign(body);
            }
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new BusException($"this host's key cannot be read or made, and without it nothing can be said ({e.Message})", innerException: e);
        }
    }

    private async Task<bool> ActAsync(HttpMethod method, LockedMessage message, string verb, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(method, message.Address, null, RequestTimeout, cancellationToken);
        if (response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Gone)
        {
            return false;
        }

        Require(response, HttpStatusCode.OK, verb);
        return true;
    }

    private async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, Uri address, HttpContent? content, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, address);
        request.Content = content;
        _ = request.Headers.TryAddWithoutValidation("Authorization", await _token.GetAsync(cancellationToken));
        using var limit = new CancellationTokenSource(timeout, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return await _http.SendAsync(request, either.Token);
        }
        catch (Exception e) when (e is HttpRequestException or SocketException)
        {
            // A server that goes away just as it is connected to shows as the bare error of the socket.
            throw new BusException($"{address.GetLeftPart(UriPartial.Path)} cannot be reached: {e.Message}", innerException: e);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new BusException($"{address.GetLeftPart(UriPartial.Path)} did not answer within {timeout.TotalSeconds} s", innerException: e);
        }
    }

    private void Require(HttpResponseMessage response, HttpStatusCode expected, string verb)
    {
        if (response.StatusCode == expected)
        {
            return;
        }

        if (response.StatusCode == HttpStatusCode.Unauthorized)
        {
            _token.Forget();
        }

        var asked = response.Headers.RetryAfter;
        throw new BusException(
            $"{verb} was answered with {(int)response.StatusCode} {response.ReasonPhrase}", response.StatusCode, asked?.Delta ?? (asked?.Date - _clock.GetUtcNow()));
    }

    private LockedMessage Read(HttpResponseMessage response, byte[] body)
    {
        BrokerProperties properties;
        try
        {
            var header = response.Headers.TryGetValues("BrokerProperties", out var values) ? string.Join(",", values)
                : response.Content.Headers.TryGetValues("BrokerProperties", out values) ? string.Join(",", values) : "{}";
            properties = JsonSerializer.Deserialize(header, BrokerPropertiesJson.Default.BrokerProperties) ?? new BrokerProperties();
        }
        catch (JsonException e)
        {
            throw new BusException("receive was answered with BrokerProperties that cannot be read", innerException: e);
        }

        // Only the path: behind a proxy the bus may not know the address it is reached at, and the token is for that address alone.
        var path = response.Headers.Location is { } location
            ? (location.IsAbsoluteUri ? location.PathAndQuery : location.OriginalString)
            : $"{_bus.AbsolutePath}{_subscription}/messages/{properties.SequenceNumber}/{properties.LockToken}";
        return new LockedMessage(
            properties.MessageId ?? "", body, new Uri(_bus, path.StartsWith("//", StringComparison.Ordinal) ? "/" + path.TrimStart('/') : path), LockDuration(properties, response));
    }

    // Both dates are the bus's own, so that our clock does not matter.
    private TimeSpan LockDuration(BrokerProperties properties, HttpResponseMessage response)
    {
        if (!DateTimeOffset.TryParse(properties.LockedUntilUtc, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var until))
        {
            return DefaultLockDuration;
        }

        var left = until - (response.Headers.Date ?? _clock.GetUtcNow());
        return TimeSpan.FromTicks(Math.Clamp(left.Ticks, ShortestLockDuration.Ticks, LongestLockDuration.Ticks));
    }
}
