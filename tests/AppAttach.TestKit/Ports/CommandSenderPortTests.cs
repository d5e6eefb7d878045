using AppAttach.Contracts;
using AppAttach.Pipeline.Ports;
using Xunit;

namespace AppAttach.TestKit.Ports;

/// <summary>What every <see cref="ICommandSender"/> does.</summary>
public abstract class CommandSenderPortTests
{
    private const string Pool = "Office";

    /// <summary>A sender on a bus without a host; the same bus each time within a test, and a sender that knows nothing of the one before.</summary>
    protected abstract Task<ICommandSender> OpenSenderAsync();

    /// <summary>Receives and completes all that waits for a host, as its listener would, in the order in which it comes.</summary>
    /// <returns>The messages; null: the bus knows no such host.</returns>
    protected abstract Task<IReadOnlyList<PortMessage>?> ReceiveAsync(string pool, string host);

    /// <summary>The time that sender and bus go by.</summary>
    protected abstract DateTimeOffset Now { get; }

    /// <summary>Moves that time on.</summary>
    protected abstract void Advance(TimeSpan by);

    [Fact]
    public async Task Command_ReachesItsHostAndNoOther()
    {
        var sender = await OpenSenderAsync();
        await sender.EnsureHostAsync(Pool, "PC-1", CancellationToken.None);
        await sender.EnsureHostAsync(Pool, "PC-10", CancellationToken.None);
        var command = Command("c-1", "PC-1");
        await sender.SendAsync(Pool, [command], CancellationToken.None);

        Assert.Empty((await ReceiveAsync(Pool, "PC-10"))!);
        var message = Assert.Single((await ReceiveAsync(Pool, "PC-1"))!);
        Assert.Equal(("c-1", MessageTypes.Command, Message.ContentType), (message.Id, message.Label, message.ContentType));
        var received = Message.ReadCommand(message.Body.Span);
        Assert.Equal((command.CommandId, command.Host, command.Kind, command.Deadline), (received.CommandId, received.Host, received.Kind, received.Deadline));
        Assert.Empty((await ReceiveAsync(Pool, "PC-1"))!);
    }

    [Theory]
    [InlineData("PC-1", "pc-1", "Pc-1")]
    [InlineData("pc-1", "PC-1", "pc-1")]
    public async Task Host_IsTheSameInWhateverCase(string saidHelloAs, string isSentTo, string receivesAs)
    {
        var sender = await OpenSenderAsync();
        await sender.EnsureHostAsync(Pool, saidHelloAs, CancellationToken.None);
        await sender.SendAsync("OFFICE", [Command("c-1", isSentTo)], CancellationToken.None);

        Assert.Single((await ReceiveAsync("office", receivesAs))!);
    }

    [Fact]
    public async Task HostThatSaysHelloAgain_KeepsWhatWaits()
    {
        var sender = await OpenSenderAsync();
        await sender.EnsureHostAsync(Pool, "pc-1", CancellationToken.None);
        await sender.SendAsync(Pool, [Command("c-1", "pc-1")], CancellationToken.None);
        await sender.EnsureHostAsync(Pool, "pc-1", CancellationToken.None);
        await (await OpenSenderAsync()).EnsureHostAsync(Pool, "pc-1", CancellationToken.None);

        Assert.Equal(["c-1"], (await ReceiveAsync(Pool, "pc-1"))!.Select(message => message.Id));
    }

