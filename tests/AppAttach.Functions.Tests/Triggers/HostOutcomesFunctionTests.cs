using System.Security.Cryptography;
using AppAttach.Contracts;
using AppAttach.Functions.Orchestration;
using AppAttach.Functions.Tests.Orchestration;
using AppAttach.Functions.Triggers;
using AppAttach.Pipeline;
using AppAttach.Pipeline.Reconcile;
using AppAttach.Pipeline.Rollout;
using Azure.Messaging.ServiceBus;
using Microsoft.Extensions.Logging.Abstractions;

namespace AppAttach.Functions.Tests.Triggers;

public sealed class HostOutcomesFunctionTests
{
    private const string RolloutId = "rollout-00000000000000000000000000000001";

    private readonly List<string> _log = [];
    private readonly FakeDurableTaskClient _durable = new();

    [Fact]
    public async Task Outcome_GoesToItsRolloutAndThenCompletes()
    {
        var outcome = new CommandOutcome
        {
            CommandId = "c", Host = "h1", Kind = CommandKind.Stage, Result = OutcomeResult.Succeeded,
            CompletedAt = DateTimeOffset.UnixEpoch, RolloutId = RolloutId,
        };

        await RunAsync(Message.Write(outcome));

        Assert.Equal((RolloutId, RolloutOrchestrator.OutcomeEvent, outcome), Assert.Single(_durable.Raised));
        Assert.Equal(["complete"], _log);
    }

    [Fact]
    public async Task Hello_MakesTheSubscriptionAndThenCompletes()
    {
        await RunAsync(Message.Write(Hello("h1"), "hello-1"));

        Assert.Equal(["ensure office/h1", "complete"], _log);
    }

    [Fact]
    public async Task SignatureThatDoesNotFit_IsDeadLettered()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var body = Message.Write(Hello("h1"), "hello-1");

        var (reason, description) = await RunAsync(body, HostProof.Sign(key, [1]));

        Assert.Equal(ErrorCodes.MessageInvalid, reason);
        Assert.Contains("signature does not fit", description);
        Assert.Equal((null, null), await RunAsync(body, HostProof.Sign(key, body)));
    }

    [Fact]
    public async Task HelloOfAnImpossibleName_IsDeadLettered()
    {
        var (reason, description) = await RunAsync(Message.Write(Hello("no/such host"), "hello-1"));

        Assert.Equal(ErrorCodes.MessageInvalid, reason);
        Assert.Contains("'no/such host' cannot name a host", description);
        Assert.Equal(["dead-letter"], _log);
    }

    [Fact]
    public async Task OtherMessage_IsDeadLettered()
    {
        var body = Message.Write(new PipelineEvent { Message = "m" }, MessageTypes.ReleaseAvailable, "e", DateTimeOffset.UnixEpoch);

        Assert.Equal(ErrorCodes.MessageInvalid, (await RunAsync(body)).Reason);
        Assert.Equal(["dead-letter"], _log);
    }

    private static HostHello Hello(string host) => new()
    {
        Host = host, Pool = "office", ListenerVersion = "1", OperatingSystem = "Windows", Architecture = "x64", Mounter = "vhd", Inventory = [],
        SentAt = DateTimeOffset.UnixEpoch,
    };

    private async Task<(string? Reason, string? Description)> RunAsync(byte[] body, HostProof? proof = null)
    {
        var client = new DurableOrchestrationClient();
        var catalog = new MemoryCatalog();
        var options = new PipelineOptions { Pools = [new PoolOptions("office", "west")] };
        var sender = new RecordedCommandSender(_log);
        var handler = new HostMessageHandler(
            client, sender, new HostReconciler(catalog, new FleetReader(catalog), sender, new RecordedEvents(_log), options, TimeProvider.System), options, TimeProvider.System);
        var actions = new RecordedMessageActions(_log);
        var message = ServiceBusModelFactory.ServiceBusReceivedMessage(
            BinaryData.FromBytes(body),
            messageId: "m-1",
            properties: proof is null ? null : new Dictionary<string, object> { ["host-key"] = proof.Key, ["host-signature"] = proof.Signature });
        await using var settlement = new Settlement(new RecordedBus(_log), TimeProvider.System, NullLogger<Settlement>.Instance);
        await new HostOutcomesFunction(handler, client, settlement).RunAsync(message, actions, _durable, CancellationToken.None);
        return actions.DeadLetter;
    }
}
