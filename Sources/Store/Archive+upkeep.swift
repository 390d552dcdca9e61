package import Events
internal import GRDB
internal import GRDBSQLite

/// How large the store is, and of what.
package struct StoreSize: Sendable, Equatable {
    package var databaseBytes: Int64
    /// Bytes of the database that hold nothing.
    package var freeBytes: Int64
    /// Rows by table, in the order of `Archive.countedTables`.
    package var rows: [(table: String, rows: Int)]

    package static func == (left: StoreSize, right: StoreSize) -> Bool {
        left.databaseBytes == right.databaseBytes && left.freeBytes == right.freeBytes
            && left.rows.elementsEqual(right.rows) { $0 == $1 }
    }
}

/// What a prune dropped.
package struct PruneReport: Sendable, Equatable {
    /// Issues whose samples and counts were dropped; their fingerprints stay.
    package var issues = 0
    package var samples = 0
    package var hours = 0
    package var audit = 0
}

extension Archive {
    static let countedTables = [
        "issue", "sample", "issue_hour", "issue_day", "issue_node", "issue_stream", "note", "audit", "baseline", "file",
    ]

    /// Of one moment. Costs a pass over the smaller tables.
    package func size() throws(ArchiveError) -> StoreSize {
        try read { database in
            let pages = try BoundStatement(
                database,
                """
                SELECT page_count * page_size, freelist_count * page_size
                FROM pragma_page_count, pragma_page_size, pragma_freelist_count
                """)
            let bytes = try pages.first { ($0.integer(0), $0.integer(1)) } ?? (0, 0)
            let rows = try Archive.countedTables.map { table in
                (
                    table: table,
                    rows: try BoundStatement(database, "SELECT count(*) FROM \(table)").first { $0.int(0) } ?? 0
                )
            }
            return StoreSize(databaseBytes: bytes.0, freeBytes: bytes.1, rows: rows)
        }
    }

    /// When `backup` last wrote a copy; nil where it never did.
    package func lastBackup() throws(ArchiveError) -> Timestamp? {
        try read { database in
            try BoundStatement(database, "SELECT value FROM setting WHERE name = 'last-backup'").first { $0.text(0) }
        }.flatMap { Int64($0) }.map { Timestamp(microseconds: $0) }
    }

    /// Keeps that a copy was written. For `.change` and `.write`.
    package func noteBackup(now: Timestamp) throws(ArchiveError) {
        try change(keeps: true) { database in
            let insert = try BoundStatement(
                database, "INSERT OR REPLACE INTO setting (name, value) VALUES ('last-backup', ?1)")
            insert.bind("\(now.microseconds)", at: 1)
            try insert.run()
        }
    }

    /// Writes a copy of one moment, also while another process counts. Throws `.badPath` where a file is there already.
    package func backup(to copy: String) throws(ArchiveError) {
        guard !copy.isEmpty, !copy.utf8.contains(0) else {
            throw ArchiveError(.badPath, "is no file name; name a file for the copy", path: copy)
        }
        guard !StoreFile.exists(copy) else {
            throw ArchiveError(.badPath, "is there already; name a new file for the copy", path: copy)
        }
        do {
            try pool.writeWithoutTransaction { database in
                let statement = try BoundStatement(database, "VACUUM INTO ?1")
                statement.bind(copy, at: 1)
                try statement.run()
            }
        } catch {
            throw ArchiveError(error, path: copy)
        }
    }

    /// Whether the pages of the database agree with each other: what SQLite found wrong, at most ten lines; empty where
    /// all is well.
    package func integrityFaults() throws(ArchiveError) -> [String] {
        try read { database in
            let statement = try BoundStatement(database, "PRAGMA quick_check(10)")
            return try statement.all { $0.text(0) }.filter { $0 != "ok" }
        }
    }

    /// Drops samples and counts of issues that are not open and were not seen since `before`, and audit rows of Margay's
    /// own from before that; fingerprints, notes and what people did stay for ever. Gives the space back.
    package func prune(before: Timestamp) throws(ArchiveError) -> PruneReport {
        let report = try change(keeps: true) { database in
            var report = PruneReport()
            func run(_ sql: String, _ argument: Int64) throws -> Int {
                let statement = try BoundStatement(database, sql)
                statement.bind(argument, at: 1)
                try statement.run()
                return statement.changes
            }
            let find = try BoundStatement(
                database,
                """
                SELECT number FROM issue WHERE max(last_seen, received) < ?1 AND is_forgotten = 0
                    AND (state <> 'open' OR novelty IN ('known', 'rare'))
                """)
            find.bind(before, at: 1)
            let pruning = try Pruning(database)
            for issue in try find.all({ $0.integer(0) }) { try pruning.prune(issue, &report) }
            // Days of living issues that no rule looks at any more.
            report.hours += try run("DELETE FROM issue_day WHERE day < ?1", before.hour.day)
            report.audit = try run(
                """
                DELETE FROM audit WHERE time < ?1 AND who = 'margay'
                    AND NOT EXISTS (SELECT 1 FROM audit_issue WHERE audit = audit.number)
                """, before.microseconds)
            return report
        }
        do {
            try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA incremental_vacuum") }
        } catch {
            throw ArchiveError(error, path: path)
        }
        return report
    }
}
