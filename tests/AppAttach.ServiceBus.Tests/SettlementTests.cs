using AppAttach.Contracts;
using AppAttach.Functions.Triggers;
using AppAttach.ServiceBus.Tests.Protocol;
using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging.Abstractions;

namespace AppAttach.ServiceBus.Tests;

/// <summary>What becomes of messages in their queue.</summary>
public sealed class SettlementTests : IAsyncLifetime
{
    private const string Queue = BusEntities.Requests;

    private FakeNamespace _namespace = null!;
    private Settlement _settlement = null!;

    public async ValueTask InitializeAsync()
    {
        _namespace = await FakeNamespace.StartAsync();
        _settlement = new Settlement(_namespace.Client, _namespace.Clock, NullLogger<Settlement>.Instance);
        await using var sender = _namespace.Client.CreateSender(Queue);
        await sender.SendMessageAsync(new ServiceBusMessage("content")
        {
            MessageId = "m-1", ReplyTo = "me", CorrelationId = "c", ReplyToSessionId = "s", ApplicationProperties = { ["color"] = "blue" },
        });
    }

    public async ValueTask DisposeAsync()
    {
        await _settlement.DisposeAsync();
        await _namespace.DisposeAsync();
    }

    [Fact]
    public async Task MessageThatHadItsEffect_IsGone()
    {
        await using var receiver = _namespace.Client.CreateReceiver(Queue);
        Assert.Equal(MessageFate.Completed, await SettleNextAsync(receiver, () => Task.CompletedTask));

        _namespace.Clock.Advance(TimeSpan.FromMinutes(10));
        await RequireNothingAsync(receiver);
    }

    [Fact]
    public async Task MessageThatMayWorkLater_ComesAgainThenWithAllItCarried()
    {
        await using var receiver = _namespace.Client.CreateReceiver(Queue);
        Assert.Equal(MessageFate.PutBack, await SettleNextAsync(receiver, () => throw new IOException("away")));

        await RequireNothingAsync(receiver);
        _namespace.Clock.Advance(TimeSpan.FromSeconds(7));
        var again = await receiver.ReceiveMessageAsync();
        Assert.Equal(("content", "me", "c", "s"), (again.Body.ToString(), again.ReplyTo, again.CorrelationId, again.ReplyToSessionId));
        Assert.Equal("blue", again.ApplicationProperties["color"]);
    }

    [Fact]
    public async Task MessageThatNeverWorks_IsTriedForMinutes_AndLiesInTheDeadLettersThen()
    {
        await using var receiver = _namespace.Client.CreateReceiver(Queue);
        var attempts = 0;
        MessageFate fate;
        do
        {
            fate = await SettleNextAsync(receiver, () =>
            {
                attempts++;
                throw new IOException("still away");
            });
            _namespace.Clock.Advance(TimeSpan.FromMinutes(6));
        }
        while (fate == MessageFate.PutBack && attempts < 100);

        Assert.Equal((MessageFate.DeadLettered, Settlement.MaximumAttempts), (fate, attempts));
        await RequireNothingAsync(receiver);
        await using var dead = _namespace.Client.CreateReceiver(Queue, new ServiceBusReceiverOptions { SubQueue = SubQueue.DeadLetter });
        var letter = await dead.PeekMessageAsync();
        Assert.Equal(Settlement.ExhaustedReason, letter.DeadLetterReason);
        Assert.Contains("still away", letter.DeadLetterErrorDescription, StringComparison.Ordinal);
    }

    [Fact]
    public async Task MessageThatCanNeverWork_LiesInTheDeadLettersAtOnce()
    {
        await using var receiver = _namespace.Client.CreateReceiver(Queue);

        Assert.Equal(MessageFate.DeadLettered, await SettleNextAsync(receiver, () => throw new MessageInvalidException(new string('y', 5_000))));

        await using var dead = _namespace.Client.CreateReceiver(Queue, new ServiceBusReceiverOptions { SubQueue = SubQueue.DeadLetter });
        var letter = await dead.PeekMessageAsync();
        Assert.Equal((ErrorCodes.MessageInvalid, 4096), (letter.DeadLetterReason, letter.DeadLetterErrorDescription.Length));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task LockThatEndedMeanwhile_IsSaid_AndTheMessageComesAgain(bool fails)
    {
        await using var receiver = _namespace.Client.CreateReceiver(Queue);

        var e = await Assert.ThrowsAsync<ServiceBusException>(() => SettleNextAsync(receiver, () =>
        {
            _namespace.Clock.Advance(TimeSpan.FromMinutes(2));
            return fails ? throw new IOException("away") : Task.CompletedTask;
        }));

        Assert.Equal(ServiceBusFailureReason.MessageLockLost, e.Reason);
        var again = await receiver.ReceiveMessageAsync();
        Assert.Equal(("m-1", 2), (again.MessageId, again.DeliveryCount));
    }

    private static async Task RequireNothingAsync(ServiceBusReceiver receiver) =>
        Assert.Null(await receiver.ReceiveMessageAsync(TimeSpan.FromMilliseconds(300)));

    private async Task<MessageFate> SettleNextAsync(ServiceBusReceiver receiver, Func<Task> handle) => await _settlement.SettleAsync(
        Queue, await receiver.ReceiveMessageAsync(), new ServiceBusMessageActions(receiver), handle, CancellationToken.None);
}