    [Fact]
    public async Task HostThatIsMadeByTwoSendersAtOnce_GetsEachCommandOnce()
    {
        var senders = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => OpenSenderAsync()));
        await Task.WhenAll(senders.Select(sender => sender.EnsureHostAsync(Pool, "pc-1", CancellationToken.None)));
        await senders[0].SendAsync(Pool, [Command("c-1", "pc-1")], CancellationToken.None);

        Assert.Single((await ReceiveAsync(Pool, "pc-1"))!);
    }

    [Fact]
    public async Task ManyCommands_AllArriveOnceAndInOrder()
    {
        var sender = await OpenSenderAsync();
        await sender.EnsureHostAsync(Pool, "pc-1", CancellationToken.None);
        await sender.EnsureHostAsync(Pool, "pc-2", CancellationToken.None);

        // Users make a command long: some 2 MB in all, more than any one transfer takes.
        var users = Enumerable.Range(0, 100).Select(i => $"user{i}@contoso.example").ToList();
        var commands = Enumerable.Range(0, 600).Select(i => Command($"c-{i}", $"pc-{1 + (i % 2)}") with { Users = users }).ToList();
        await sender.SendAsync(Pool, commands, CancellationToken.None);

        foreach (var host in (string[])["pc-1", "pc-2"])
        {
            Assert.Equal(
                commands.Where(command => command.Host == host).Select(command => command.CommandId),
                (await ReceiveAsync(Pool, host))!.Select(message => message.Id));
        }
    }

    [Fact]
    public async Task CommandThatFitsNoMessage_IsRefused_AndThoseAfterItCanStillBeSent()
    {
        var sender = await OpenSenderAsync();
        await sender.EnsureHostAsync(Pool, "pc-1", CancellationToken.None);
        var users = Enumerable.Range(0, 20_000).Select(i => $"user{i}@contoso.example").ToList();

        await Assert.ThrowsAnyAsync<Exception>(
            () => sender.SendAsync(Pool, [Command("c-1", "pc-1") with { Users = users }], CancellationToken.None));

        await sender.SendAsync(Pool, [Command("c-2", "pc-1")], CancellationToken.None);
        Assert.Equal(["c-2"], (await ReceiveAsync(Pool, "pc-1"))!.Select(message => message.Id));
    }

    [Fact]
    public async Task CommandSentTwice_ArrivesUnderOneId()
    {
        var sender = await OpenSenderAsync();
        await sender.EnsureHostAsync(Pool, "pc-1", CancellationToken.None);
        await sender.SendAsync(Pool, [Command("c-1", "pc-1")], CancellationToken.None);
        await sender.SendAsync(Pool, [Command("c-1", "pc-1")], CancellationToken.None);

        Assert.Equal(["c-1"], (await ReceiveAsync(Pool, "pc-1"))!.Select(message => message.Id).Distinct());
    }

    [Fact]
    public async Task CommandPastItsDeadline_NoLongerArrives()
    {
        var sender = await OpenSenderAsync();
        await sender.EnsureHostAsync(Pool, "pc-1", CancellationToken.None);
        await sender.SendAsync(
            Pool,
            [Command("c-1", "pc-1", minutes: 10), Command("c-2", "pc-1", minutes: 20), Command("c-3", "pc-1", minutes: -1)],
            CancellationToken.None);
        Advance(TimeSpan.FromMinutes(11));

        Assert.Equal(["c-2"], (await ReceiveAsync(Pool, "pc-1"))!.Select(message => message.Id));
    }

    [Fact]
    public async Task CommandForAHostThatNeverSaidHello_IsForNobodyAndNoError()
    {
        var sender = await OpenSenderAsync();
        await sender.SendAsync(Pool, [Command("c-1", "pc-1")], CancellationToken.None);
        Assert.Null(await ReceiveAsync(Pool, "pc-1"));

        await sender.EnsureHostAsync(Pool, "pc-1", CancellationToken.None);
        Assert.Empty((await ReceiveAsync(Pool, "pc-1"))!);
    }

    [Fact]
    public async Task RetiredHost_LosesWhatWaits_AndGetsNewCommandsOnceItReturns()
    {
        var sender = await OpenSenderAsync();
        await sender.EnsureHostAsync(Pool, "PC-1", CancellationToken.None);
        await sender.SendAsync(Pool, [Command("c-1", "PC-1")], CancellationToken.None);
        await sender.RemoveHostAsync(Pool, "pc-1", CancellationToken.None);
        Assert.Null(await ReceiveAsync(Pool, "PC-1"));
        await sender.RemoveHostAsync(Pool, "PC-1", CancellationToken.None);

        await sender.EnsureHostAsync(Pool, "PC-1", CancellationToken.None);
        await sender.SendAsync(Pool, [Command("c-2", "PC-1")], CancellationToken.None);
        Assert.Equal(["c-2"], (await ReceiveAsync(Pool, "PC-1"))!.Select(message => message.Id));
    }

    private HostCommand Command(string id, string host, int minutes = 30) => new()
    {
        CommandId = id, Host = host, Kind = CommandKind.Stage, Deadline = Now.AddMinutes(minutes),
    };
}
