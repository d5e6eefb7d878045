using AppAttach.Contracts;
using AppAttach.Functions.Triggers;
using AppAttach.Pipeline.Catalog;
using AppAttach.Pipeline.Rollout;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace AppAttach.Functions.Tests.Triggers;

public sealed class HostsFunctionTests
{
    private readonly List<string> _log = [];
    private readonly MemoryCatalog _catalog = new();

    [Fact]
    public async Task HostThatIsRetired_LosesItsSubscriptionAndItsRecord()
    {
        var hello = new HostHello
        {
            Host = "h1", Pool = "office", ListenerVersion = "1", OperatingSystem = "Windows", Architecture = "x64", Mounter = "vhd", Inventory = [],
            SentAt = DateTimeOffset.UnixEpoch,
        };
        await _catalog.WriteAsync(
            DocumentKinds.Hosts, "h1", new HostRecord(hello, hello.SentAt, hello.SentAt, IsWelcomed: true), null, CancellationToken.None);

        Assert.IsType<NoContentResult>(await RetireAsync("h1"));

        Assert.Equal(["remove office/h1"], _log);
        Assert.Null(await _catalog.ReadAsync<HostRecord>(DocumentKinds.Hosts, "h1", CancellationToken.None));
    }

    [Fact]
    public async Task UnknownHost_IsNotFound()
    {
        Assert.IsType<NotFoundResult>(await RetireAsync("h1"));
        Assert.Empty(_log);
    }

    private Task<IActionResult> RetireAsync(string host) => new HostsFunction(new HostRetirement(_catalog, new RecordedCommandSender(_log)))
        .RetireAsync(new DefaultHttpContext().Request, host, CancellationToken.None);
}
