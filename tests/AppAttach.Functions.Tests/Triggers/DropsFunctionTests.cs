using AppAttach.Contracts;
using AppAttach.Functions.Orchestration;
using AppAttach.Functions.Tests.Orchestration;
using AppAttach.Functions.Triggers;
using AppAttach.Pipeline.Intake;
using AppAttach.Pipeline.Ports;
using Azure.Messaging.ServiceBus;
using Microsoft.Extensions.Logging.Abstractions;

namespace AppAttach.Functions.Tests.Triggers;

public sealed class DropsFunctionTests
{
    /// <summary>As Event Grid sends it to a Service Bus queue in the CloudEvents schema.</summary>
    private const string Event = """
        {"specversion":"1.0","type":"Microsoft.Storage.BlobCreated",
         "source":"/subscriptions/0/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/acct",
         "id":"9aeb0fdf-c01e-0131-0922-9eb54906e209","time":"2026-03-01T12:00:00.1234567Z",
         "subject":"/blobServices/default/containers/packages/blobs/in/My App.msix",
         "data":{"api":"PutBlockList","requestId":"x","eTag":"0x8D4BCC2E4835CD0","contentType":"application/msix","contentLength":524288,
          "blobType":"BlockBlob","url":"https://acct.blob.core.windows.net/packages/in/My%20App.msix","sequencer":"00","storageDiagnostics":{"batchId":"b"}}}
        """;

    private readonly List<string> _log = [];
    private readonly FakeDurableTaskClient _durable = new();

    [Fact]
    public async Task BlobCreated_StartsThePublishingAndThenCompletes()
    {
        _durable.BeforeStart = () => _log.Add("start");

        await RunAsync(Event);

        var drop = new PackageDrop("packages", "in/My App.msix", "0x8D4BCC2E4835CD0", 524288);
        Assert.Equal(["start", "complete"], _log);
        Assert.Equal((nameof(PublishPackageOrchestrator), new PublishPackageInput(drop)), _durable.Started[drop.ToInstanceId()]);
    }

    [Fact]
    public async Task SameEventTwice_StartsOnce()
    {
        await RunAsync(Event);
        await RunAsync(Event);

        Assert.Single(_durable.Started);
        Assert.Equal(["complete", "complete"], _log);
    }

    [Theory]
    [InlineData("My App.msix", "readme.txt")]
    [InlineData("PutBlockList", "CreateFile")]
    public async Task FileThatIsNoPackageOrNotComplete_IsLeftAlone(string part, string instead)
    {
        await RunAsync(Event.Replace(part, instead, StringComparison.Ordinal));

        Assert.Empty(_durable.Started);
        Assert.Equal(["complete"], _log);
    }

    [Theory]
    [InlineData("not JSON")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("""{"specversion":"1.0"}""")]
    public async Task BodyThatIsNoEvent_IsDeadLettered(string body)
    {
        var reason = await RunAsync(body);

        Assert.Equal(ErrorCodes.MessageInvalid, reason);
        Assert.Equal(["dead-letter"], _log);
    }

    [Theory]
    [InlineData("Microsoft.Storage.BlobCreated", "Microsoft.Storage.BlobDeleted")]
    [InlineData("containers/packages/", "containers/catalog/")]
    [InlineData("/blobServices/", "/fileServices/")]
    [InlineData("\"contentLength\":524288", "\"contentLength\":\"many\"")]
    [InlineData("\"contentLength\":524288,", "")]
    [InlineData("\"0x8D4BCC2E4835CD0\"", "\"\"")]
    [InlineData("\"0x8D4BCC2E4835CD0\"", "null")]
    public async Task EventThatCannotBeUsed_IsDeadLettered(string part, string instead)
    {
        Assert.Contains(part, Event, StringComparison.Ordinal);

        var reason = await RunAsync(Event.Replace(part, instead, StringComparison.Ordinal));

        Assert.Equal(ErrorCodes.MessageInvalid, reason);
        Assert.Equal(["dead-letter"], _log);
        Assert.Empty(_durable.Started);
    }

    [Fact]
    public async Task StorageThatIsAway_PutsTheMessageBack()
    {
        _durable.BeforeStart = () => throw new IOException("away");

        await RunAsync(Event);

        Assert.Equal(["put back", "complete"], _log);
    }

    private async Task<string?> RunAsync(string body)
    {
        var client = new DurableOrchestrationClient();
        var actions = new RecordedMessageActions(_log);
        var message = ServiceBusModelFactory.ServiceBusReceivedMessage(BinaryData.FromString(body), messageId: "m-1");
        await using var settlement = new Settlement(new RecordedBus(_log), TimeProvider.System, NullLogger<Settlement>.Instance);
        await new DropsFunction(new PackageDropHandler(client), client, settlement).RunAsync(message, actions, _durable, CancellationToken.None);
        return actions.DeadLetter.Reason;
    }
}
