namespace AppAttach.Embedded.Demo;

/// <summary>Writes the host's log into a file, so that the terminal is left to the demo.</summary>
/// <param name="path">The file.</param>
internal sealed class FileLog(string path) : ILoggerProvider
{
    private readonly Lock _lock = new();
    private readonly StreamWriter _writer = new(path, append: true) { AutoFlush = true };

    /// <summary>Makes this the only place where log lines go.</summary>
    /// <param name="logging">The host's logging.</param>
    public void Configure(ILoggingBuilder logging) => logging.AddFilter("Microsoft", LogLevel.Warning).AddProvider(this);

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    /// <inheritdoc/>
    public void Dispose() => _writer.Dispose();

    private sealed class Logger(FileLog log, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (log._lock)
            {
                log._writer.WriteLine($"{DateTime.UtcNow:yyyy-MM-dd'T'HH:mm:ss.fff'Z'} {logLevel} {category}[{eventId.Id}] {formatter(state, exception)}");
                if (exception is not null)
                {
                    log._writer.WriteLine(exception);
                }
            }
        }
    }
}
