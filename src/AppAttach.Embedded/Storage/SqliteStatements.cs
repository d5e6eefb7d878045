using Microsoft.Data.Sqlite;

namespace AppAttach.Embedded.Storage;

/// <summary>Runs single statements with named parameters; the text is always a constant, values are always parameters.</summary>
internal static class SqliteStatements
{
    /// <summary>Runs a statement that gives no rows.</summary>
    /// <param name="connection">The connection; its open transaction is used.</param>
    /// <param name="statement">The statement.</param>
    /// <param name="parameters">Name with its sign, and value; null becomes NULL.</param>
    /// <returns>How many rows it changed.</returns>
    public static int Run(this SqliteConnection connection, string statement, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        using var command = Prepare(connection, statement, parameters);
        return command.ExecuteNonQuery();
    }

    /// <summary>Runs a query to its end.</summary>
    /// <typeparam name="TRow">What a row becomes.</typeparam>
    /// <param name="connection">The connection; its open transaction is used.</param>
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
        using var command = Prepare(connection, query, parameters);
        using var reader = command.ExecuteReader();
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

    private static SqliteCommand Prepare(SqliteConnection connection, string statement, ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        var command = connection.CreateCommand();
#pragma warning disable CA2100 // The statements are constants of this project.
        command.CommandText = statement;
#pragma warning restore CA2100
        foreach (var (name, value) in parameters)
        {
            command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        }

        return command;
    }
}
