using System.Text;
using AppAttach.Contracts;
using AppAttach.Functions.Orchestration;
using AppAttach.Functions.Tests.Orchestration;
using AppAttach.Functions.Triggers;
using AppAttach.Pipeline;
using AppAttach.Pipeline.Intake;
using AppAttach.Pipeline.Reconcile;
using AppAttach.Pipeline.Requests;
using AppAttach.Pipeline.Rollout;
using Azure.Messaging.ServiceBus;
using Microsoft.Extensions.Logging.Abstractions;

namespace AppAttach.Functions.Tests.Triggers;

public sealed class RequestsFunctionTests
{
    private readonly List<string> _log = [];

    [Theory]
    [InlineData(null, "m-1")]
    [InlineData("c-7", "c-7")]
    public async Task Request_IsAnsweredWhereItsSenderWants_ThenCompleted(string? correlationId, string answeredFor)
    {
        await RunAsync("appattach.request.reconcile.v1", """{ "pool": "office" }""", correlationId);

        Assert.Equal($"reply to answers for {answeredFor}", Assert.Single(_log, entry => entry.StartsWith("reply", StringComparison.Ordinal)));
        Assert.Equal("complete", _log[^1]);
    }

    [Fact]
    public async Task RequestThatCannotBeRead_IsDeadLetteredWithTheReason()
    {
        var (reason, description) = await RunAsync("appattach.request.pause.v1", """{ "pool": 7 }""", correlationId: null);

        Assert.Equal(ErrorCodes.MessageInvalid, reason);
        Assert.False(string.IsNullOrEmpty(description));
        Assert.Equal("dead-letter", _log[^1]);
    }

    private async Task<(string? Reason, string? Description)> RunAsync(string type, string data, string? correlationId)
    {
        var client = new DurableOrchestrationClient();
        var catalog = new MemoryCatalog();
        var options = new PipelineOptions { Pools = [new PoolOptions("office", "west")] };
        var (sender, events) = (new RecordedCommandSender(_log), new RecordedEvents(_log));
        var fleet = new FleetReader(catalog);
        using var sources = new PackageSources([]);
        var verbs = new RequestVerbs(
            catalog, fleet, new RolloutStarter(catalog, fleet, client, options), new RolloutSignals(catalog, client),
            new HostReconciler(catalog, new FleetReader(catalog), sender, events, options, TimeProvider.System), sources, client, options, TimeProvider.System);
        var handler = new RequestHandler(catalog, verbs, events, events, TimeProvider.System);
        var body = Encoding.UTF8.GetBytes($$"""
            { "specversion": "1.0", "id": "7f3a", "source": "/contoso/deploy", "type": "{{type}}", "time": "2026-01-31T12:00:00+00:00", "data": {{data}} }
            """);
        var actions = new RecordedMessageActions(_log);
        var message = ServiceBusModelFactory.ServiceBusReceivedMessage(
            BinaryData.FromBytes(body), messageId: "m-1", correlationId: correlationId, replyTo: "answers");
        await using var settlement = new Settlement(new RecordedBus(_log), TimeProvider.System, NullLogger<Settlement>.Instance);
        await new RequestsFunction(handler, client, settlement).RunAsync(message, actions, new FakeDurableTaskClient(), CancellationToken.None);
        return actions.DeadLetter;
    }
}
