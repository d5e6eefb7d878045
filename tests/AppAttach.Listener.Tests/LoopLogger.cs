using Microsoft.Extensions.Logging;

namespace AppAttach.Listener.Tests;

/// <summary>Tells a test that the listener met an error that nobody foresaw, and went on.</summary>
internal sealed class LoopLogger : ILogger
{
    public SemaphoreSlim Broke { get; } = new(0);

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (eventId.Name == nameof(Logs.LoopBroke))
        {
            Broke.Release();
        }
    }
}
