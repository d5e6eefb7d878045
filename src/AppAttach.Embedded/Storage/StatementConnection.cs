using Microsoft.Data.Sqlite;

namespace AppAttach.Embedded.Storage;

/// <summary>
/// A connection that keeps its statements: compiling one takes several times as long as running it, and each is used all the time. Its
/// transactions are statements too (<c>BEGIN</c>, <c>COMMIT</c>), for a command of the library belongs to one transaction object.
/// </summary>
/// <param name="connectionString">Where it leads.</param>
internal sealed class StatementConnection(string connectionString) : SqliteConnection(connectionString)
{
    private readonly Dictionary<string, SqliteCommand> _idle = new(StringComparer.Ordinal);

    /// <summary>A command with its values; it is kept for the next use when its lease ends.</summary>
    /// <param name="statement">The statement, a constant.</param>
    /// <param name="parameters">Names with their sign, and values; null becomes NULL.</param>
    /// <returns>The command; the only one of this statement, unless that is in use.</returns>
    public Lease Use(string statement, ReadOnlySpan<(string Name, object? Value)> parameters)
    {
#pragma warning disable CA2000 // The lease gives it back.
        var command = _idle.Remove(statement, out var idle) ? idle : Make(statement, parameters);
#pragma warning restore CA2000

        for (var index = 0; index < parameters.Length; index++)
        {
            command.Parameters[index].Value = parameters[index].Value ?? DBNull.Value;
        }

        return new Lease(this, command);
    }

    /// <summary>Runs a statement that has neither values nor rows.</summary>
    /// <param name="statement">The statement, a constant.</param>
    public void Run(string statement)
    {
        using var lease = Use(statement, []);
        lease.Command.ExecuteNonQuery();
    }

    private SqliteCommand Make(string statement, ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        var command = CreateCommand();
#pragma warning disable CA2100 // The statements are constants of this project; values are always parameters.
        command.CommandText = statement;
#pragma warning restore CA2100
        foreach (var (name, _) in parameters)
        {
            command.Parameters.Add(new SqliteParameter { ParameterName = name });
        }

        return command;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            foreach (var command in _idle.Values)
            {
                command.Dispose();
            }

            _idle.Clear();
        }

        base.Dispose(disposing);
    }

    /// <summary>The use of a command.</summary>
    /// <param name="connection">Its connection.</param>
    /// <param name="command">The command.</param>
    internal readonly struct Lease(StatementConnection connection, SqliteCommand command) : IDisposable
    {
        /// <summary>The command.</summary>
        public SqliteCommand Command => command;

        /// <summary>Gives it back.</summary>
        public void Dispose()
        {
            if (!connection._idle.TryAdd(command.CommandText, command))
            {
                command.Dispose();
            }
        }
    }
}
