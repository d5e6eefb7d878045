using AppAttach.Functions.Orchestration;
using Microsoft.DurableTask.Client;

namespace AppAttach.Functions.Tests.Orchestration;

public sealed class DurableOrchestrationClientTests
{
    private readonly FakeDurableTaskClient _durable = new();
    private readonly DurableOrchestrationClient _client = new();

    [Fact]
    public async Task NewInstance_IsStarted()
    {
        Assert.True(await StartAsync());
        Assert.Equal(("Orchestrator", "input"), _durable.Started["id-1"]);
    }

    [Theory]
    [InlineData(OrchestrationRuntimeStatus.Pending)]
    [InlineData(OrchestrationRuntimeStatus.Running)]
    [InlineData(OrchestrationRuntimeStatus.Suspended)]
    [InlineData(OrchestrationRuntimeStatus.Completed)]
    [InlineData(OrchestrationRuntimeStatus.Failed)]
    [InlineData(OrchestrationRuntimeStatus.Terminated)]
    public async Task InstanceThatWasStartedBefore_IsLeftAlone(OrchestrationRuntimeStatus status)
    {
        _durable.Instances["id-1"] = status;

        Assert.False(await StartAsync());
        Assert.Empty(_durable.Started);
    }

    [Theory]
    [InlineData(OrchestrationRuntimeStatus.Running)]
    [InlineData(OrchestrationRuntimeStatus.Completed)]
    public async Task InstanceThatSomeoneElseStartsMeanwhile_IsLeftAlone(OrchestrationRuntimeStatus status)
    {
        _durable.BeforeStart = () => _durable.Instances["id-1"] = status;

        Assert.False(await StartAsync());
        Assert.Empty(_durable.Started);
    }

    [Fact]
    public async Task StartThatFails_FailsForTheCaller()
    {
        _durable.BeforeStart = () => throw new IOException("storage is away");

        await Assert.ThrowsAsync<IOException>(StartAsync);
    }

    [Fact]
    public async Task Event_GoesToItsInstance()
    {
        await _client.UseAsync(_durable, async () =>
        {
            await _client.RaiseEventAsync("id-1", "outcome", 5, CancellationToken.None);
            return true;
        });

        Assert.Equal(("id-1", "outcome", 5), Assert.Single(_durable.Raised));
    }

    [Fact]
    public async Task WorkOutsideOfAFunction_IsRefused()
    {
        await StartAsync();

        await Assert.ThrowsAsync<InvalidOperationException>(() => _client.StartAsync("Orchestrator", "id-2", "input", CancellationToken.None));
    }

    [Fact]
    public async Task TwoFunctionsAtOnce_UseTheClientOfTheirOwn()
    {
        var other = new FakeDurableTaskClient();
        var gate = new TaskCompletionSource();

        var first = _client.UseAsync(_durable, async () =>
        {
            await gate.Task;
            return await _client.StartAsync("A", "a", "input", CancellationToken.None);
        });
        var second = _client.UseAsync(other, async () =>
        {
            gate.SetResult();
            return await _client.StartAsync("B", "b", "input", CancellationToken.None);
        });
        await Task.WhenAll(first, second);

        Assert.Equal(["a"], _durable.Started.Keys);
        Assert.Equal(["b"], other.Started.Keys);
    }

    private Task<bool> StartAsync() =>
        _client.UseAsync(_durable, () => _client.StartAsync("Orchestrator", "id-1", "input", CancellationToken.None));
}
