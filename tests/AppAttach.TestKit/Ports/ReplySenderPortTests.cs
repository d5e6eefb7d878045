using AppAttach.Contracts;
using AppAttach.Pipeline.Ports;
using Xunit;

namespace AppAttach.TestKit.Ports;

/// <summary>What every <see cref="IReplySender"/> does.</summary>
public abstract class ReplySenderPortTests
{
    /// <summary>Queue that every bus of these tests has, for answers.</summary>
    protected const string Queue = "replies-billing";

    /// <summary>A sender; the same bus each time within a test.</summary>
    protected abstract Task<IReplySender> OpenSenderAsync();

    /// <summary>Receives and completes all that waits in <see cref="Queue"/>.</summary>
    protected abstract Task<IReadOnlyList<PortMessage>> ReceiveAsync();

    [Theory]
    [InlineData(null, null)]
    [InlineData("order 7/é", "session-1")]
    public async Task Answer_ArrivesWhereItWasAskedFor(string? correlationId, string? sessionId)
    {
        var sender = await OpenSenderAsync();
        await sender.SendAsync(new ReplyAddress(Queue, correlationId, sessionId), Reply(), CancellationToken.None);

        var message = Assert.Single(await ReceiveAsync());
        Assert.Equal((Message.ContentType, MessageTypes.Reply), (message.ContentType, message.Label));
        Assert.Equal((correlationId, sessionId), (message.CorrelationId, message.SessionId));
        Assert.Equal("r-1", Message.ReadReply(message.Body.Span).RequestId);
    }

    [Theory]
    [InlineData("nobody")]
    [InlineData("host-outcomes/$DeadLetterQueue")]
    [InlineData("events/subscriptions/billing")]
    [InlineData("no such queue? #1 \\ %2F")]
    [InlineData("//elsewhere.example/queue")]
    [InlineData("https://elsewhere.example/queue")]
    [InlineData("/")]
    [InlineData(" ")]
    public async Task AddressThatIsNone_IsPassedOver(string address)
    {
        var sender = await OpenSenderAsync();
        await sender.SendAsync(new ReplyAddress(address, "c", null), Reply(), CancellationToken.None);
        await sender.SendAsync(new ReplyAddress(Queue, "c", null), Reply(), CancellationToken.None);

        Assert.Single(await ReceiveAsync());
    }

    [Fact]
    public async Task AddressLongerThanAnyName_IsPassedOver() => await AddressThatIsNone_IsPassedOver(new string('q', 5_000));

    [Fact]
    public async Task SessionThatIsNone_IsPassedOver()
    {
        var sender = await OpenSenderAsync();
        await sender.SendAsync(new ReplyAddress(Queue, "c", new string('s', 129)), Reply(), CancellationToken.None);

        Assert.Empty(await ReceiveAsync());
    }

    private static RequestReply Reply() => new() { RequestId = "r-1", IsAccepted = true, Message = "It is done." };
}
