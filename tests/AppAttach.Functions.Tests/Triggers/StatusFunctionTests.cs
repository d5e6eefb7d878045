using System.Text.Json;
using AppAttach.Contracts;
using AppAttach.Functions.Triggers;
using AppAttach.Pipeline.Catalog;
using AppAttach.Pipeline.Status;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace AppAttach.Functions.Tests.Triggers;

public sealed class StatusFunctionTests
{
    [Fact]
    public async Task Status_IsTheFleetAsJson()
    {
        var catalog = new MemoryCatalog();
        var hello = new HostHello
        {
            Host = "h1", Pool = "office", ListenerVersion = "1", OperatingSystem = "Windows", Architecture = "x64", Mounter = "vhd", Inventory = [],
            SentAt = DateTimeOffset.UnixEpoch,
        };
        await catalog.WriteAsync(
            DocumentKinds.Hosts, "h1", new HostRecord(hello, hello.SentAt, hello.SentAt, IsWelcomed: true), null, CancellationToken.None);

        var result = await new StatusFunction(new StatusReader(catalog)).GetAsync(new DefaultHttpContext().Request, CancellationToken.None);

        var json = Assert.IsType<JsonResult>(result);
        var text = JsonSerializer.Serialize(json.Value, (JsonSerializerOptions)json.SerializerSettings!);
        Assert.Contains("\"hosts\":[{\"hello\":{\"host\":\"h1\"", text);
    }
}
