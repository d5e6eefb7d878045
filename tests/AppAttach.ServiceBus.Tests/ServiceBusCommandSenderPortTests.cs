using AppAttach.Azure.Bus;
using AppAttach.Contracts;
using AppAttach.Pipeline.Ports;
using AppAttach.ServiceBus.Tests.Protocol;
using AppAttach.TestKit.Ports;
using Azure.Messaging.ServiceBus;

namespace AppAttach.ServiceBus.Tests;

public sealed class ServiceBusCommandSenderPortTests : CommandSenderPortTests, IAsyncLifetime
{
    private readonly List<ServiceBusCommandSender> _senders = [];
    private FakeNamespace _namespace = null!;

    protected override DateTimeOffset Now => _namespace.Clock.GetUtcNow();

    public async ValueTask InitializeAsync() => _namespace = await FakeNamespace.StartAsync();

    public async ValueTask DisposeAsync()
    {
        foreach (var sender in _senders)
        {
            await sender.DisposeAsync();
        }

        await _namespace.DisposeAsync();
    }

    protected override void Advance(TimeSpan by) => _namespace.Clock.Advance(by);

    protected override Task<ICommandSender> OpenSenderAsync()
    {
        _senders.Add(new ServiceBusCommandSender(_namespace.Client, _namespace.Administration, FakeNamespace.TopicCount, _namespace.Clock));
        return Task.FromResult<ICommandSender>(_senders[^1]);
    }

    protected override async Task<IReadOnlyList<PortMessage>?> ReceiveAsync(string pool, string host)
    {
        try
        {
            return await Receiving.DrainAsync(_namespace.Client.CreateReceiver(BusEntities.HostCommandsTopic(pool, FakeNamespace.TopicCount), host));
        }
        catch (ServiceBusException e) when (e.Reason == ServiceBusFailureReason.MessagingEntityNotFound)
        {
            return null;
        }
    }
}
