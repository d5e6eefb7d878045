namespace AppAttach.Embedded.Engine;

/// <summary>Passes on what is logged the first time the code runs, and nothing during replay.</summary>
/// <param name="context">The context that knows whether it replays.</param>
/// <param name="logger">Where to pass it on.</param>
internal sealed class ReplaySafeLogger(ReplayingContext context, ILogger logger) : ILogger
{
    /// <inheritdoc/>
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => logger.BeginScope(state);

    /// <inheritdoc/>
    public bool IsEnabled(LogLevel logLevel) => !context.IsReplaying && logger.IsEnabled(logLevel);

    /// <inheritdoc/>
    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!context.IsReplaying)
        {
            logger.Log(logLevel, eventId, state, exception, formatter);
        }
    }
}
