using Microsoft.Data.Sqlite;

namespace AppAttach.Embedded.Storage;

/// <summary>Runs single statements with named parameters; the text is always a constant, values are always parameters.</summary>
internal static class SqliteStatements
{
    /// <summary>Runs a statement that gives no rows.</summary>
    /// <param name="connection">A <see cref="StatementConnection"/>; its open transaction is used.</param>
    /// <param name="statement">The statement.</param>
    /// <param name="parameters">Name with its sign, and value; null becomes NULL.</param>
    /// <returns>How many rows it changed.</returns>
    public static int Run(this SqliteConnection connection, string statement, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        using var lease = ((StatementConnection)connection).Use(statement, parameters);
        return lease.Command.ExecuteNonQuery();
    }

    /// <summary>Runs a query to its end.</summary>
    /// <typeparam name="TRow">What a row becomes.</typeparam>
    /// <param name="connection">A <see cref="StatementConnection"/>; its open transaction is used.</param>
    /// <param name="query">The query.</param>
    /// <param name="read">Makes a row of what the reader stands on.</param>
    /// <param name="parameters">Name with its sign, and value; null becomes NULL.</param>
    /// <returns>The rows, in the query's order.</returns>
    public static List<TRow> Rows<TRow>(
        this SqliteConnection connection,
        string query,
        Func<SqliteDataReader, TRow> read,
        params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        using var lease = ((StatementConnection)connection).Use(query, parameters);
        using var reader = lease.Command.ExecuteReader();
        var rows = new List<TRow>();
        while (reader.Read())
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    /// <summary>A column that may be NULL.</summary>
    /// <param name="reader">The reader.</param>
    /// <param name="column">Number of the column, from 0.</param>
    /// <returns>Its text, or null.</returns>
    public static string? TextOrNull(this SqliteDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : reader.GetString(column);

    /// <summary>A column that may be NULL.</summary>
    /// <param name="reader">The reader.</param>
    /// <param name="column">Number of the column, from 0.</param>
    /// <returns>Its number, or null.</returns>
    public static long? NumberOrNull(this SqliteDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetInt64(column);

    /// <summary>The first column of the first row as a number.</summary>
    /// <param name="connection">A <see cref="StatementConnection"/>; its open transaction is used.</param>
    /// <param name="query">The query.</param>
    /// <param name="parameters">Name with its sign, and value; null becomes NULL.</param>
    /// <returns>The number; null for NULL or no row.</returns>
    public static long? Number(this SqliteConnection connection, string query, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        using var lease = ((StatementConnection)connection).Use(query, parameters);
        return lease.Command.ExecuteScalar() as long?;
    }
}
