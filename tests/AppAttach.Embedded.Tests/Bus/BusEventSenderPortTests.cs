using AppAttach.Contracts;
using AppAttach.Embedded.Bus;
using AppAttach.Pipeline.Ports;
using AppAttach.TestKit.Ports;

namespace AppAttach.Embedded.Tests.Bus;

public sealed class BusEventSenderPortTests : EventSenderPortTests, IDisposable
{
    private readonly BrokerBench _bench = new();

    public void Dispose() => _bench.Dispose();

    protected override async Task<IEventSender> OpenSenderAsync()
    {
        await BusSetup.EnsureAsync(_bench.Broker, default);
        await BusSetup.EnsureSystemAsync(_bench.Broker, "system-0", default);
        await BusSetup.EnsureSystemAsync(_bench.Broker, "system-1", default);
        return new BusEventSender(_bench.Broker, _bench.Clock);
    }

    protected override Task<IReadOnlyList<PortMessage>> ReceiveAsync(int subscription) =>
        _bench.DrainAsync(BusPath.OfSubscription(BusEntities.Events, $"system-{subscription}"));
}
