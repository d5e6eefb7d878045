using System.Text;
using AppAttach.Api.Ports;
using AppAttach.Contracts;
using AppAttach.Embedded.Bus;
using AppAttach.TestKit.Ports;

namespace AppAttach.Embedded.Tests.Bus;

public sealed class BusDeadLetterBoxPortTests : DeadLetterBoxPortTests, IDisposable
{
    private readonly BrokerBench _bench = new();

    public void Dispose() => _bench.Dispose();

    protected override async Task<IDeadLetterBox> OpenBoxAsync()
    {
        await BusSetup.EnsureAsync(_bench.Broker, default);
        var sender = new BusCommandSender(_bench.Broker, _bench.Clock);
        await sender.EnsureHostAsync("office", "pc-1", default);
        await sender.EnsureHostAsync("office", "pc-10", default);
        return new BusDeadLetterBox(_bench.Broker);
    }

    protected override async Task PutAsync(string? host, int count, string body)
    {
        var properties = new Dictionary<string, object>(StringComparer.OrdinalIgnoreCase) { ["color"] = "blue" };
        if (host is not null)
        {
            properties[BusEntities.HostProperty] = host;
        }

        var bytes = Encoding.UTF8.GetBytes(body);
        await _bench.Broker.SendAsync(
            host is null ? BusEntities.Requests : BusEntities.HostCommandsTopic("office"),
            [.. Enumerable.Range(1, count).Select(i => new BusMessage { MessageId = $"m-{i}", Body = bytes, Properties = properties })]);
        while (await _bench.TakeAsync(PathOf(host)) is { } delivery)
        {
            await _bench.Broker.DeadLetterAsync(PathOf(host), delivery.LockToken!.Value, "odd", "It is odd.");
        }
    }

    protected override Task<IReadOnlyList<PortMessage>> ReceiveAsync(string? host) => _bench.DrainAsync(PathOf(host));

    private static string PathOf(string? host) =>
        host is null ? BusEntities.Requests : BusPath.OfSubscription(BusEntities.HostCommandsTopic("office"), host);
}
