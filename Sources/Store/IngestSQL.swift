internal import GRDB

/// Adds to a row, or makes it: two statements with the same arguments, the second run where the first met nothing.
///
/// Inside the one write transaction that is as safe as an upsert, and lighter: SQLite opens a temporary table for each
/// RETURNING, as a profile of upserts showed (callgrind, SQLite 3.40.1, 2026-11-22). So it is kept for new rows.
struct TallyStatements {
    private let addition: BoundStatement
    private let insertion: BoundStatement

    init(_ database: Database, add: String, insert: String) throws {
        addition = try BoundStatement(database, add)
        insertion = try BoundStatement(database, insert)
    }

    /// Returns whether the row was made.
    @discardableResult
    func add(_ bind: (BoundStatement) -> Void) throws -> Bool {
        bind(addition)
        try addition.run()
        guard addition.changes == 0 else { return false }
        bind(insertion)
        try insertion.run()
        return true
    }
}

extension Ingest {
    enum SQL {
        private static let knownColumns = """
            number, id, count, state, state_time, first_seen, is_automatic, ignore_until, novelty, watch, created,
            merged_into, coalesce(pack_title, title), iif(pack_severity IS NULL, NULL, severity)
            """

        static let issueFind = """
            SELECT \(knownColumns) FROM issue WHERE fingerprint = ?1 AND fingerprint_version = ?2
            """

        static let issueFindByNumber = "SELECT \(knownColumns) FROM issue WHERE number = ?1"

        /// Title, severity and the rest follow the latest batch, so that a better pack shows at once; where a person has
        /// said otherwise, what the pack says is kept for later.
        static let issueAdd = """
            UPDATE issue SET pack = ?1, pattern = ?2, type = ?3, severity = iif(pack_severity IS NULL, ?4, severity),
                title = iif(pack_title IS NULL, ?5, title), runbook = ?6,
                count = count + ?7, first_seen = min(first_seen, ?8), last_seen = max(last_seen, ?9),
                pack_severity = iif(pack_severity IS NULL, NULL, ?4), pack_title = iif(pack_title IS NULL, NULL, ?5),
                watch = ?11, received = ?12, is_forgotten = 0
            WHERE number = ?10
            """

        /// The same for events of a part: what the whole is called and how bad it is, is its own.
        static let issueAddPart = """
            UPDATE issue SET count = count + ?7, first_seen = min(first_seen, ?8), last_seen = max(last_seen, ?9),
                watch = ?11, received = ?12, is_forgotten = 0
            WHERE number = ?10
            """

        static let issueInsert = """
            INSERT INTO issue (pack, pattern, type, severity, title, runbook, count, first_seen, last_seen,
                fingerprint, fingerprint_version, id, state, state_time, novelty, novelty_reason, is_learned, watch,
                created, received)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?14, ?14)
            RETURNING number
            """

        static let textUpdate = """
            UPDATE issue_text SET title = ?2
            WHERE rowid = ?1 AND (SELECT pack_title IS NULL FROM issue WHERE number = ?1)
            """

        static let auditInsert = "INSERT INTO audit (time, who, what, detail, reason) VALUES (?1, ?2, ?3, ?4, ?5)"

        static let hourAdd = "UPDATE issue_hour SET count = count + ?3 WHERE issue = ?1 AND hour = ?2"
        static let hourInsert = "INSERT INTO issue_hour (issue, hour, count) VALUES (?1, ?2, ?3)"

        static let nodeAdd = """
            UPDATE issue_node SET count = count + ?3, first_seen = min(first_seen, ?4), last_seen = max(last_seen, ?5)
            WHERE issue = ?1 AND node = ?2
            """
        static let nodeInsert = """
            INSERT INTO issue_node (issue, node, count, first_seen, last_seen) VALUES (?1, ?2, ?3, ?4, ?5)
            """

        static let streamAdd = """
            UPDATE issue_stream SET count = count + ?3, last_seen = max(last_seen, ?4)
            WHERE issue = ?1 AND stream = ?2
            """
        static let streamInsert = """
            INSERT INTO issue_stream (issue, stream, count, last_seen) VALUES (?1, ?2, ?3, ?4)
            """

        static let nodeAdvance = """
            INSERT INTO node (name, sequence, batch_time, events_total) VALUES (?1, ?2, ?3, ?4)
            ON CONFLICT (name) DO UPDATE SET sequence = excluded.sequence, batch_time = excluded.batch_time,
                events_total = events_total + excluded.events_total
            RETURNING number
            """

        /// A host that others report of: batches of its own, should it have any, go on counting from where they were.
        static let nodeReported = """
            INSERT INTO node (name, sequence, batch_time, events_total) VALUES (?1, 0, ?2, ?3)
            ON CONFLICT (name) DO UPDATE SET events_total = events_total + excluded.events_total
            RETURNING number
            """
    }
}
