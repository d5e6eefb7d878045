using System.Diagnostics;
using Xunit;

namespace AppAttach.TestKit;

/// <summary>
/// Awaits what another process or thread does. The condition is looked at again and again until it holds; the time limit is only
/// there so that a test that would wait for ever fails with a sentence.
/// </summary>
public static class Eventually
{
    /// <summary>How long to wait unless said otherwise: far longer than anything takes on a busy machine.</summary>
    public static readonly TimeSpan DefaultLimit = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(5);

    /// <summary>Waits until a condition holds.</summary>
    /// <param name="condition">The condition; it may throw <see cref="IOException"/> while files change under it.</param>
    /// <param name="what">What is awaited, for the failure.</param>
    /// <param name="limit">Longest wait; default <see cref="DefaultLimit"/>.</param>
    public static Task IsTrueAsync(Func<bool> condition, string what, TimeSpan? limit = null) =>
        IsTrueAsync(() => Task.FromResult(condition()), what, limit);

    /// <summary>Waits until a condition holds.</summary>
    /// <param name="condition">The condition; it may throw <see cref="IOException"/> while files change under it.</param>
    /// <param name="what">What is awaited, for the failure.</param>
    /// <param name="limit">Longest wait; default <see cref="DefaultLimit"/>.</param>
    public static async Task IsTrueAsync(Func<Task<bool>> condition, string what, TimeSpan? limit = null)
    {
        var started = Stopwatch.GetTimestamp();
        while (!await HoldsAsync(condition))
        {
            var waited = Stopwatch.GetElapsedTime(started);
            Assert.True(waited < (limit ?? DefaultLimit), $"Not within {waited.TotalSeconds:0} s: {what}");
            await Task.Delay(LookInterval, TestContext.Current.CancellationToken);
        }
    }

    private static async Task<bool> HoldsAsync(Func<Task<bool>> condition)
    {
        try
        {
            return await condition();
        }
        catch (IOException)
        {
            return false;
        }
    }
}
