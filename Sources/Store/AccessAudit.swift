internal import Events
internal import GRDB

/// Writes what is done to users, sessions and tokens into the audit trail. No secret and no hash gets into it.
struct AccessAudit {
    private let database: Database
    private let author: String
    private let now: Timestamp

    init(_ database: Database, by author: String, now: Timestamp) {
        self.database = database
        self.author = author
        self.now = now
    }

    /// - Parameters:
    ///   - what: a word such as `user-role`.
    ///   - detail: whose.
    func write(_ what: String, _ detail: String, before: String? = nil, after: String? = nil) throws {
        let insert = try BoundStatement(
            database, "INSERT INTO audit (time, who, what, before, after, detail) VALUES (?1, ?2, ?3, ?4, ?5, ?6)")
        insert.bind(now, at: 1)
        insert.bind(author, at: 2)
        insert.bind(what, at: 3)
        insert.bind(before, at: 4)
        insert.bind(after, at: 5)
        insert.bind(detail, at: 6)
        try insert.run()
    }
}
