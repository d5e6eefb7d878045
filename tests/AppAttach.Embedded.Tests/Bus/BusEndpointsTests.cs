using System.Net;
using System.Text;
using System.Text.Json;
using AppAttach.Embedded.Bus;

namespace AppAttach.Embedded.Tests.Bus;

public sealed class BusEndpointsTests : IAsyncLifetime
{
    private const string Head = "q/messages/head?timeout=0";
    private BusHost _bus = null!;

    public async ValueTask InitializeAsync() => _bus = await BusHost.StartAsync();

    public ValueTask DisposeAsync() => _bus.DisposeAsync();

    [Fact]
    public async Task SentMessage_ComesBackWithAllItCarried()
    {
        Assert.Equal(HttpStatusCode.Created, await _bus.StatusAsync(
            HttpMethod.Post, "Q/Messages?api-version=2017-04", [0, 255, 10], "application/x-odd",
            "BrokerProperties: {\"MessageId\":\"a/b \\u00e9\",\"Label\":\"stage\",\"TimeToLive\":90.5,\"Unknown\":[1]}",
            "region: \"westeurope\"", "count: 3", "share: 0.5", "wet: true"));
        using var response = await _bus.AskAsync(HttpMethod.Post, "q/messages/head?timeout=5");

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal([0, 255, 10], await response.Content.ReadAsByteArrayAsync());
        Assert.Equal("application/x-odd", response.Content.Headers.ContentType!.ToString());
        Assert.Equal(["\"westeurope\"", "3", "0.5", "true"], new[] { "region", "count", "share", "wet" }.Select(name => Header(response, name)));
        var properties = JsonDocument.Parse(Header(response, "BrokerProperties")).RootElement;
        Assert.Equal("a/b é", properties.GetProperty("MessageId").GetString());
        Assert.Equal("stage", properties.GetProperty("Label").GetString());
        Assert.Equal(90.5, properties.GetProperty("TimeToLive").GetDouble());
        Assert.Equal((1, 1, 0), (
            properties.GetProperty("DeliveryCount").GetInt32(),
            properties.GetProperty("SequenceNumber").GetInt32(),
            properties.GetProperty("EnqueuedSequenceNumber").GetInt32()));
        Assert.EndsWith(" GMT", properties.GetProperty("LockedUntilUtc").GetString(), StringComparison.Ordinal);
        Assert.Equal(
            new Uri(_bus.Client.BaseAddress!, $"q/messages/1/{properties.GetProperty("LockToken").GetString()}"), response.Headers.Location);
    }

    [Fact]
    public async Task LockedMessage_IsRenewedUnlockedAndCompleted()
    {
        var locked = await SendAndLockAsync();
        Assert.Equal(HttpStatusCode.OK, await _bus.StatusAsync(HttpMethod.Post, locked));
        Assert.Equal(HttpStatusCode.NoContent, await _bus.StatusAsync(HttpMethod.Post, Head));
        Assert.Equal(HttpStatusCode.OK, await _bus.StatusAsync(HttpMethod.Put, locked));
        Assert.Equal(HttpStatusCode.NotFound, await _bus.StatusAsync(HttpMethod.Put, locked));
        using var again = await _bus.AskAsync(HttpMethod.Post, Head);
        locked = again.Headers.Location!.AbsolutePath;
        var byOtherName = locked.Replace("messages/1/", "messages/2/", StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, await _bus.StatusAsync(HttpMethod.Delete, byOtherName));
        var byMessageId = locked.Replace("messages/1/", "messages/a%2Fb/", StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, await _bus.StatusAsync(HttpMethod.Delete, byMessageId));
        Assert.Equal(HttpStatusCode.NotFound, await _bus.StatusAsync(HttpMethod.Delete, locked));
        Assert.Equal(HttpStatusCode.NotFound, await _bus.StatusAsync(HttpMethod.Post, "q/messages/1/no-guid"));
        Assert.Equal(HttpStatusCode.Gone, await _bus.StatusAsync(HttpMethod.Delete, "other" + locked[2..]));
    }

    [Fact]
    public async Task ReceiveAndDelete_GivesTheMessageOnce()
    {
        await _bus.StatusAsync(HttpMethod.Post, "q/messages", "x"u8.ToArray());
        using var response = await _bus.AskAsync(HttpMethod.Delete, Head);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("x", await response.Content.ReadAsStringAsync());
        Assert.Null(response.Headers.Location);
        Assert.DoesNotContain("LockToken", Header(response, "BrokerProperties"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NoContent, await _bus.StatusAsync(HttpMethod.Delete, Head));
    }

    [Fact]
    public async Task Batch_SendsItsMessagesToMatchingSubscriptions()
    {
        await _bus.Broker.EnsureTopicAsync("t", new BusEntitySettings());
        await _bus.Broker.EnsureSubscriptionAsync("t", "S", [BusFilter.OnProperty("host", "A")], new BusEntitySettings());
        var body = """[{"Body":"1","BrokerProperties":{"Label":"l"},"UserProperties":{"host":"A"}},{"Body":"2","UserProperties":{"host":"B"}}]""";
        Assert.Equal(HttpStatusCode.Created, await _bus.StatusAsync(
            HttpMethod.Post, "t/messages", Encoding.UTF8.GetBytes(body), "application/vnd.microsoft.servicebus.json"));
        using var response = await _bus.AskAsync(HttpMethod.Post, "T/Subscriptions/s/messages/head?timeout=0");
        Assert.Equal("1", await response.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.NoContent, await _bus.StatusAsync(HttpMethod.Post, "t/subscriptions/S/messages/head?timeout=0"));
        Assert.Equal(HttpStatusCode.NoContent, await _bus.StatusAsync(HttpMethod.Post, "t/subscriptions/S/$DeadLetterQueue/messages/head?timeout=0"));
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("{\"MessageId\":7}")]
    [InlineData("{\"MessageId\":\"\"}")]
    [InlineData("{\"TimeToLive\":0}")]
    [InlineData("{\"TimeToLive\":\"1\"}")]
    [InlineData("{\"ScheduledEnqueueTimeUtc\":\"tomorrow\"}")]
    [InlineData("{\"Label\":\"\\ud800\"}")]
    public async Task MalformedBrokerProperties_AreRefused(string properties) => Assert.Equal(
        HttpStatusCode.BadRequest, await _bus.StatusAsync(HttpMethod.Post, "q/messages", [], null, "BrokerProperties: " + properties));

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("[1]")]
    [InlineData("[{}]")]
    [InlineData("[{\"Body\":\"\\ud800\"}]")]
    [InlineData("[{\"Body\":\"x\",\"UserProperties\":{\"a\":[]}}]")]
    public async Task MalformedBatch_IsRefused(string body) => Assert.Equal(
        HttpStatusCode.BadRequest,
        await _bus.StatusAsync(HttpMethod.Post, "q/messages", Encoding.UTF8.GetBytes(body), "application/vnd.microsoft.servicebus.json"));

