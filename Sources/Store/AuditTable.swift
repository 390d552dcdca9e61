internal import Events
internal import GRDB
internal import Triage

/// Writes the audit trail: one row a move, however many issues it moved, and for each of these what stood before and
/// after.
struct AuditTable {
    private let insert: BoundStatement
    private let insertIssue: BoundStatement

    init(_ database: Database) throws {
        insert = try BoundStatement(
            database,
            """
            INSERT INTO audit (time, who, what, issue, before, after, reason, detail)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) RETURNING number
            """)
        insertIssue = try BoundStatement(
            database, "INSERT INTO audit_issue (issue, audit, before, after) VALUES (?1, ?2, ?3, ?4)")
    }

    /// Returns the number of the row. All entries are of one move.
    @discardableResult
    func write(_ entries: [(issue: Int64, entry: AuditEntry)]) throws -> Int64? {
        guard let (issue, first) = entries.first else { return nil }
        let isBulk = entries.count > 1
        insert.bind(first.time, at: 1)
        insert.bind(first.author, at: 2)
        insert.bind(first.what, at: 3)
        insert.bind(isBulk ? nil : issue, at: 4)
        insert.bind(isBulk ? nil : first.before.state.rawValue, at: 5)
        insert.bind(isBulk ? "\(entries.count) issues" : first.after.state.rawValue, at: 6)
        insert.bind(first.reason, at: 7)
        insert.bind(first.detail, at: 8)
        guard let number = try insert.first({ $0.integer(0) }) else {
            throw DatabaseError(resultCode: .SQLITE_INTERNAL, message: "a row of audit was written and is not there")
        }
        for (issue, entry) in entries {
            insertIssue.bind(issue, at: 1)
            insertIssue.bind(number, at: 2)
            insertIssue.bind(try JSONColumn.encode(entry.before), at: 3)
            insertIssue.bind(try JSONColumn.encode(entry.after), at: 4)
            try insertIssue.run()
        }
        return number
    }
}
