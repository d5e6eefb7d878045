using AppAttach.Embedded.Engine;

namespace AppAttach.Pipeline.Tests;

/// <summary>Ends an engine's process, as far as its file can tell, just before or just after its n-th transaction.</summary>
internal sealed class EngineKill(int at, bool afterCommit) : ITransactionObserver
{
    private readonly TaskCompletionSource _killed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _count;

    public Task Killed => _killed.Task;

    public void Before(string transaction)
    {
        if (_killed.Task.IsCompleted || (Interlocked.Increment(ref _count) == at && !afterCommit))
        {
            Kill();
        }
    }

    public void After(string transaction)
    {
        if (_count >= at)
        {
            Kill();
        }
    }

    private void Kill()
    {
        _killed.TrySetResult();
        throw new IOException("The process is gone.");
    }
}
