using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace AppAttach.Embedded.Storage;

/// <summary>
/// One SQLite file with one writer. Write-ahead logging lets readers go on meanwhile; <c>synchronous=FULL</c> makes a commit
/// survive a power cut, because messages are acknowledged on the strength of it. As the disk takes its time for that, all work that has
/// come in meanwhile is committed together. The work passed in is synchronous, as SQLite is.
/// </summary>
internal sealed class SqliteDatabase : IDisposable
{
    // Nobody should wait long for others' work.
    private const int MostTogether = 200;
    private const int MostIdleReaders = 8;

    private readonly string _connectionString;
    private readonly StatementConnection _writer;
    private readonly ConcurrentBag<StatementConnection> _readers = [];
    private readonly object _gate = new();
    private readonly Queue<SqliteWork> _waiting = new();
    private bool _isWriting;
    private bool _isClosed;

    /// <summary>Opens the file, making it if it is not there.</summary>
    /// <param name="path">Path of the file; its folder exists.</param>
    /// <param name="schema">Statements that make what is missing; run at each start.</param>
    public SqliteDatabase(string path, string schema)
    {
        _connectionString = new SqliteConnectionStringBuilder { DataSource = path, DefaultTimeout = 30, Pooling = false }.ToString();
        _writer = Open();
        _writer.Run("PRAGMA journal_mode=WAL");
        _writer.Run(schema);
    }

    /// <summary>Runs work as if in a transaction of its own: what it did is kept when it returns, and undone when it throws.</summary>
    /// <typeparam name="TResult">Type of the result.</typeparam>
    /// <param name="work">The work; only it uses the connection meanwhile.</param>
    /// <param name="cancellationToken">Stops waiting for the turn; work that has begun is finished.</param>
    /// <returns>What the work returned, after the commit.</returns>
    /// <exception cref="ObjectDisposedException">The file is closed.</exception>
    public Task<TResult> WriteAsync<TResult>(Func<SqliteConnection, TResult> work, CancellationToken cancellationToken)
    {
        var waiting = new SqliteWork<TResult>(work, cancellationToken);
        lock (_gate)
        {
            if (_isClosed)
            {
                return Task.FromException<TResult>(new ObjectDisposedException(nameof(SqliteDatabase)));
            }

            _waiting.Enqueue(waiting);
            if (_isWriting)
            {
                return waiting.Result;
            }

            _isWriting = true;
        }

        ThreadPool.UnsafeQueueUserWorkItem(static database => database.WriteAll(), this, preferLocal: false);
        return waiting.Result;
    }

    /// <summary>Runs work that only reads, beside the writer, on one consistent state.</summary>
    /// <typeparam name="TResult">Type of the result.</typeparam>
    /// <param name="work">The work.</param>
    /// <returns>What the work returned.</returns>
    public TResult Read<TResult>(Func<SqliteConnection, TResult> work)
    {
        var connection = _readers.TryTake(out var idle) ? idle : Open();
        try
        {
            connection.Run("BEGIN");
            try
            {
                return work(connection);
            }
            finally
            {
                connection.Run("COMMIT");
            }
        }
        finally
        {
            _readers.Add(connection);
            if (_isClosed || _readers.Count > MostIdleReaders)
            {
                CloseReader();
            }
        }
    }

    /// <summary>Lets go of the file once the work that has begun is finished; work that comes later is told that the file is closed.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _isClosed = true;
            while (_isWriting)
            {
                Monitor.Wait(_gate);
            }
        }

        _writer.Dispose();
        while (CloseReader())
        {
            // One is closed.
        }
    }

    /// <summary>Writes until nobody waits.</summary>
    private void WriteAll()
    {
        var together = new List<SqliteWork>(MostTogether);
        while (true)
        {
            together.Clear();
            lock (_gate)
            {
                while (together.Count < MostTogether && _waiting.TryDequeue(out var work))
                {
                    together.Add(work);
                }

                if (together.Count == 0)
                {
                    _isWriting = false;
                    Monitor.PulseAll(_gate);
                    return;
                }
            }

            together.RemoveAll(work => work.IsCancelled());
            if (together.Count > 0)
            {
                Write(together);
            }
        }
    }

    private void Write(List<SqliteWork> together)
    {
        try
        {
            _writer.Run("BEGIN IMMEDIATE");
            foreach (var work in together)
            {
                // What one does wrong is undone alone.
                _writer.Run("SAVEPOINT work");
                if (!work.TryRun(_writer))
                {
                    _writer.Run("ROLLBACK TO work");
                }

                _writer.Run("RELEASE work");
            }

            _writer.Run("COMMIT");
        }
#pragma warning disable CA1031 // Whatever it is, it belongs to those who wait.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Undo();
            together.ForEach(work => work.Fail(e));
            return;
        }

        together.ForEach(work => work.End());
    }

    private void Undo()
    {
        try
        {
            _writer.Run("ROLLBACK");
        }
        catch (SqliteException)
        {
            // SQLite has rolled back by itself, as it does where the disk is full, or nothing had begun.
        }
    }

    private bool CloseReader()
    {
        if (!_readers.TryTake(out var idle))
        {
            return false;
        }

        idle.Dispose();
        return true;
    }

    private StatementConnection Open()
    {
        var connection = new StatementConnection(_connectionString);
        connection.Open();
        connection.Run("PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON");
        return connection;
    }
}
