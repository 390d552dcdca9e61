package import Events
internal import GRDB
package import Triage

/// What happened in a stretch of time, for whoever takes over.
package struct PeriodReport: Sendable, Equatable {
    package var from: Timestamp
    package var to: Timestamp
    /// Events of the whole hours of the stretch.
    package var events: Int
    /// Those of them that no specific pack claimed.
    package var unmatchedEvents: Int
    /// Issues whose first event is in the stretch and that were not learned.
    package var newIssues: Int
    /// Moves by word, of people and of Margay.
    package var moves: [String: Int]
    /// Open issues that nobody has judged, at the end.
    package var inbox: Int
    /// From the first event of an issue to the first time somebody took it, over the issues taken in the stretch; nil
    /// where there were none. Seconds.
    package var meanSecondsToAcknowledge: Int?
    /// The same until somebody resolved it, over the issues resolved in the stretch.
    package var meanSecondsToResolve: Int?
    /// Events of each hour of UTC, oldest first; at most `hoursMax`, the latest of them.
    package var hours: [Int]
    /// Open issues that nobody has judged, the worst and then the latest first; at most `issuesMax`.
    package var waiting: [Line]
    /// Most events in the stretch first; at most `issuesMax`.
    package var busiest: [Line]
    /// Events and issues by pack, most events first.
    package var packs: [Pack]

    package struct Line: Sendable, Equatable {
        package var id: String
        package var title: String
        package var severity: Severity
        package var state: IssueState
        package var novelty: Novelty
        package var events: Int
    }

    package struct Pack: Sendable, Equatable {
        package var name: String
        package var issues: Int
        package var events: Int
    }

    package static let issuesMax = 10
    /// A fortnight.
    package static let hoursMax = 14 * 24
}

extension Archive {
    /// Of the hours that begin in `from ..< to`. Costs a pass over these hours.
    package func report(from: Timestamp, to: Timestamp) throws(ArchiveError) -> PeriodReport {
        try read { database in
            var report = PeriodReport(
                from: from, to: to, events: 0, unmatchedEvents: 0, newIssues: 0, moves: [:], inbox: 0,
                meanSecondsToAcknowledge: nil, meanSecondsToResolve: nil, hours: [], waiting: [], busiest: [], packs: []
            )
            func bound(_ sql: String, hours: Bool) throws -> BoundStatement {
                let statement = try BoundStatement(database, sql)
                statement.bind(hours ? from.hour : from.microseconds, at: 1)
                statement.bind(hours ? to.hour : to.microseconds, at: 2)
                return statement
            }
            report.packs = try bound(
                """
                SELECT pack, count(DISTINCT issue.number), sum(issue_hour.count)
                FROM issue_hour JOIN issue ON issue.number = issue_hour.issue
                WHERE hour BETWEEN ?1 AND ?2 AND merged_into IS NULL GROUP BY pack ORDER BY 3 DESC, 1
                """, hours: true
            ).all { PeriodReport.Pack(name: $0.text(0), issues: $0.int(1), events: $0.int(2)) }
            report.events = report.packs.reduce(0) { $0 + $1.events }
            report.unmatchedEvents = report.packs.first { $0.name == Ingest.corePack }?.events ?? 0
            report.busiest = try bound(
                """
                SELECT id, title, severity, state, novelty, sum(issue_hour.count)
                FROM issue_hour JOIN issue ON issue.number = issue_hour.issue
                WHERE hour BETWEEN ?1 AND ?2 AND merged_into IS NULL GROUP BY issue.number ORDER BY 6 DESC, id
                LIMIT \(PeriodReport.issuesMax)
                """, hours: true
            ).all(Archive.reportLine)
            report.waiting = try BoundStatement(
                database,
                """
                SELECT id, title, severity, state, novelty, count FROM issue
                WHERE novelty <> 'known' AND \(QuerySQL(.test(.mark(.inbox)), now: to).sql)
                ORDER BY severity DESC, last_seen DESC, number DESC LIMIT \(PeriodReport.issuesMax)
                """
            ).all(Archive.reportLine)
            report.hours = try Archive.hours(from: from, to: to, database)
            report.newIssues =
                try bound(
                    "SELECT count(*) FROM issue WHERE first_seen >= ?1 AND first_seen < ?2 AND is_learned = 0",
                    hours: false
                ).first { $0.int(0) } ?? 0
            let moves = try bound(
                """
                SELECT what, count(*) FROM audit WHERE time >= ?1 AND time < ?2
                    AND what NOT IN (\(AccessAudit.words)) GROUP BY what
                """, hours: false)
            while try moves.step() { report.moves[moves.text(0)] = moves.int(1) }
            report.inbox =
                try BoundStatement(
                    database, "SELECT count(*) FROM issue WHERE \(QuerySQL(.test(.mark(.inbox)), now: to).sql)"
                ).first { $0.int(0) } ?? 0
            func mean(_ words: String) throws -> Int? {
                let taken = try bound(
                    """
                    SELECT avg(max(0, taken - first_seen)) FROM (
                        SELECT min(audit.time) AS taken, first_seen FROM audit_issue
                        JOIN audit ON audit.number = audit_issue.audit JOIN issue ON issue.number = audit_issue.issue
                        WHERE what IN (\(words)) AND who <> 'margay' AND is_undone = 0 GROUP BY audit_issue.issue)
                    WHERE taken >= ?1 AND taken < ?2
                    """, hours: false)
                return try taken.first { row in
                    row.isNull(0) ? nil : Int(row.integer(0) / Timestamp.microsecondsPerSecond)
                } ?? nil
            }
            report.meanSecondsToAcknowledge = try mean("'ack', 'assign'")
            report.meanSecondsToResolve = try mean("'resolve'")
            return report
        }
    }

    private static func reportLine(_ row: BoundStatement) throws -> PeriodReport.Line {
        PeriodReport.Line(
            id: row.text(0), title: row.text(1), severity: try row.severity(2), state: try row.word(3),
            novelty: try row.word(4), events: row.int(5))
    }

    private static func hours(from: Timestamp, to: Timestamp, _ database: Database) throws -> [Int] {
        let first = max(from.hour, to.hour - Int64(PeriodReport.hoursMax - 1))
        guard first <= to.hour else { return [] }
        var counts = [Int](repeating: 0, count: Int(to.hour - first) + 1)
        let statement = try BoundStatement(
            database,
            """
            SELECT hour, sum(issue_hour.count) FROM issue_hour JOIN issue ON issue.number = issue_hour.issue
            WHERE hour BETWEEN ?1 AND ?2 AND merged_into IS NULL GROUP BY hour
            """)
        statement.bind(first, at: 1)
        statement.bind(to.hour, at: 2)
        while try statement.step() { counts[Int(statement.integer(0) - first)] = statement.int(1) }
        return counts
    }
}
