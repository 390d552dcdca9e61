internal import Events
internal import GRDB
internal import Triage

/// Writes the notes of issues, and what of them is searched.
struct NoteTable {
    private let insert: BoundStatement
    private let delete: BoundStatement
    private let texts: BoundStatement
    private let refresh: BoundStatement

    init(_ database: Database) throws {
        insert = try BoundStatement(
            database, "INSERT INTO note (issue, audit, time, who, text) VALUES (?1, ?2, ?3, ?4, ?5)")
        delete = try BoundStatement(database, "DELETE FROM note WHERE issue = ?1 AND audit = ?2")
        texts = try BoundStatement(database, "SELECT text FROM note WHERE issue = ?1 ORDER BY number")
        refresh = try BoundStatement(database, "UPDATE issue_text SET notes = ?2 WHERE rowid = ?1")
    }

    func add(_ text: String, to issue: Int64, audit: Int64, _ entry: AuditEntry) throws {
        insert.bind(issue, at: 1)
        insert.bind(audit, at: 2)
        insert.bind(entry.time, at: 3)
        insert.bind(entry.author, at: 4)
        insert.bind(text, at: 5)
        try insert.run()
        try refreshText(of: issue)
    }

    /// The note of one move; nothing where that was another one.
    func remove(from issue: Int64, audit: Int64) throws {
        delete.bind(issue, at: 1)
        delete.bind(audit, at: 2)
        try delete.run()
        if delete.changes > 0 { try refreshText(of: issue) }
    }

    private func refreshText(of issue: Int64) throws {
        texts.bind(issue, at: 1)
        let notes = try texts.all { SearchText.flat($0.text(0)) }
        refresh.bind(issue, at: 1)
        refresh.bind(notes.joined(separator: "\n"), at: 2)
        try refresh.run()
    }
}
