namespace AppAttach.Listener.Commands;

/// <summary>Lets one in at a time.</summary>
internal sealed class Gate : IDisposable
{
    private readonly SemaphoreSlim _semaphore = new(1, 1);

    /// <summary>Waits until nobody is inside.</summary>
    /// <returns>To be disposed of once, to let the next one in.</returns>
    public async Task<IDisposable> EnterAsync(CancellationToken cancellationToken)
    {
        await _semaphore.WaitAsync(cancellationToken);
        return new Stay(this);
    }

    /// <inheritdoc/>
    public void Dispose() => _semaphore.Dispose();

    private sealed class Stay(Gate gate) : IDisposable
    {
        public void Dispose() => _ = gate._semaphore.Release();
    }
}
