extension Schema {
    /// Who may use the console. `secret` of a user and `hash` elsewhere are made by the console, one way; the store only
    /// keeps them. A token without `owner` was made on the command line and belongs to nobody. `scopes` is a list with
    /// commas.
    static let access = """
        CREATE TABLE user (
            name TEXT PRIMARY KEY COLLATE NOCASE,
            role TEXT NOT NULL,
            secret TEXT NOT NULL,
            created INTEGER NOT NULL,
            last_seen INTEGER,
            is_disabled INTEGER NOT NULL DEFAULT 0
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE session (
            number INTEGER PRIMARY KEY,
            hash TEXT NOT NULL UNIQUE,
            user TEXT NOT NULL COLLATE NOCASE,
            created INTEGER NOT NULL,
            last_seen INTEGER NOT NULL,
            address TEXT NOT NULL,
            browser TEXT NOT NULL
        ) STRICT;
        CREATE INDEX session_by_user ON session (user);

        CREATE TABLE token (
            name TEXT PRIMARY KEY COLLATE NOCASE,
            hash TEXT NOT NULL UNIQUE,
            owner TEXT COLLATE NOCASE,
            scopes TEXT NOT NULL,
            created INTEGER NOT NULL,
            expires INTEGER NOT NULL,
            last_used INTEGER
        ) STRICT, WITHOUT ROWID;
        """
}
