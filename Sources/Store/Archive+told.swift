package import Events
package import Triage

/// A notice about an issue: what was told, or why it was not told by itself.
package struct ToldNotice: Sendable, Equatable {
    package var time: Timestamp
    package var novelty: Novelty
    package var reason: String
    /// Why it waits for a summary; nil where it was told by itself.
    package var held: String?

    package init(time: Timestamp, novelty: Novelty, reason: String, held: String?) {
        self.time = time
        self.novelty = novelty
        self.reason = reason
        self.held = held
    }
}

extension Archive {
    /// Notices that are said of one issue at most.
    package static let toldMax = 10

    /// The latest notices about an issue, by its id, at most `limit`, the latest first; as far back as the outbox is kept.
    package func told(id: String, limit: Int = Archive.toldMax) throws(ArchiveError) -> [ToldNotice] {
        try read { database in
            let statement = try BoundStatement(
                database,
                """
                SELECT time, novelty, reason, held FROM outbox
                WHERE issue = (SELECT number FROM issue WHERE id = ?1) ORDER BY number DESC LIMIT ?2
                """)
            statement.bind(id, at: 1)
            statement.bind(limit, at: 2)
            return try statement.all { row in
                ToldNotice(
                    time: row.time(0), novelty: try row.word(1), reason: row.text(2),
                    held: row.isNull(3) ? nil : row.text(3))
            }
        }
    }
}
