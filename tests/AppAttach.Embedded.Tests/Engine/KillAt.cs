using AppAttach.Embedded.Engine;

namespace AppAttach.Embedded.Tests.Engine;

/// <summary>Ends an engine's process, as far as its file can tell, just before or just after its n-th transaction.</summary>
internal sealed class KillAt(int transaction, bool afterCommit) : ITransactionObserver
{
    private readonly TaskCompletionSource _killed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _count;

    public Task Killed => _killed.Task;

    public void Before(string transaction1)
    {
        if (_killed.Task.IsCompleted || (Interlocked.Increment(ref _count) == transaction && !afterCommit))
        {
            Kill();
        }
    }

    public void After(string transaction1)
    {
        if (_count >= transaction)
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
