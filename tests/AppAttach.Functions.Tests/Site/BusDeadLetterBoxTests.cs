using System.Runtime.CompilerServices;
using AppAttach.Api.Ports;
using AppAttach.Functions.Site;
using Azure.Messaging.ServiceBus;
using Microsoft.Extensions.Logging.Abstractions;

namespace AppAttach.Functions.Tests.Site;

public sealed class BusDeadLetterBoxTests : IAsyncDisposable
{
    private const string Subscription = "host-commands-1/Subscriptions/host-7";

    private readonly DeadLetterBus _bus = new();
    private readonly ManualTimeProvider _clock = new();
    private readonly Subscriptions _subscriptions;

    public BusDeadLetterBoxTests()
    {
        _subscriptions = new Subscriptions(_clock);
        foreach (var queue in (string[])["drops", "host-outcomes", "requests"])
        {
            _bus.Put(queue, 0);
        }
    }

    public ValueTask DisposeAsync()
    {
        _subscriptions.Dispose();
        return _bus.DisposeAsync();
    }

    [Fact]
    public async Task QueuesAndSubscriptionsWithDeadLetters_AreListed()
    {
        _bus.Put("requests", 3);
        _bus.Put(Subscription, 2);
        _subscriptions.Topics["host-commands-1"] = [("host-6", 0), ("host-7", 2)];

        var letters = await Box().ListAsync(CancellationToken.None);

        Assert.Equal(["requests", "requests", "requests", Subscription, Subscription], letters.Select(letter => letter.Entity));
        Assert.All(letters, letter => Assert.Equal("MaxDeliveryCountExceeded", letter.Reason));
    }

    [Fact]
    public async Task Subscriptions_AreAskedForAgainAfterAWhileOnly_AndNotAtTheirFailure()
    {
        _bus.Put(Subscription, 1);
        _subscriptions.Topics["host-commands-1"] = [("host-7", 1)];
        Assert.Single(await Box().ListAsync(CancellationToken.None));
        Assert.Single(await Box().ListAsync(CancellationToken.None));
        Assert.Equal(2, _subscriptions.Asked);

        _clock.Advance(CommandSubscriptions.GoodFor);
        _subscriptions.IsBusy = true;

        Assert.Single(await Box().ListAsync(CancellationToken.None));
        Assert.Equal(3, _subscriptions.Asked);
    }

    [Fact]
    public async Task SubscriptionThatWentAway_IsLeftOut()
    {
        _subscriptions.Topics["host-commands-1"] = [("host-7", 1)];

        Assert.Empty(await Box().ListAsync(CancellationToken.None));
    }

    [Fact]
    public async Task ManySubscriptions_ThoseWithTheMostAreNamed()
    {
        _subscriptions.Topics["host-commands-0"] = [.. Enumerable.Range(1, 300).Select(i => ($"host-{i}", (long)i))];

        var found = await _subscriptions.FindAsync(CancellationToken.None);

        Assert.Equal(CommandSubscriptions.Most, found.Count);
        Assert.Equal("host-commands-0/Subscriptions/host-300", found[0].ToString());
    }

    [Theory]
    [InlineData("requests", "requests", 1)]
    [InlineData("requests", "requests", 900)]
    [InlineData(Subscription, "host-commands-1", 900)]
    [InlineData("host-commands-1/subscriptions/host-7", "host-commands-1", 5)]
    public async Task DeadLetter_IsPutBackWhereverItLies_AndTheOthersStay(string entity, string sentTo, long number)
    {
        var path = entity == "requests" ? entity : Subscription;
        _bus.Put(path, 1_000);

        Assert.Equal(1, await Box().ReplayAsync(new DeadLetterReplay(entity, [number, 5_000]), "anna", CancellationToken.None));

        var (to, message) = Assert.Single(_bus.Sent);
        Assert.Equal(sentTo, to);
        Assert.Equal($"message-{number}", message.MessageId);
        Assert.Equal("host-7", message.ApplicationProperties["target"]);
        Assert.Equal("anna", message.ApplicationProperties["ReplayedBy"]);
        Assert.Equal(999, _bus.Letters[path].Count);
        Assert.DoesNotContain(_bus.Letters[path], letter => letter.SequenceNumber == number);
        Assert.Empty(_bus.Locked[path]);
    }

    [Fact]
    public async Task DeadLetterBehindTooMany_IsNotFound_AndNothingStaysLocked()
    {
        _bus.Put("requests", BusDeadLetterBox.MostHeld + 500);

        Assert.Equal(0, await Box().ReplayAsync(
            new DeadLetterReplay("requests", [BusDeadLetterBox.MostHeld + 499]), "anna", CancellationToken.None));
        Assert.Empty(_bus.Locked["requests"]);
    }

    [Theory]
    [InlineData("events")]
    [InlineData("host-commands-1")]
    [InlineData("host-commands-1/Subscriptions/nobody")]
    [InlineData("events/Subscriptions/host-7")]
    [InlineData("host-commands-1/Subscriptions/a/b")]
    public async Task EntityThatIsNotThere_IsSaid(string entity) =>
        Assert.Null(await Box().ReplayAsync(new DeadLetterReplay(entity, [1]), "anna", CancellationToken.None));

    private BusDeadLetterBox Box() => new(_bus, _subscriptions);

    /// <summary>Two topics' subscriptions, without the management API below.</summary>
    private sealed class Subscriptions(TimeProvider clock) : CommandSubscriptions(null!, 2, clock, NullLogger<CommandSubscriptions>.Instance)
    {
        public Dictionary<string, List<(string Name, long DeadLetters)>> Topics { get; } = [];

        public int Asked { get; private set; }

        public bool IsBusy { get; set; }

        protected override async IAsyncEnumerable<(string Name, long DeadLetters)> ListAsync(
            string topic, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            Asked++;
            await Task.Yield();
            if (IsBusy)
            {
                throw new ServiceBusException("busy", ServiceBusFailureReason.ServiceBusy);
            }

            foreach (var subscription in Topics.GetValueOrDefault(topic, []))
            {
                yield return subscription;
            }
        }
    }
}
