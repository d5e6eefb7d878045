using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace AppAttach.Embedded.Tests.Engine;

/// <summary>Keeps what is logged.</summary>
internal sealed class RecordingLoggerFactory : ILoggerFactory
{
    public ConcurrentQueue<(LogLevel Level, int Id, string Text)> Entries { get; } = new();

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException("It keeps; it does not pass on.");

    public ILogger CreateLogger(string categoryName) => new RecordingLogger(this);

    public void Dispose() => Entries.Clear();

    private sealed class RecordingLogger(RecordingLoggerFactory factory) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            factory.Entries.Enqueue((logLevel, eventId.Id, formatter(state, exception)));
    }
}
