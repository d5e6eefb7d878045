using AppAttach.Embedded.Bus;
using AppAttach.Pipeline.Ports;
using AppAttach.TestKit.Ports;
using Microsoft.Extensions.Logging.Abstractions;

namespace AppAttach.Embedded.Tests.Bus;

public sealed class BusReplySenderPortTests : ReplySenderPortTests, IDisposable
{
    private readonly BrokerBench _bench = new();

    public void Dispose() => _bench.Dispose();

    protected override async Task<IReplySender> OpenSenderAsync()
    {
        await BusSetup.EnsureAsync(_bench.Broker, default);
        await BusSetup.EnsureSystemAsync(_bench.Broker, "billing", default);
        return new BusReplySender(_bench.Broker, _bench.Clock, NullLogger<BusReplySender>.Instance);
    }

    protected override Task<IReadOnlyList<PortMessage>> ReceiveAsync() => _bench.DrainAsync(Queue);
}
