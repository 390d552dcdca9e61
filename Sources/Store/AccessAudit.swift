internal import Events
internal import GRDB

/// Writes what is done to users, sessions, tokens and packs into the audit trail. No secret and no hash gets into it.
struct AccessAudit {
    /// What it calls the things that were done.
    enum Word: String, CaseIterable {
        case signIn = "sign-in"
        case signOut = "sign-out"
        case setupLink = "setup-link"
        case userAdd = "user-add"
        case userRole = "user-role"
        case userPassword = "user-password"
        case userEnable = "user-enable"
        case userDisable = "user-disable"
        case userRemove = "user-remove"
        case tokenAdd = "token-add"
        case tokenRemove = "token-remove"
        case patternAdd = "pattern-add"
    }

    /// All of them, for SQL: what is no move of an issue.
    static let words = Word.allCases.map { "'\($0.rawValue)'" }.joined(separator: ", ")

    private let database: Database
    private let author: String
    private let now: Timestamp

    init(_ database: Database, by author: String, now: Timestamp) {
        self.database = database
        self.author = author
        self.now = now
    }

    /// - Parameter detail: whose.
    func write(_ what: Word, _ detail: String, before: String? = nil, after: String? = nil) throws {
        let insert = try BoundStatement(
            database, "INSERT INTO audit (time, who, what, before, after, detail) VALUES (?1, ?2, ?3, ?4, ?5, ?6)")
        insert.bind(now, at: 1)
        insert.bind(author, at: 2)
        insert.bind(what.rawValue, at: 3)
        insert.bind(before, at: 4)
        insert.bind(after, at: 5)
        insert.bind(detail, at: 6)
        try insert.run()
    }
}
