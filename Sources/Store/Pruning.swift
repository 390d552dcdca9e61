internal import GRDB

/// Drops what is kept of an issue that is out of use; its fingerprint, id, standing, notes and history stay, so that it
/// is never new again.
struct Pruning {
    /// The issues of a span of numbers (?2 to ?3) that are out of use: not seen since ?1, and nobody has to judge them.
    static let dueSQL = """
        SELECT number FROM issue WHERE number BETWEEN ?2 AND ?3 AND max(last_seen, received) < ?1 AND is_forgotten = 0
            AND (state <> 'open' OR novelty IN ('known', 'rare'))
        """

    private let samples: BoundStatement
    private let counts: [BoundStatement]
    private let text: BoundStatement
    private let mark: BoundStatement

    init(_ database: Database) throws {
        samples = try BoundStatement(database, "DELETE FROM sample WHERE number BETWEEN ?1 AND ?2")
        counts = try ["issue_hour", "issue_day"].map { table in
            try BoundStatement(database, "DELETE FROM \(table) WHERE issue = ?1")
        }
        text = try BoundStatement(database, "UPDATE issue_text SET excerpt = '' WHERE rowid = ?1")
        mark = try BoundStatement(database, "UPDATE issue SET is_forgotten = 1 WHERE number = ?1")
    }

    func prune(_ issue: Int64, _ report: inout PruneReport) throws {
        let numbers = SampleTable.numbers(of: issue)
        samples.bind(numbers.lowerBound, at: 1)
        samples.bind(numbers.upperBound, at: 2)
        try samples.run()
        report.samples += samples.changes
        for statement in counts {
            statement.bind(issue, at: 1)
            try statement.run()
            report.hours += statement.changes
        }
        for statement in [text, mark] {
            statement.bind(issue, at: 1)
            try statement.run()
        }
        report.issues += 1
    }
}
