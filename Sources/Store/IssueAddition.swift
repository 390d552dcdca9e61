internal import GRDB

/// Adds an issue of an old store to the same one of a new store.
struct IssueAddition {
    /// What people decide: the columns of an `IssueStanding`, but for what it is part of.
    private static let standing = [
        "state", "state_version", "state_time", "state_by", "novelty", "novelty_reason", "novelty_judged", "owner",
        "ignore_until", "is_automatic", "reference", "is_learned",
    ]

    private let select: BoundStatement
    private let count: BoundStatement
    private let stand: BoundStatement
    private let columns: [String]

    init(from old: Database, into new: Database) throws {
        let known = Set(try BoundStatement(old, "SELECT name FROM pragma_table_info('issue')").all { $0.text(0) })
        let columns = IssueAddition.standing.filter(known.contains)
        self.columns = columns
        select = try BoundStatement(
            old, "SELECT count, first_seen, last_seen, \(columns.joined(separator: ", ")) FROM issue WHERE number = ?1")
        count = try BoundStatement(
            new,
            """
            UPDATE issue SET count = count + ?2, first_seen = min(first_seen, ?3), last_seen = max(last_seen, ?4)
            WHERE number = ?1
            """)
        let list = columns.enumerated().map { "\($0.element) = ?\($0.offset + 2)" }.joined(separator: ", ")
        stand = try BoundStatement(new, "UPDATE issue SET \(list) WHERE number = ?1")
    }

    /// Returns whether the old issue could be read.
    func add(_ issue: Int64, to place: Int64, takesStanding: Bool) throws -> Bool {
        select.bind(issue, at: 1)
        defer { select.rewind() }
        do {
            guard try select.step() else { return false }
        } catch let error as DatabaseError where error.isDamage {
            return false
        }
        count.bind(place, at: 1)
        for column in 0..<3 as Range<Int32> { count.bind(column: column, of: select, at: column + 2) }
        try count.run()
        guard takesStanding else { return true }
        stand.bind(place, at: 1)
        for column in 0..<Int32(columns.count) { stand.bind(column: column + 3, of: select, at: column + 2) }
        try stand.run()
        return true
    }
}
