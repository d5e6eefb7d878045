using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AppAttach.Contracts;

namespace AppAttach.FleetSimulator.Hosts;

/// <summary>
/// The bus as one key sees it, over HTTP: the paths, headers and tokens of the Service Bus runtime REST API that a listener uses. Its
/// requests go through a client that all of them share, so that a host costs the one connection on which it waits.
/// </summary>
/// <param name="http">The shared client.</param>
/// <param name="bus">Address of the bus.</param>
/// <param name="keyName">Name of the key.</param>
/// <param name="key">The key.</param>
/// <param name="clock">Gives tokens their end.</param>
internal sealed class BusConnection(HttpClient http, Uri bus, string keyName, string key, TimeProvider clock)
{
    private static readonly TimeSpan TokenLife = TimeSpan.FromHours(1);
    private static readonly TimeSpan RenewBefore = TimeSpan.FromMinutes(10);
    private string _token = "";
    private DateTimeOffset _expiry;

    /// <summary>A client for any number of connections.</summary>
    public static HttpClient NewClient() =>
        new(new SocketsHttpHandler { ActivityHeadersPropagator = null, UseProxy = false, UseCookies = false, AllowAutoRedirect = false }) { Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>Waits for a message at an entity.</summary>
    /// <param name="entity">A queue, or <c>TOPIC/subscriptions/NAME</c>.</param>
    /// <param name="wait">How long the bus holds the request, 0 to 60 s.</param>
    /// <param name="cancellationToken">Goes away: the bus gives the message to nobody then.</param>
    /// <returns>Whether the entity is there; the body and where to settle it, null: none came.</returns>
    public async Task<(bool IsThere, byte[]? Body, Uri? Lock)> ReceiveAsync(string entity, TimeSpan wait, CancellationToken cancellationToken)
    {
        var seconds = Math.Clamp((int)wait.TotalSeconds, 0, 60);
        using var response = await SendAsync(
            HttpMethod.Post, new Uri(bus, string.Create(CultureInfo.InvariantCulture, $"{entity}/messages/head?timeout={seconds}")), null, cancellationToken);
        if (response.StatusCode != HttpStatusCode.Created)
        {
            return response.StatusCode is HttpStatusCode.NoContent or HttpStatusCode.Gone
                ? (response.StatusCode == HttpStatusCode.NoContent, null, null)
                : throw Unexpected(response, "receive");
        }

        var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        return (true, body, new Uri(bus, response.Headers.Location!.PathAndQuery));
    }

    /// <summary>Takes a message off the bus.</summary>
    /// <returns>False: its lock was lost.</returns>
    public async Task<bool> CompleteAsync(Uri lockAddress, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(HttpMethod.Delete, lockAddress, null, cancellationToken);
        return response.StatusCode switch
        {
            HttpStatusCode.OK => true,
            HttpStatusCode.NotFound or HttpStatusCode.Gone => false,
            _ => throw Unexpected(response, "complete"),
        };
    }

    /// <summary>Sends a message.</summary>
    /// <param name="entity">A queue or topic.</param>
    /// <param name="body">Its body.</param>
    /// <param name="messageId">Its id.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <param name="replyTo">Where its sender wants an answer; null: nowhere.</param>
    public async Task SendAsync(string entity, byte[] body, string messageId, CancellationToken cancellationToken, string? replyTo = null)
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue(Message.ContentType);
        var properties = new Dictionary<string, string> { ["MessageId"] = messageId };
        if (replyTo is not null)
        {
            properties["ReplyTo"] = replyTo;
        }

        content.Headers.Add("BrokerProperties", JsonSerializer.Serialize(properties));
        using var response = await SendAsync(HttpMethod.Post, new Uri(bus, entity + "/messages"), content, cancellationToken);
        if (response.StatusCode != HttpStatusCode.Created)
        {
            throw Unexpected(response, "send");
        }
    }

    /// <summary>Sends to the queue that hosts speak to.</summary>
    public Task SayAsync(byte[] body, string messageId, CancellationToken cancellationToken) =>
        SendAsync(BusEntities.HostOutcomes, body, messageId, cancellationToken);

    private static HttpRequestException Unexpected(HttpResponseMessage response, string verb) =>
        new($"{verb} was answered with {(int)response.StatusCode}", null, response.StatusCode);

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, Uri address, HttpContent? content, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, address);
        request.Content = content;
        request.Headers.TryAddWithoutValidation("Authorization", Token());
        try
        {
            return await http.SendAsync(request, cancellationToken);
        }
        catch (SocketException e)
        {
            // A server that goes away just as it is connected to shows as the bare error of the socket.
            throw new HttpRequestException(HttpRequestError.ConnectionError, e.Message, e);
        }
    }

    private string Token()
    {
        var now = clock.GetUtcNow();
        if (now + RenewBefore > _expiry)
        {
            _expiry = now + TokenLife;
            var address = Uri.EscapeDataString(bus.AbsoluteUri.ToLowerInvariant());
            var expiry = _expiry.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
            var signature = HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(address + "\n" + expiry));
            _token = $"SharedAccessSignature sr={address}&sig={Uri.EscapeDataString(Convert.ToBase64String(signature))}&se={expiry}&skn={Uri.EscapeDataString(keyName)}";
        }

        return _token;
    }
}
