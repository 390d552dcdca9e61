internal import GRDB

/// The tables, as a list of migrations that is only ever appended to: what was released is never edited.
enum Schema {
    struct Migration: Sendable {
        /// Kept in the table `migration` once applied.
        var name: String
        var statements: String
    }

    /// In the header of the file (sqlite.org/fileformat2.html, 1.3.14), for file(1) and for us: "MRGY".
    static let applicationID: Int64 = 0x4D52_4759

    static let migrations: [Migration] = [
        Migration(name: "1-base", statements: base),
        // Where an input goes on that is no file.
        Migration(name: "2-cursor", statements: "ALTER TABLE file ADD COLUMN cursor TEXT;"),
        Migration(name: "3-following", statements: following),
        Migration(name: "4-triage", statements: triage),
        Migration(name: "5-lists", statements: lists),
        Migration(name: "6-siblings", statements: siblings),
        // Why a notice was not told by itself; null where it was.
        Migration(name: "7-held", statements: "ALTER TABLE outbox ADD COLUMN held TEXT;"),
        Migration(name: "8-intake", statements: intake),
        Migration(name: "9-access", statements: access),
        Migration(name: "10-flow", statements: flow),
        Migration(name: "11-packs", statements: packs),
    ]

    enum Standing: Equatable {
        /// A database without tables.
        case empty
        /// Tables, but not ours.
        case foreign
        /// Ours, with these migrations still to run, in order.
        case behind([String])
        case current
        /// Ours, with migrations this program does not know.
        case newer([String])
    }

    static func standing(_ database: Database) throws -> Standing {
        let identity = try Int64.fetchOne(database, sql: "PRAGMA application_id") ?? 0
        let tables = try Int64.fetchOne(database, sql: "SELECT count(*) FROM sqlite_schema") ?? 0
        if tables == 0 { return .empty }
        guard identity == applicationID else { return .foreign }
        let applied = try String.fetchAll(database, sql: "SELECT name FROM migration ORDER BY rowid")
        let known = migrations.map(\.name)
        let unknown = applied.filter { !known.contains($0) }
        if !unknown.isEmpty { return .newer(unknown) }
        let missing = known.filter { !applied.contains($0) }
        return missing.isEmpty ? .current : .behind(missing)
    }

    /// Brings an empty database, or one that is behind, up to date; all of it or nothing.
    static func migrate(_ database: Database, standing: Standing) throws {
        let due: [Migration]
        switch standing {
        case .empty: due = migrations
        case .behind(let names): due = migrations.filter { names.contains($0.name) }
        case .foreign, .current, .newer: due = []
        }
        guard !due.isEmpty else { return }
        try database.inTransaction(.immediate) {
            try database.execute(
                sql: """
                    PRAGMA application_id = \(applicationID);
                    CREATE TABLE IF NOT EXISTS migration (name TEXT NOT NULL UNIQUE) STRICT;
                    """)
            for migration in due {
                try database.execute(sql: migration.statements)
                try database.execute(sql: "INSERT INTO migration (name) VALUES (?)", arguments: [migration.name])
            }
            return .commit
        }
    }

    // The three `behind_` columns are NULL together: where reading stands at the end of the file.
    // `unread` is of the moment, unlike `file`: all paths of a node that match and are not read, and no checkpoints.
    private static let following = """
        ALTER TABLE file ADD COLUMN behind_since INTEGER;
        ALTER TABLE file ADD COLUMN behind_begun INTEGER;
        ALTER TABLE file ADD COLUMN behind_offset INTEGER;

        ALTER TABLE node ADD COLUMN bytes_lost_forgotten INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE node ADD COLUMN unread_more INTEGER NOT NULL DEFAULT 0;

        CREATE TABLE unread (
            node INTEGER NOT NULL,
            path TEXT NOT NULL,
            source TEXT NOT NULL,
            state TEXT NOT NULL,
            reason TEXT NOT NULL,
            size INTEGER NOT NULL,
            PRIMARY KEY (node, path)
        ) STRICT, WITHOUT ROWID;
        """

