using AppAttach.Contracts;
using AppAttach.Pipeline.Ports;
using Xunit;

namespace AppAttach.TestKit.Ports;

/// <summary>What every <see cref="IEventSender"/> does.</summary>
public abstract class EventSenderPortTests
{
    /// <summary>A sender; the same bus each time within a test, with two subscriptions to all events.</summary>
    protected abstract Task<IEventSender> OpenSenderAsync();

    /// <summary>Receives and completes all that waits in one of the two subscriptions.</summary>
    protected abstract Task<IReadOnlyList<PortMessage>> ReceiveAsync(int subscription);

    [Fact]
    public async Task Event_ReachesEverySubscription()
    {
        var sender = await OpenSenderAsync();
        await sender.SendAsync(MessageTypes.ReleaseAvailable, "e-1", new PipelineEvent { Message = "It is there." }, CancellationToken.None);

        for (var i = 0; i < 2; i++)
        {
            var message = Assert.Single(await ReceiveAsync(i));
            Assert.Equal(("e-1", MessageTypes.ReleaseAvailable, Message.ContentType), (message.Id, message.Label, message.ContentType));
            Assert.Equal(MessageTypes.ReleaseAvailable, message.Properties[BusEntities.TypeProperty]);
            var (type, content) = Message.ReadEvent(message.Body.Span);
            Assert.Equal((MessageTypes.ReleaseAvailable, "It is there."), (type, content.Message));
        }
    }

    [Fact]
    public async Task EventSentTwice_IsOneEvent_EvenByAnotherSenderAndAfterItWasReceived()
    {
        await (await OpenSenderAsync()).SendAsync(MessageTypes.ReleaseAvailable, "e-1", new PipelineEvent { Message = "m" }, CancellationToken.None);
        Assert.Single(await ReceiveAsync(0));
        await (await OpenSenderAsync()).SendAsync(MessageTypes.ReleaseAvailable, "e-1", new PipelineEvent { Message = "m" }, CancellationToken.None);

        Assert.Empty(await ReceiveAsync(0));
        Assert.Single(await ReceiveAsync(1));
    }

    [Fact]
    public async Task Events_ArriveInTheirOrder()
    {
        var sender = await OpenSenderAsync();
        for (var i = 0; i < 20; i++)
        {
            await sender.SendAsync(MessageTypes.ReleaseAvailable, $"e-{i}", new PipelineEvent { Message = "m" }, CancellationToken.None);
        }

        Assert.Equal(Enumerable.Range(0, 20).Select(i => $"e-{i}"), (await ReceiveAsync(0)).Select(message => message.Id));
    }
}
