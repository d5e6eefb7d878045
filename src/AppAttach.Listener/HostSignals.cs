namespace AppAttach.Listener;

/// <summary>What the system tells the listener while it runs. Safe for use by several threads.</summary>
internal sealed class HostSignals : IDisposable
{
    private readonly SemaphoreSlim _sessionChanged = new(0);

    /// <summary>Somebody has signed in or out: registrations are looked after soon.</summary>
    public void SessionChanged() => _ = _sessionChanged.Release();

    /// <summary>Waits for the next of them, or until the time is over.</summary>
    /// <param name="limit">How long.</param>
    /// <param name="clock">Measures it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task WaitAsync(TimeSpan limit, TimeProvider clock, CancellationToken cancellationToken) => WaitAsync(_sessionChanged, limit, clock, cancellationToken);

    /// <summary>Waits until something is due, and takes all that are, or until the time is over.</summary>
    internal static async Task WaitAsync(SemaphoreSlim due, TimeSpan limit, TimeProvider clock, CancellationToken cancellationToken)
    {
        using var time = new CancellationTokenSource(limit, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(time.Token, cancellationToken);
        try
        {
            await due.WaitAsync(either.Token);
            while (await due.WaitAsync(TimeSpan.Zero, cancellationToken))
            {
                // One answer is for all that were due.
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The time is over.
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _sessionChanged.Dispose();
}
