namespace AppAttach.Embedded.Bus.Store;

/// <summary>The tables of <c>bus.db</c>. Times are UTC ticks (100 ns since the year 1), lengths of time are ticks.</summary>
internal static class BusSchema
{
    /// <summary>State of a message that can be received.</summary>
    public const int Active = 0;

    /// <summary>State of a message whose time has not come; <c>due</c> says when.</summary>
    public const int Scheduled = 1;

    /// <summary>State of a message that a receiver holds, or that rests after a failed attempt (no token); <c>due</c> says until when.</summary>
    public const int Locked = 2;

    /// <summary>Statements that make what is missing.</summary>
    public const string Statements = """
        CREATE TABLE IF NOT EXISTS entities (
            id INTEGER PRIMARY KEY,
            path TEXT NOT NULL UNIQUE COLLATE NOCASE,
            kind INTEGER NOT NULL,
            parent_id INTEGER REFERENCES entities(id) ON DELETE CASCADE,
            lock_duration INTEGER NOT NULL,
            max_delivery_count INTEGER NOT NULL,
            default_time_to_live INTEGER,
            dead_letter_on_expiry INTEGER NOT NULL,
            duplicate_window INTEGER,
            last_sequence INTEGER NOT NULL DEFAULT 0
        ) STRICT;
        CREATE INDEX IF NOT EXISTS entities_by_parent ON entities(parent_id, kind);

        CREATE TABLE IF NOT EXISTS rules (
            subscription_id INTEGER NOT NULL REFERENCES entities(id) ON DELETE CASCADE,
            name TEXT NOT NULL COLLATE NOCASE,
            property TEXT,
            property_value TEXT,
            to_address TEXT,
            correlation_id TEXT,
            label TEXT,
            PRIMARY KEY (subscription_id, name)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX IF NOT EXISTS rules_by_value ON rules(property_value);

        CREATE TABLE IF NOT EXISTS messages (
            id INTEGER PRIMARY KEY,
            entity_id INTEGER NOT NULL REFERENCES entities(id) ON DELETE CASCADE,
            sequence INTEGER NOT NULL,
            enqueued_sequence INTEGER NOT NULL,
            state INTEGER NOT NULL,
            due INTEGER,
            token TEXT,
            enqueued_at INTEGER NOT NULL,
            expires_at INTEGER,
            delivery_count INTEGER NOT NULL DEFAULT 0,
            message_id TEXT NOT NULL,
            header TEXT NOT NULL,
            body BLOB NOT NULL
        ) STRICT;
        CREATE INDEX IF NOT EXISTS messages_by_sequence ON messages(entity_id, state, sequence);
        CREATE INDEX IF NOT EXISTS messages_by_due ON messages(entity_id, state, due) WHERE due IS NOT NULL;
        CREATE INDEX IF NOT EXISTS messages_by_expiry ON messages(entity_id, state, expires_at) WHERE expires_at IS NOT NULL;
        CREATE UNIQUE INDEX IF NOT EXISTS messages_by_token ON messages(token) WHERE token IS NOT NULL;

        CREATE TABLE IF NOT EXISTS seen_ids (
            entity_id INTEGER NOT NULL REFERENCES entities(id) ON DELETE CASCADE,
            message_id TEXT NOT NULL,
            seen_at INTEGER NOT NULL,
            PRIMARY KEY (entity_id, message_id)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX IF NOT EXISTS seen_ids_by_time ON seen_ids(entity_id, seen_at);

        CREATE TABLE IF NOT EXISTS replays (
            id INTEGER PRIMARY KEY,
            entity_path TEXT NOT NULL,
            message_id TEXT NOT NULL,
            reason TEXT,
            replayed_by TEXT NOT NULL,
            replayed_at INTEGER NOT NULL
        ) STRICT;
        """;
}
