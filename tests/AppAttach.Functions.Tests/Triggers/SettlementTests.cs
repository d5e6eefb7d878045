using System.Diagnostics;
using AppAttach.Contracts;
using AppAttach.Functions.Triggers;
using AppAttach.Pipeline.Telemetry;
using Azure.Messaging.ServiceBus;
using Microsoft.Extensions.Logging.Abstractions;

namespace AppAttach.Functions.Tests.Triggers;

public sealed class SettlementTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly List<string> _log = [];
    private readonly RecordedBus _bus;
    private readonly RecordedMessageActions _actions;

    public SettlementTests() => (_bus, _actions) = (new RecordedBus(_log), new RecordedMessageActions(_log));

    [Fact]
    public async Task MessageThatHadItsEffect_IsCompletedAfterIt()
    {
        var fate = await SettleAsync(Received(), () =>
        {
            _log.Add("effect");
            return Task.CompletedTask;
        });

        Assert.Equal(MessageFate.Completed, fate);
        Assert.Equal(["effect", "complete"], _log);
    }

    [Fact]
    public async Task MessageThatMayWorkLater_IsScheduledAgainBeforeItIsCompleted()
    {
        var fate = await SettleAsync(Received(), () => throw new IOException("away"));

        Assert.Equal(MessageFate.PutBack, fate);
        Assert.Equal(["put back", "complete"], _log);
        var (queue, copy) = Assert.Single(_bus.Sent);
        Assert.Equal(BusEntities.Requests, queue);
        Assert.Equal("content", copy.Body.ToString());
        Assert.Equal(("blue", "me"), (copy.ApplicationProperties["color"], copy.ReplyTo));
        Assert.Equal(1, copy.ApplicationProperties[Settlement.AttemptsProperty]);
        Assert.InRange(copy.ScheduledEnqueueTime - Now, TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(6));
    }

    [Fact]
    public async Task CopyThatFailsToo_WaitsLongerAndKeepsItsOriginsName()
    {
        await SettleAsync(Received(), () => throw new IOException("away"));
        var first = _bus.Sent[0].Message;
        await SettleAsync(
            Received(first.MessageId, attempts: (int)first.ApplicationProperties[Settlement.AttemptsProperty]), () => throw new IOException("away"));

        var second = _bus.Sent[1].Message;
        Assert.Equal(("m-1~attempt-1", "m-1~attempt-2"), (first.MessageId, second.MessageId));
        Assert.Equal(2, second.ApplicationProperties[Settlement.AttemptsProperty]);
        Assert.InRange(second.ScheduledEnqueueTime - Now, TimeSpan.FromSeconds(8), TimeSpan.FromSeconds(12));
    }

    [Fact]
    public async Task LongestMessageId_StaysWithinTheLimit()
    {
        await SettleAsync(Received(new string('x', 128)), () => throw new IOException("away"));

        Assert.Equal(128, _bus.Sent[0].Message.MessageId.Length);
        Assert.EndsWith("x~attempt-1", _bus.Sent[0].Message.MessageId, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Settlement.MaximumAttempts - 2, 1, MessageFate.PutBack)]
    [InlineData(Settlement.MaximumAttempts - 1, 1, MessageFate.DeadLettered)]
    [InlineData(Settlement.MaximumAttempts - 2, 2, MessageFate.DeadLettered)]
    public async Task LastAttempt_IsDeadLetteredWithTheReason(int attemptsBefore, int deliveries, MessageFate expected)
    {
        var fate = await SettleAsync(Received(attempts: attemptsBefore, deliveries: deliveries), () => throw new IOException("still away"));

        Assert.Equal(expected, fate);
        Assert.Equal(expected == MessageFate.DeadLettered ? Settlement.ExhaustedReason : null, _actions.DeadLetter.Reason);
        Assert.Equal(expected == MessageFate.DeadLettered, _actions.DeadLetter.Description?.Contains("still away", StringComparison.Ordinal) == true);
    }

    [Fact]
    public async Task MessageThatCanNeverWork_IsDeadLetteredAtOnceWithAReasonThatFits()
    {
        var fate = await SettleAsync(Received(), () => throw new MessageInvalidException(new string('y', 5000)));

        Assert.Equal(MessageFate.DeadLettered, fate);
        Assert.Equal(["dead-letter"], _log);
        Assert.Equal((ErrorCodes.MessageInvalid, 4096), (_actions.DeadLetter.Reason, _actions.DeadLetter.Description?.Length));
    }

    [Fact]
    public async Task HostThatStops_LeavesTheMessageToTheBus()
    {
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => SettleAsync(Received(), () => Task.FromCanceled(stop.Token), stop.Token));

        Assert.Empty(_log);
    }

    [Fact]
    public async Task MessageOfATrace_IsHandledInThatTrace()
    {
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == PipelineTelemetry.Name, Sample = (ref _) => ActivitySamplingResult.AllData,
        };
        ActivitySource.AddActivityListener(listener);
        using var sender = new Activity("sender").SetIdFormat(ActivityIdFormat.W3C).Start();
        var body = Message.Write(new PipelineEvent { Message = "m" }, MessageTypes.ReleaseAvailable, "e", Now);
        sender.Stop();
        using var trigger = new Activity("trigger").SetIdFormat(ActivityIdFormat.W3C).Start();

        Activity? handling = null;
        await SettleAsync(ServiceBusModelFactory.ServiceBusReceivedMessage(BinaryData.FromBytes(body), messageId: "m-1"), () =>
        {
            handling = Activity.Current;
            return Task.CompletedTask;
        });

        Assert.Equal((sender.TraceId, sender.SpanId), (handling!.TraceId, handling.ParentSpanId));
        Assert.Equal(trigger.SpanId, Assert.Single(handling.Links).Context.SpanId);
    }

    private static ServiceBusReceivedMessage Received(string id = "m-1", int attempts = 0, int deliveries = 1) =>
        ServiceBusModelFactory.ServiceBusReceivedMessage(
            BinaryData.FromString("content"),
            messageId: id,
            replyTo: "me",
            properties: attempts == 0
                ? new Dictionary<string, object> { ["color"] = "blue" }
                : new Dictionary<string, object> { [Settlement.AttemptsProperty] = attempts },
            deliveryCount: deliveries);

    private async Task<MessageFate> SettleAsync(ServiceBusReceivedMessage message, Func<Task> handle, CancellationToken cancellationToken = default)
    {
        await using var settlement = new Settlement(_bus, new StoppedClock(), NullLogger<Settlement>.Instance);
        return await settlement.SettleAsync(BusEntities.Requests, message, _actions, handle, cancellationToken);
    }

    private sealed class StoppedClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => Now;
    }
}