    [Theory]
    [InlineData("bare")]
    [InlineData("\"open")]
    [InlineData("[1]")]
    [InlineData("null")]
    [InlineData("\"\\ud800\"")]
    public async Task MalformedProperty_IsRefused(string value) =>
        Assert.Equal(HttpStatusCode.BadRequest, await _bus.StatusAsync(HttpMethod.Post, "q/messages", [], null, "region: " + value));

    [Theory]
    [InlineData("-1")]
    [InlineData("61")]
    [InlineData("1.5")]
    [InlineData("x")]
    [InlineData("")]
    [InlineData("99999999999")]
    public async Task BadTimeout_IsRefused(string timeout) =>
        Assert.Equal(HttpStatusCode.BadRequest, await _bus.StatusAsync(HttpMethod.Post, "q/messages/head?timeout=" + timeout));

    [Theory]
    [InlineData("POST", "none/messages", HttpStatusCode.Gone)]
    [InlineData("POST", "none/messages/head?timeout=0", HttpStatusCode.Gone)]
    [InlineData("POST", "q%2Fx/messages/head?timeout=0", HttpStatusCode.Gone)]
    [InlineData("POST", "%FFq/messages/head?timeout=0", HttpStatusCode.Gone)]
    [InlineData("POST", "%00q/messages/head?timeout=0", HttpStatusCode.BadRequest)]
    [InlineData("POST", "q/subscriptions/s/messages/head?timeout=0", HttpStatusCode.Gone)]
    [InlineData("POST", "q/$deadletterqueue/messages/head?timeout=0", HttpStatusCode.NoContent)]
    [InlineData("POST", "q/messages/head/?timeout=0", HttpStatusCode.NoContent)]
    [InlineData("POST", "q/x/messages", HttpStatusCode.NotFound)]
    [InlineData("GET", "q/messages", HttpStatusCode.MethodNotAllowed)]
    public async Task OddPath_HasItsStatus(string method, string path, HttpStatusCode status) =>
        Assert.Equal(status, await _bus.StatusAsync(new HttpMethod(method), path));

    [Fact]
    public async Task LargestBody_IsTakenAndOneByteMoreRefused()
    {
        // The header of this message, as it is stored, takes part of what is allowed.
        const int Room = 256 * 1024;
        Assert.Equal(HttpStatusCode.Created, await _bus.StatusAsync(HttpMethod.Post, "q/messages", new byte[Room - 1024]));
        Assert.Equal(HttpStatusCode.Forbidden, await _bus.StatusAsync(HttpMethod.Post, "q/messages", new byte[Room]));
        Assert.Equal(HttpStatusCode.Forbidden, await _bus.StatusAsync(HttpMethod.Post, "q/messages", new byte[Room + 1]));
        Assert.Equal(HttpStatusCode.Forbidden, await _bus.StatusAsync(HttpMethod.Post, "q/messages", new byte[4 * 1024 * 1024]));
        Assert.Single(await _bus.Broker.PeekAsync("q", 10));
    }

    [Fact]
    public async Task LongPoll_EndsWithTheMessageThatIsSent()
    {
        var waiting = _bus.AskAsync(HttpMethod.Post, "q/messages/head?timeout=60");
        await _bus.StatusAsync(HttpMethod.Post, "q/messages", "x"u8.ToArray());
        using var response = await waiting;
        Assert.Equal("x", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task ClientGoneWhileWaiting_NextOneGetsTheMessageAsFirstDelivery()
    {
        using var gone = new CancellationTokenSource();
        var waiting = _bus.AskAsync(HttpMethod.Post, "q/messages/head?timeout=60", cancellationToken: gone.Token);
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        await _bus.StatusAsync(HttpMethod.Post, "q/messages", "x"u8.ToArray());
        using var response = await _bus.AskAsync(HttpMethod.Post, "q/messages/head?timeout=30");
        Assert.Contains("\"DeliveryCount\":1,", Header(response, "BrokerProperties"), StringComparison.Ordinal);
    }

    private static string Header(HttpResponseMessage response, string name) => Assert.Single(response.Headers.GetValues(name));

    private async Task<string> SendAndLockAsync()
    {
        await _bus.StatusAsync(HttpMethod.Post, "q/messages", "x"u8.ToArray(), null, "BrokerProperties: {\"MessageId\":\"a/b\"}");
        using var response = await _bus.AskAsync(HttpMethod.Post, Head);
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        return response.Headers.Location!.AbsolutePath;
    }
}
