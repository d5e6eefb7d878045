using AppAttach.Api.Ports;
using AppAttach.Contracts;
using Xunit;

namespace AppAttach.TestKit.Ports;

/// <summary>What every <see cref="IDeadLetterBox"/> does.</summary>
public abstract class DeadLetterBoxPortTests
{
    /// <summary>Name that the hosts of these tests begin with.</summary>
    private const string Host = "pc-1";

    /// <summary>A box on a bus with the queues of a deployment and the hosts <c>pc-1</c> and <c>pc-10</c> of one pool; the same bus each time within a test.</summary>
    protected abstract Task<IDeadLetterBox> OpenBoxAsync();

    /// <summary>Makes dead letters of messages <c>m-1</c>, <c>m-2</c>, … with the property <c>color</c>, for the reason <c>odd</c>.</summary>
    /// <param name="host">Whose subscription; null: the queue of requests.</param>
    /// <param name="count">How many.</param>
    /// <param name="body">Their body.</param>
    protected abstract Task PutAsync(string? host, int count, string body);

    /// <summary>Receives and completes all that waits for a host, or in the queue of requests.</summary>
    protected abstract Task<IReadOnlyList<PortMessage>> ReceiveAsync(string? host);

    [Theory]
    [InlineData(null)]
    [InlineData(Host)]
    public async Task DeadLetters_AreListedWithTheirReason(string? host)
    {
        var box = await OpenBoxAsync();
        await PutAsync(host, 2, "some text");

        var letters = await box.ListAsync(CancellationToken.None);

        Assert.Equal(["m-1", "m-2"], letters.Select(letter => letter.MessageId));
        Assert.All(letters, letter => Assert.Equal(("odd", "It is odd.", "some text"), (letter.Reason, letter.Description, letter.Body)));
        Assert.Equal(2, letters.Select(letter => letter.SequenceNumber).Distinct().Count());
        Assert.Single(letters.Select(letter => letter.Entity).Distinct());
    }

    [Fact]
    public async Task ManyAndLongDeadLetters_AreCutShort()
    {
        var box = await OpenBoxAsync();
        await PutAsync(null, 210, new string('x', 5_000));

        var letters = await box.ListAsync(CancellationToken.None);

        Assert.Equal(Enumerable.Range(1, 200).Select(i => $"m-{i}"), letters.Select(letter => letter.MessageId));
        Assert.All(letters, letter => Assert.Equal(4_000, letter.Body.Length));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(Host)]
    public async Task DeadLetterPutBack_IsHandledAgainAsItWas_AndTheOthersStay(string? host)
    {
        var box = await OpenBoxAsync();
        await PutAsync(host, 60, "some text");
        var letter = (await box.ListAsync(CancellationToken.None))[49];

        Assert.Equal(1, await box.ReplayAsync(new DeadLetterReplay(letter.Entity, [letter.SequenceNumber, 5_000]), "anna", CancellationToken.None));

        var message = Assert.Single(await ReceiveAsync(host));
        Assert.Equal(("m-50", "blue", "some text"), (message.Id, message.Properties["color"], System.Text.Encoding.UTF8.GetString(message.Body.Span)));
        Assert.DoesNotContain(message.Properties.Keys, name => name.StartsWith("DeadLetter", StringComparison.Ordinal));
        Assert.Empty(await ReceiveAsync("pc-10"));
        var left = await box.ListAsync(CancellationToken.None);
        Assert.Equal(59, left.Count);
        Assert.DoesNotContain(left, one => one.MessageId == "m-50");

        // What lay before it was given back and can be put back in its turn.
        Assert.Equal(1, await box.ReplayAsync(new DeadLetterReplay(letter.Entity, [left[0].SequenceNumber]), "anna", CancellationToken.None));
        Assert.Equal(0, await box.ReplayAsync(new DeadLetterReplay(letter.Entity, [letter.SequenceNumber]), "anna", CancellationToken.None));
    }

    [Theory]
    [InlineData("nobody")]
    [InlineData(BusEntities.HostCommandsPrefix + "0")]
    [InlineData(BusEntities.HostCommandsPrefix + "0/Subscriptions/nobody")]
    [InlineData(BusEntities.HostCommandsPrefix + "0/Subscriptions/a/b")]
    public async Task EntityThatIsNotThere_IsSaid(string entity)
    {
        var box = await OpenBoxAsync();
        Assert.Null(await box.ReplayAsync(new DeadLetterReplay(entity, [1]), "anna", CancellationToken.None));
    }
}
