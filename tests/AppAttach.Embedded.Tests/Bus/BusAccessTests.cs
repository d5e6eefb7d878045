using System.Net;
using AppAttach.Contracts;
using AppAttach.Embedded.Bus;
using AppAttach.Embedded.Bus.Access;

namespace AppAttach.Embedded.Tests.Bus;

public sealed class BusAccessTests : IAsyncLifetime
{
    private BusHost _bus = null!;

    private string Address => _bus.Client.BaseAddress!.ToString();

    public async ValueTask InitializeAsync() => _bus = await BusHost.StartAsync();

    public ValueTask DisposeAsync() => _bus.DisposeAsync();

    [Fact]
    public async Task BadToken_IsRefusedInSilence()
    {
        var root = _bus.Access.Root;
        var good = BusHost.Token(Address, root.Name, root.Key);
        foreach (var bad in (string[])
        [
            "Bearer x", "SharedAccessSignature", "SharedAccessSignature x", good + "&skn=twice", good[..^1],
            BusHost.Token(Address, root.Name, root.Key + "x"), BusHost.Token(Address, "other", root.Key),
            BusHost.Token(Address, root.Name, root.Key, DateTimeOffset.UtcNow.AddSeconds(-1)), BusHost.Token("no-address", root.Name, root.Key),
            BusHost.Token(Address + "other", root.Name, root.Key), BusHost.Token(Address + "q/x", root.Name, root.Key),
            good.Replace("&se=", "&se=9", StringComparison.Ordinal), good.Replace("&sig=", "&sig=AAAA", StringComparison.Ordinal),
        ])
        {
            using var response = await _bus.AskAsync(HttpMethod.Post, "q/messages", [], headers: ["Authorization: " + bad]);
            Assert.True(response.StatusCode == HttpStatusCode.Unauthorized, bad);
            Assert.Empty(await response.Content.ReadAsStringAsync());
        }

        Assert.Equal(HttpStatusCode.Created, await SendAsync("q", good));
        Assert.Equal(HttpStatusCode.Created, await SendAsync("q", BusHost.Token("sb://elsewhere/Q/", root.Name, root.Key)));
        Assert.Equal(HttpStatusCode.Unauthorized, await SendAsync("none", BusHost.Token(Address + "q", root.Name, root.Key)));
    }

    [Fact]
    public async Task HostKey_ReceivesItsCommandsAndSendsOutcomesOnly()
    {
        await BusSetup.EnsureAsync(_bus.Broker, default);
        var sender = new BusCommandSender(_bus.Broker, TimeProvider.System);
        await sender.EnsureHostAsync("pool", "HOST-1", default);
        await sender.EnsureHostAsync("pool", "HOST-10", default);
        var (name, key) = _bus.Access.AllowHost("pool", "HOST-1");
        Assert.Equal((name, key), _bus.Access.AllowHost("pool", "host-1"));
        _bus.Access.AllowHost("pool", "HOST-1");
        var token = BusHost.Token(Address, name, key);

        Assert.Equal(HttpStatusCode.NoContent, await ReceiveAsync("host-commands-0/subscriptions/HOST-1", token));
        Assert.Equal(HttpStatusCode.Unauthorized, await ReceiveAsync("host-commands-0/subscriptions/HOST-10", token));
        Assert.Equal(HttpStatusCode.Unauthorized, await ReceiveAsync(BusEntities.HostOutcomes, token));
        Assert.Equal(HttpStatusCode.Created, await SendAsync(BusEntities.HostOutcomes, token));
        Assert.Equal(HttpStatusCode.Unauthorized, await SendAsync(BusEntities.Requests, token));
        Assert.Equal(HttpStatusCode.Unauthorized, await SendAsync("host-commands-0", token));
    }

    [Fact]
    public async Task KeyOfASystem_AllowsRequestsAndItsOwnAnswersAndEventsOnly()
    {
        await BusSetup.EnsureAsync(_bus.Broker, default);
        await BusSetup.EnsureSystemAsync(_bus.Broker, "helpdesk", default);
        await BusSetup.EnsureSystemAsync(_bus.Broker, "helpdesk", default);
        await BusSetup.EnsureSystemAsync(_bus.Broker, "other", default);
        var (name, key) = _bus.Access.AllowSystem("helpdesk");
        var token = BusHost.Token(Address, name, key);

        Assert.Equal(HttpStatusCode.Created, await SendAsync(BusEntities.Requests, token));
        Assert.Equal(HttpStatusCode.NoContent, await ReceiveAsync("replies-helpdesk", token));
        Assert.Equal(HttpStatusCode.NoContent, await ReceiveAsync("events/subscriptions/helpdesk", token));
        Assert.Equal(HttpStatusCode.Unauthorized, await ReceiveAsync("replies-other", token));
        Assert.Equal(HttpStatusCode.Unauthorized, await ReceiveAsync("events/subscriptions/other", token));
        Assert.Equal(HttpStatusCode.Unauthorized, await ReceiveAsync(BusEntities.Requests, token));
        Assert.Equal(HttpStatusCode.Unauthorized, await SendAsync(BusEntities.Events, token));
        Assert.Equal(HttpStatusCode.Unauthorized, await SendAsync(BusEntities.HostOutcomes, token));
    }

    [Fact]
    public void RootKey_StaysAndIsItsOwnersOnly()
    {
        Assert.Equal(_bus.Access.Root.Key, BusAccess.Open(_bus.Folder, TimeProvider.System).Root.Key);
        Assert.DoesNotContain(_bus.Access.Root.Key, _bus.Access.Root.ToString(), StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(
                UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(_bus.Folder, BusAccess.RootKeyFile)));
        }
    }

    private Task<HttpStatusCode> SendAsync(string path, string token) =>
        _bus.StatusAsync(HttpMethod.Post, path + "/messages", [], null, "Authorization: " + token);

    private Task<HttpStatusCode> ReceiveAsync(string path, string token) =>
        _bus.StatusAsync(HttpMethod.Post, path + "/messages/head?timeout=0", null, null, "Authorization: " + token);
}
