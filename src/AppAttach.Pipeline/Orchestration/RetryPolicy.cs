namespace AppAttach.Pipeline.Orchestration;

/// <summary>When to try again, as Durable Functions' <c>RetryPolicy</c> has it.</summary>
/// <param name="MaxNumberOfAttempts">How often it is tried, the first time included; 1 or more.</param>
/// <param name="FirstRetryInterval">How long to wait before the second attempt; more than zero.</param>
/// <param name="BackoffCoefficient">Factor from one interval to the next; 1 or more.</param>
/// <param name="MaxRetryInterval">The longest interval; null: one hour.</param>
public sealed record RetryPolicy(
    int MaxNumberOfAttempts,
    TimeSpan FirstRetryInterval,
    double BackoffCoefficient = 1.0,
    TimeSpan? MaxRetryInterval = null)
{
    /// <summary>How long to wait after an attempt.</summary>
    /// <param name="attempt">Number of the attempt that failed, from 1.</param>
    /// <returns>The interval before the next one.</returns>
    public TimeSpan IntervalAfter(int attempt)
    {
        var longest = MaxRetryInterval ?? TimeSpan.FromHours(1);
        var interval = FirstRetryInterval.TotalMilliseconds * Math.Pow(BackoffCoefficient, attempt - 1);
        return interval >= longest.TotalMilliseconds ? longest : TimeSpan.FromMilliseconds(interval);
    }
}
