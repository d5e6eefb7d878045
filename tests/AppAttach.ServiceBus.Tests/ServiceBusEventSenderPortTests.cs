using AppAttach.Azure.Bus;
using AppAttach.Contracts;
using AppAttach.Embedded.Bus;
using AppAttach.Pipeline.Ports;
using AppAttach.ServiceBus.Tests.Protocol;
using AppAttach.TestKit.Ports;

namespace AppAttach.ServiceBus.Tests;

public sealed class ServiceBusEventSenderPortTests : EventSenderPortTests, IAsyncLifetime
{
    private readonly List<ServiceBusEventSender> _senders = [];
    private FakeNamespace _namespace = null!;

    public async ValueTask InitializeAsync()
    {
        _namespace = await FakeNamespace.StartAsync();
        await BusSetup.EnsureSystemAsync(_namespace.Broker, "system-0", default);
        await BusSetup.EnsureSystemAsync(_namespace.Broker, "system-1", default);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var sender in _senders)
        {
            await sender.DisposeAsync();
        }

        await _namespace.DisposeAsync();
    }

    protected override Task<IEventSender> OpenSenderAsync()
    {
        _senders.Add(new ServiceBusEventSender(_namespace.Client, _namespace.Clock));
        return Task.FromResult<IEventSender>(_senders[^1]);
    }

    protected override Task<IReadOnlyList<PortMessage>> ReceiveAsync(int subscription) =>
        Receiving.DrainAsync(_namespace.Client.CreateReceiver(BusEntities.Events, $"system-{subscription}"));
}
