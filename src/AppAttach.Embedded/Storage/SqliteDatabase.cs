using Microsoft.Data.Sqlite;

namespace AppAttach.Embedded.Storage;

/// <summary>
/// One SQLite file with one writer. Write-ahead logging lets readers go on meanwhile; <c>synchronous=FULL</c> makes a commit
/// survive a power cut, because messages are acknowledged on the strength of it. The work passed in is synchronous, as SQLite is.
/// </summary>
internal sealed class SqliteDatabase : IDisposable
{
    private readonly string _connectionString;
    private readonly SqliteConnection _writer;
#pragma warning disable CA2213 // Never disposed of: whoever still waits for the turn must get it, to be told that the file is closed.
    private readonly SemaphoreSlim _writing = new(1, 1);
#pragma warning restore CA2213
    private bool _isClosed;

    /// <summary>Opens the file, making it if it is not there.</summary>
    /// <param name="path">Path of the file; its folder exists.</param>
    /// <param name="schema">Statements that make what is missing; run at each start.</param>
    public SqliteDatabase(string path, string schema)
    {
        _connectionString = new SqliteConnectionStringBuilder { DataSource = path, DefaultTimeout = 30 }.ToString();
        _writer = Open();
        Execute(_writer, "PRAGMA journal_mode=WAL");
        Execute(_writer, schema);
    }

    /// <summary>Runs work in a transaction of its own, committed when it returns and rolled back when it throws.</summary>
    /// <typeparam name="TResult">Type of the result.</typeparam>
    /// <param name="work">The work; only it uses the connection meanwhile.</param>
    /// <param name="cancellationToken">Stops waiting for the turn; work that has begun is finished.</param>
    /// <returns>What the work returned, after the commit.</returns>
    /// <exception cref="ObjectDisposedException">The file is closed.</exception>
    public async Task<TResult> WriteAsync<TResult>(Func<SqliteConnection, TResult> work, CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken);
        try
        {
            ObjectDisposedException.ThrowIf(_isClosed, this);
            return InTransaction(work);
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <summary>Runs work that only reads, beside the writer, on one consistent state.</summary>
    /// <typeparam name="TResult">Type of the result.</typeparam>
    /// <param name="work">The work.</param>
    /// <returns>What the work returned.</returns>
    public TResult Read<TResult>(Func<SqliteConnection, TResult> work)
    {
        using var connection = Open();
        using var transaction = connection.BeginTransaction(deferred: true);
        return work(connection);
    }

    /// <summary>Lets go of the file once the work that has begun is finished; work that comes later is told that the file is closed.</summary>
    public void Dispose()
    {
        _writing.Wait();
        _isClosed = true;
        _writer.Dispose();
        _writing.Release();

        // Pooled connections keep the file open, which on Windows keeps its folder from being deleted.
        using var any = new SqliteConnection(_connectionString);
        SqliteConnection.ClearPool(any);
    }

    private static void Execute(SqliteConnection connection, string statements)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The statements are constants of this project.
        command.CommandText = statements;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    private TResult InTransaction<TResult>(Func<SqliteConnection, TResult> work)
    {
        using var transaction = _writer.BeginTransaction();
        var result = work(_writer);
        transaction.Commit();
        return result;
    }

    private SqliteConnection Open()
    {
        var connection = new SqliteConnection(_connectionString);
        connection.Open();
        Execute(connection, "PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON");
        return connection;
    }
}
