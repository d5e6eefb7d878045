using AppAttach.Listener.Commands;

namespace AppAttach.Listener.Tests.Commands;

public class LanesTests
{
    [Fact]
    public async Task SameLane_FirstComeFirstServed_AndOthersPass()
    {
        var lanes = new Lanes();
        var order = new List<int>();
        var first = await lanes.EnterAsync("a", CancellationToken.None);
        var waiting = Enumerable.Range(0, 5).Select(async i =>
        {
            using var place = await lanes.EnterAsync("A", CancellationToken.None);
            order.Add(i);
        }).ToList();
        using (await lanes.EnterAsync("b", CancellationToken.None))
        {
            Assert.Null(lanes.TryEnter("a"));
        }

        Assert.Empty(order);
        first.Dispose();
        await Task.WhenAll(waiting);
        Assert.Equal([0, 1, 2, 3, 4], order);
        Assert.NotNull(lanes.TryEnter("a"));
    }

    [Fact]
    public async Task GivenUpPlace_DoesNotLetTheNextPassThoseInFront()
    {
        var lanes = new Lanes();
        using var stop = new CancellationTokenSource();
        var first = await lanes.EnterAsync("a", CancellationToken.None);
        var second = lanes.EnterAsync("a", stop.Token);
        var third = lanes.EnterAsync("a", CancellationToken.None);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        Assert.False(third.IsCompleted);
        first.Dispose();
        (await third).Dispose();
    }
}
