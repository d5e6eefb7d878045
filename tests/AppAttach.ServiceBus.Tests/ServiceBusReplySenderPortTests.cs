using AppAttach.Azure.Bus;
using AppAttach.Contracts;
using AppAttach.Embedded.Bus;
using AppAttach.Pipeline.Ports;
using AppAttach.ServiceBus.Tests.Protocol;
using AppAttach.TestKit.Ports;
using Microsoft.Extensions.Logging.Abstractions;

namespace AppAttach.ServiceBus.Tests;

public sealed class ServiceBusReplySenderPortTests : ReplySenderPortTests, IAsyncLifetime
{
    private FakeNamespace _namespace = null!;

    public async ValueTask InitializeAsync()
    {
        _namespace = await FakeNamespace.StartAsync();
        await BusSetup.EnsureSystemAsync(_namespace.Broker, "billing", default);
    }

    public ValueTask DisposeAsync() => _namespace.DisposeAsync();

    [Fact]
    public async Task QueueThatTheIdentityMayNotSendTo_IsPassedOver()
    {
        _namespace.Refused.Add(Queue);
        var sender = await OpenSenderAsync();

        await sender.SendAsync(
            new ReplyAddress(Queue, "c", null), new RequestReply { RequestId = "r-1", IsAccepted = true, Message = "m" }, CancellationToken.None);

        Assert.Empty(await ReceiveAsync());
    }

    protected override Task<IReplySender> OpenSenderAsync() => Task.FromResult<IReplySender>(
        new ServiceBusReplySender(_namespace.Client, _namespace.Clock, NullLogger<ServiceBusReplySender>.Instance));

    protected override Task<IReadOnlyList<PortMessage>> ReceiveAsync() => Receiving.DrainAsync(_namespace.Client.CreateReceiver(Queue));
}
