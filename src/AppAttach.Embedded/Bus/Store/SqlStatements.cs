using AppAttach.Embedded.Storage;
using Microsoft.Data.Sqlite;

namespace AppAttach.Embedded.Bus.Store;

/// <summary>Runs one statement with named parameters.</summary>
internal static class SqlStatements
{
    /// <summary>Runs a statement that gives no rows.</summary>
    /// <param name="connection">The connection, inside a transaction.</param>
    /// <param name="statement">The statement, a constant.</param>
    /// <param name="parameters">Names with their sign, and values; null is NULL.</param>
    /// <returns>The number of rows changed.</returns>
    public static int Run(this SqliteConnection connection, string statement, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        using var lease = ((StatementConnection)connection).Use(statement, parameters);
        return lease.Command.ExecuteNonQuery();
    }

    /// <summary>Runs a statement to its end and gives its rows.</summary>
    /// <typeparam name="TRow">What a row becomes.</typeparam>
    /// <param name="connection">The connection, inside a transaction.</param>
    /// <param name="read">Makes a row.</param>
    /// <param name="statement">The statement, a constant.</param>
    /// <param name="parameters">Names with their sign, and values; null is NULL.</param>
    /// <returns>The rows.</returns>
    public static List<TRow> Rows<TRow>(
        this SqliteConnection connection,
        Func<SqliteDataReader, TRow> read,
        string statement,
        params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        using var lease = ((StatementConnection)connection).Use(statement, parameters);
        using var reader = lease.Command.ExecuteReader();
        var rows = new List<TRow>();
        while (reader.Read())
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    /// <summary>The first column of the first row as a number.</summary>
    /// <param name="connection">The connection, inside a transaction.</param>
    /// <param name="statement">The statement, a constant.</param>
    /// <param name="parameters">Names with their sign, and values; null is NULL.</param>
    /// <returns>The number; null for NULL or no row.</returns>
    public static long? Number(
        this SqliteConnection connection, string statement, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        using var lease = ((StatementConnection)connection).Use(statement, parameters);
        return lease.Command.ExecuteScalar() as long?;
    }

    /// <summary>A column that may be NULL, as text.</summary>
    /// <param name="reader">The row.</param>
    /// <param name="column">The column, from 0.</param>
    /// <returns>The text or null.</returns>
    public static string? TextOrNull(this SqliteDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    /// <summary>A column that may be NULL, as a number.</summary>
    /// <param name="reader">The row.</param>
    /// <param name="column">The column, from 0.</param>
    /// <returns>The number or null.</returns>
    public static long? NumberOrNull(this SqliteDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetInt64(column);
}
