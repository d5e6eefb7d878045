using AppAttach.Pipeline.Orchestration;

namespace AppAttach.Embedded.Tests.Engine;

internal sealed class DelegateActivity<TInput, TResult>(Func<TInput, CancellationToken, Task<TResult>> code) : IActivity<TInput, TResult>
{
    public Task<TResult> RunAsync(TInput input, CancellationToken cancellationToken) => code(input, cancellationToken);
}
