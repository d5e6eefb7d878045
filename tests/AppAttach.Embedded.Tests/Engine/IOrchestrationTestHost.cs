using AppAttach.Pipeline.Orchestration;

namespace AppAttach.Embedded.Tests.Engine;

/// <summary>Something that runs orchestrators, seen from a test that has to pass on each of them.</summary>
public interface IOrchestrationTestHost : IAsyncDisposable
{
    /// <summary>Starts orchestrations and raises events.</summary>
    IOrchestrationClient Client { get; }

    /// <summary>Registers an orchestrator, before the host starts.</summary>
    void AddOrchestrator<TInput, TResult>(string name, Func<OrchestrationContext, TInput, Task<TResult>> code);

    /// <summary>Registers an activity, before the host starts.</summary>
    void AddActivity<TInput, TResult>(string name, Func<TInput, CancellationToken, Task<TResult>> code);

    /// <summary>Starts the host.</summary>
    Task StartAsync();

    /// <summary>Waits until an instance has ended.</summary>
    Task<OrchestrationEnd> EndAsync(string instanceId);

    /// <summary>Waits until the custom status of an instance is this text.</summary>
    Task UntilCustomStatusAsync(string instanceId, string customStatus);

    /// <summary>Moves the host's clock on.</summary>
    void Advance(TimeSpan by);
}
