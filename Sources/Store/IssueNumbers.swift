internal import Events
internal import GRDB

/// Finds issues by what people call them: an id, a beginning of it, a fingerprint or a beginning of that.
struct IssueNumbers {
    struct Found {
        var number: Int64
        var id: String
        var title: String
        var count: Int
    }

    private static let columns = "number, id, title, count"
    private let exact: BoundStatement
    private let near: BoundStatement
    private let byNumber: BoundStatement

    init(_ database: Database) throws {
        exact = try BoundStatement(database, "SELECT \(IssueNumbers.columns) FROM issue WHERE id = ?1")
        near = try BoundStatement(
            database,
            """
            SELECT \(IssueNumbers.columns) FROM issue
            WHERE fingerprint BETWEEN ?1 AND ?2 AND (?3 IS NULL OR fingerprint_version = ?3) LIMIT 2
            """)
        byNumber = try BoundStatement(database, "SELECT \(IssueNumbers.columns) FROM issue WHERE number = ?1")
    }

    /// The only issue that is called so; nil where there is none, or several.
    func find(_ text: String) throws -> Found? {
        exact.bind(IssueReader.upper(text), at: 1)
        if let found = try exact.first(IssueNumbers.found) { return found }
        guard let range = FingerprintRange(text) else { return nil }
        near.bind(high: range.lowest.high, low: range.lowest.low, at: 1)
        near.bind(high: range.highest.high, low: range.highest.low, at: 2)
        near.bind(range.version.map(Int64.init), at: 3)
        let found = try near.all(IssueNumbers.found)
        return found.count == 1 ? found[0] : nil
    }

    func found(_ number: Int64) throws -> Found? {
        byNumber.bind(number, at: 1)
        return try byNumber.first(IssueNumbers.found)
    }

    private static func found(_ row: BoundStatement) -> Found {
        Found(number: row.integer(0), id: row.text(1), title: row.text(2), count: row.int(3))
    }
}
