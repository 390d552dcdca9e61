package import Events
internal import GRDB
package import Triage

/// What people did with one issue and said about it.
package struct IssueStory: Sendable, Equatable {
    package var standing: IssueStanding
    /// Every move, by people and by events, oldest first; at most `movesMax`, the latest of them.
    package var moves: [Move]
    /// Oldest first.
    package var notes: [Note]
    /// Ids of the issues that are part of this one, by id; at most `partsMax`.
    package var parts: [String]
    /// Names of the sources it was seen in, by name.
    package var sources: [String]
    /// It came while its source was learned.
    package var isLearned: Bool
    /// It was made of messages that differ in one word; its parts are those that had been issues before.
    package var isFamily: Bool

    package struct Move: Sendable, Equatable {
        package var time: Timestamp
        package var author: String
        package var what: String
        package var detail: String?
        package var reason: String?
        /// State words; nil where the move changed none.
        package var from: IssueState?
        package var to: IssueState?
        package var isUndone: Bool
    }

    package struct Note: Sendable, Equatable {
        package var time: Timestamp
        package var author: String
        package var text: String
    }

    package static let movesMax = 200
    package static let partsMax = 100
}

extension Archive {
    /// The story of the issue with exactly that id; nil where there is none.
    package func story(id: String) throws(ArchiveError) -> IssueStory? {
        try read { database in
            let find = try BoundStatement(database, "SELECT number, is_learned, is_family FROM issue WHERE id = ?1")
            find.bind(id, at: 1)
            let found = try find.first { row in
                (number: row.integer(0), isLearned: row.integer(1) != 0, isFamily: row.integer(2) != 0)
            }
            guard let found else { return nil }
            return IssueStory(
                standing: try StandingTable(database).standing(of: found.number),
                moves: try Archive.moves(of: found.number, database),
                notes: try Archive.notes(of: found.number, database),
                parts: try Archive.texts(
                    "SELECT id FROM issue WHERE merged_into = ?1 ORDER BY id LIMIT \(IssueStory.partsMax)",
                    found.number, database),
                sources: try Archive.texts(
                    """
                    SELECT DISTINCT source FROM issue_stream JOIN stream ON stream.number = stream
                    WHERE issue = ?1 AND source IS NOT NULL ORDER BY source
                    """, found.number, database), isLearned: found.isLearned, isFamily: found.isFamily)
        }
    }

    private static func moves(of issue: Int64, _ database: Database) throws -> [IssueStory.Move] {
        let statement = try BoundStatement(
            database,
            """
            SELECT audit.time, who, what, detail, reason, audit_issue.before, audit_issue.after, is_undone
            FROM audit_issue JOIN audit ON audit.number = audit_issue.audit
            WHERE audit_issue.issue = ?1 ORDER BY audit DESC LIMIT \(IssueStory.movesMax)
            """)
        statement.bind(issue, at: 1)
        return try statement.all { row in
            let entry = try IssueMoves.entry(row)
            let isSame = entry.before.state == entry.after.state
            return IssueStory.Move(
                time: entry.time, author: entry.author, what: entry.what, detail: entry.detail, reason: entry.reason,
                from: isSame ? nil : entry.before.state, to: isSame ? nil : entry.after.state,
                isUndone: row.integer(7) != 0 && entry.what != Lifecycle.undoWord)
        }.reversed()
    }

    private static func notes(of issue: Int64, _ database: Database) throws -> [IssueStory.Note] {
        let statement = try BoundStatement(
            database, "SELECT time, who, text FROM note WHERE issue = ?1 ORDER BY number")
        statement.bind(issue, at: 1)
        return try statement.all { IssueStory.Note(time: $0.time(0), author: $0.text(1), text: $0.text(2)) }
    }

    private static func texts(_ sql: String, _ number: Int64, _ database: Database) throws -> [String] {
        let statement = try BoundStatement(database, sql)
        statement.bind(number, at: 1)
        return try statement.all { $0.text(0) }
    }
}
