using System.Text;
using AppAttach.Embedded.Bus;
using Microsoft.Extensions.Logging.Abstractions;

namespace AppAttach.Embedded.Tests.Bus;

/// <summary>A bus on a file of its own, on a clock that a test moves.</summary>
internal sealed class BrokerBench : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public BrokerBench() => Broker = Open();

    public BusClock Clock { get; } = new();

    public BusBroker Broker { get; private set; }

    public void Reopen()
    {
        Broker.Dispose();
        Broker = Open();
    }

    public Task SendAsync(string path, string text, Func<BusMessage, BusMessage>? change = null)
    {
        var message = new BusMessage { Body = Encoding.UTF8.GetBytes(text) };
        return Broker.SendAsync(path, [change is null ? message : change(message)]);
    }

    /// <summary>Looks once.</summary>
    public Task<BusDelivery?> TakeAsync(string path) => Broker.ReceiveAsync(path, TimeSpan.Zero);

    public async Task<string?> TakeTextAsync(string path) => Text(await TakeAsync(path));

    /// <summary>Starts to wait, and comes back when the wait has begun.</summary>
    public async Task<Task<BusDelivery?>> WaitAtAsync(string path, TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        var before = Clock.TimersSet;
        var receive = Broker.ReceiveAsync(path, timeout, cancellationToken);
        await TimersSetAsync(before + 1);
        return receive;
    }

    /// <summary>Comes back when timers have been set that often.</summary>
    public async Task TimersSetAsync(int count)
    {
        while (Clock.TimersSet < count)
        {
            await Task.Yield();
        }
    }

    public static string? Text(BusDelivery? delivery) => delivery is null ? null : Encoding.UTF8.GetString(delivery.Message.Body);

    public void Dispose()
    {
        Broker.Dispose();
        _folder.Dispose();
    }

    private BusBroker Open() => new(_folder.PathOf("bus.db"), Clock, NullLogger.Instance);
}
