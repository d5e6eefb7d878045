using AppAttach.Contracts;
using AppAttach.Embedded.Bus;
using AppAttach.Pipeline.Ports;
using AppAttach.TestKit.Ports;

namespace AppAttach.Embedded.Tests.Bus;

public sealed class BusCommandSenderPortTests : CommandSenderPortTests, IDisposable
{
    private readonly BrokerBench _bench = new();

    protected override DateTimeOffset Now => _bench.Clock.GetUtcNow();

    public void Dispose() => _bench.Dispose();

    protected override void Advance(TimeSpan by) => _bench.Clock.Advance(by);

    protected override Task<ICommandSender> OpenSenderAsync() => Task.FromResult<ICommandSender>(new BusCommandSender(_bench.Broker, _bench.Clock));

    protected override async Task<IReadOnlyList<PortMessage>?> ReceiveAsync(string pool, string host)
    {
        try
        {
            return await _bench.DrainAsync(BusPath.OfSubscription(BusEntities.HostCommandsTopic(pool), host));
        }
        catch (BusException e) when (e.Error == BusError.EntityUnknown)
        {
            return null;
        }
    }
}
