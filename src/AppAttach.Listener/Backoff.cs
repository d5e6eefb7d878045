namespace AppAttach.Listener;

/// <summary>
/// How long to wait before the next try: 1 s, 2 s, 4 s … up to a limit, of each a random part between half and all, so that a
/// thousand hosts do not come back in the same second. A server's own wish (<c>Retry-After</c>) is a minimum.
/// </summary>
/// <param name="random">Gives the random part.</param>
/// <param name="first">The first delay at its longest.</param>
/// <param name="limit">No delay of ours is longer.</param>
internal sealed class Backoff(Random random, TimeSpan first, TimeSpan limit)
{
    // A server that asks for more than this is misunderstood rather than obeyed.
    private static readonly TimeSpan RetryAfterLimit = TimeSpan.FromMinutes(10);

    private int _failures;

    /// <summary>Whether the last thing that happened was a failure.</summary>
    public bool IsFailing => _failures > 0;

    /// <summary>It worked: the next failure waits the shortest time again.</summary>
    public void Reset() => _failures = 0;

    /// <summary>It failed again.</summary>
    /// <param name="retryAfter">What the server asked for, if it did.</param>
    /// <returns>How long to wait.</returns>
    public TimeSpan Next(TimeSpan? retryAfter)
    {
        // 2^20 seconds are over every limit; more would overflow.
        var longest = Math.Min(first.TotalSeconds * Math.Pow(2, Math.Min(_failures, 20)), limit.TotalSeconds);
        _failures++;
#pragma warning disable CA5394 // Not a secret: it only spreads the load.
        var delay = TimeSpan.FromSeconds(longest * (0.5 + (random.NextDouble() / 2)));
#pragma warning restore CA5394
        var asked = retryAfter is null || retryAfter < TimeSpan.Zero ? TimeSpan.Zero : retryAfter.Value;
        return delay > asked ? delay : asked < RetryAfterLimit ? asked : RetryAfterLimit;
    }
}
