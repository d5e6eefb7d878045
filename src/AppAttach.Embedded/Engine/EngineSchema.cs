namespace AppAttach.Embedded.Engine;

/// <summary>
/// The engine's tables. Times are UTC in the round-trip format, which sorts as text. The rows of activities, timers, inbox and
/// sub_orchestrations are what is still to come; each is deleted in the transaction that writes the matching history.
/// </summary>
internal static class EngineSchema
{
    /// <summary>Statements that make what is missing.</summary>
    public const string Statements = """
        CREATE TABLE IF NOT EXISTS instances (
            instance TEXT PRIMARY KEY,
            execution TEXT NOT NULL,
            name TEXT NOT NULL,
            state TEXT NOT NULL,
            created TEXT NOT NULL,
            updated TEXT NOT NULL,
            sequence INTEGER NOT NULL,
            input TEXT,
            output TEXT,
            custom_status TEXT,
            error_type TEXT,
            error_message TEXT
        ) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS history (
            instance TEXT NOT NULL,
            sequence INTEGER NOT NULL,
            kind TEXT NOT NULL,
            at TEXT NOT NULL,
            task INTEGER,
            name TEXT,
            payload TEXT,
            child TEXT,
            due TEXT,
            attempt INTEGER,
            error_type TEXT,
            error_message TEXT,
            PRIMARY KEY (instance, sequence)
        ) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS inbox (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            instance TEXT NOT NULL,
            execution TEXT,
            kind TEXT NOT NULL,
            at TEXT NOT NULL,
            task INTEGER,
            name TEXT,
            payload TEXT,
            error_type TEXT,
            error_message TEXT
        );
        CREATE INDEX IF NOT EXISTS inbox_by_instance ON inbox (instance, id);
        CREATE TABLE IF NOT EXISTS activities (
            instance TEXT NOT NULL,
            execution TEXT NOT NULL,
            task INTEGER NOT NULL,
            name TEXT NOT NULL,
            input TEXT,
            PRIMARY KEY (instance, execution, task)
        );
        CREATE TABLE IF NOT EXISTS timers (
            instance TEXT NOT NULL,
            execution TEXT NOT NULL,
            task INTEGER NOT NULL,
            due TEXT NOT NULL,
            PRIMARY KEY (instance, execution, task)
        ) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS sub_orchestrations (
            parent TEXT NOT NULL,
            execution TEXT NOT NULL,
            task INTEGER NOT NULL,
            child TEXT NOT NULL,
            PRIMARY KEY (parent, execution, task)
        ) WITHOUT ROWID;
        CREATE INDEX IF NOT EXISTS sub_orchestrations_by_child ON sub_orchestrations (child);
        """;
}