    // Times are microseconds since 1970 UTC. Unsigned 64-bit values are kept as the signed ones of the same bits.
    // No foreign keys: only ingest writes these numbers, and the check would cost a look-up for each row of a batch.
    // The number of a sample is that of its issue times `SampleTable.slots` plus a slot, so that the samples of an
    // issue lie side by side and one search finds them.
    // Paths and nodes are numbers in the per-issue tables: an issue in a hundred files stays a few kilobytes.
    private static let base = """
        CREATE TABLE node (
            number INTEGER PRIMARY KEY,
            name TEXT NOT NULL UNIQUE,
            sequence INTEGER NOT NULL,
            batch_time INTEGER NOT NULL,
            events_total INTEGER NOT NULL DEFAULT 0
        ) STRICT;

        CREATE TABLE issue (
            number INTEGER PRIMARY KEY,
            fingerprint BLOB NOT NULL,
            fingerprint_version INTEGER NOT NULL,
            id TEXT NOT NULL UNIQUE,
            pack TEXT NOT NULL,
            pattern TEXT NOT NULL,
            type TEXT NOT NULL,
            severity INTEGER NOT NULL,
            title TEXT NOT NULL,
            runbook TEXT,
            state TEXT NOT NULL,
            state_version INTEGER NOT NULL DEFAULT 0,
            state_time INTEGER NOT NULL,
            novelty TEXT NOT NULL,
            novelty_reason TEXT NOT NULL,
            count INTEGER NOT NULL,
            first_seen INTEGER NOT NULL,
            last_seen INTEGER NOT NULL,
            owner TEXT,
            UNIQUE (fingerprint, fingerprint_version)
        ) STRICT;
        CREATE INDEX issue_by_last_seen ON issue (state, last_seen);

        CREATE TABLE issue_hour (
            issue INTEGER NOT NULL,
            hour INTEGER NOT NULL,
            count INTEGER NOT NULL,
            PRIMARY KEY (issue, hour)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE issue_node (
            issue INTEGER NOT NULL,
            node INTEGER NOT NULL,
            count INTEGER NOT NULL,
            first_seen INTEGER NOT NULL,
            last_seen INTEGER NOT NULL,
            PRIMARY KEY (issue, node)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE stream (
            number INTEGER PRIMARY KEY,
            node INTEGER NOT NULL,
            path TEXT NOT NULL,
            UNIQUE (node, path)
        ) STRICT;

        CREATE TABLE issue_stream (
            issue INTEGER NOT NULL,
            stream INTEGER NOT NULL,
            count INTEGER NOT NULL,
            last_seen INTEGER NOT NULL,
            PRIMARY KEY (issue, stream)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE sample (
            number INTEGER PRIMARY KEY,
            node INTEGER NOT NULL,
            path TEXT NOT NULL,
            line INTEGER,
            offset INTEGER NOT NULL,
            time INTEGER NOT NULL,
            rank INTEGER NOT NULL,
            fields TEXT NOT NULL,
            text TEXT NOT NULL
        ) STRICT;

        CREATE TABLE file (
            node INTEGER NOT NULL,
            device INTEGER NOT NULL,
            inode INTEGER NOT NULL,
            birth INTEGER NOT NULL,
            generation INTEGER NOT NULL,
            path TEXT NOT NULL,
            source TEXT NOT NULL,
            state TEXT NOT NULL,
            offset INTEGER NOT NULL,
            lines INTEGER,
            head_length INTEGER NOT NULL,
            head_hash INTEGER NOT NULL,
            before_length INTEGER NOT NULL,
            before_hash INTEGER NOT NULL,
            size INTEGER NOT NULL,
            lines_total INTEGER NOT NULL,
            events_total INTEGER NOT NULL,
            bytes_lost INTEGER NOT NULL,
            loss_note TEXT NOT NULL,
            note TEXT NOT NULL,
            last_read INTEGER NOT NULL,
            PRIMARY KEY (node, device, inode, birth)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE audit (
            number INTEGER PRIMARY KEY,
            time INTEGER NOT NULL,
            who TEXT NOT NULL,
            what TEXT NOT NULL,
            issue INTEGER,
            before TEXT,
            after TEXT,
            reason TEXT
        ) STRICT;
        CREATE INDEX audit_by_issue ON audit (issue);

        CREATE TABLE setting (
            name TEXT PRIMARY KEY,
            value TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;
        """
}
