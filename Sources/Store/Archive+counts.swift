package import Events
internal import GRDB
package import Triage

/// The whole store in a few numbers, for `margay status`.
package struct StoreCounts: Sendable, Equatable {
    /// Issues in each state, those that are merged into others left out; a state without issues is absent.
    package var issues: [IssueState: Int]
    /// Open issues of each severity; a severity without issues is absent.
    package var open: [Severity: Int]
    /// Open issues that are news: any novelty but `known`.
    package var unjudged: Int
    /// Events ever counted, over all nodes.
    package var events: Int
    /// By name.
    package var nodes: [NodeStatus]
    /// Files in each state; a state without files is absent.
    package var files: [FileState: Int]
    /// Bytes of log given up, over all files.
    package var bytesLost: Int64
    /// Messages of inputs that are no files given up.
    package var messagesLost: Int64 = 0
    /// Bytes of the database, without its write-ahead log.
    package var databaseBytes: Int64
}

/// The latest word of one node.
package struct NodeStatus: Sendable, Equatable {
    package var name: String
    package var sequence: UInt64
    /// When its latest batch was closed, by its own clock.
    package var batchTime: Timestamp
    package var events: Int
}

extension Archive {
    /// Of one moment. Issues of one state and severity are counted no further than `most`: without it, it costs a pass
    /// over an index of all issues.
    package func counts(atMost most: Int = .max) throws(ArchiveError) -> StoreCounts {
        try read { database in
            var counts = StoreCounts(
                issues: [:], open: [:], unjudged: 0, events: 0, nodes: [], files: [:], bytesLost: 0, databaseBytes: 0)
            try Archive.countIssues(database, atMost: most, into: &counts)
            let files = try BoundStatement(
                database, "SELECT state, count(*), sum(bytes_lost), sum(messages_lost) FROM file GROUP BY state")
            while try files.step() {
                counts.files[FileState(rawValue: files.text(0)) ?? .following, default: 0] += files.int(1)
                counts.bytesLost += files.integer(2)
                counts.messagesLost += files.integer(3)
            }
            let unread = try BoundStatement(database, "SELECT state, count(*) FROM unread GROUP BY state")
            while try unread.step() {
                counts.files[FileState(rawValue: unread.text(0)) ?? .unreadable, default: 0] += unread.int(1)
            }
            let forgotten = try BoundStatement(
                database, "SELECT sum(bytes_lost_forgotten), sum(unread_more) FROM node")
            if let (lost, more) = try forgotten.first({ ($0.integer(0), $0.int(1)) }) {
                counts.bytesLost += lost
                if more > 0 { counts.files[.skipped, default: 0] += more }
            }
            let nodes = try BoundStatement(
                database, "SELECT name, sequence, batch_time, events_total FROM node ORDER BY name")
            counts.nodes = try nodes.all { row in
                NodeStatus(name: row.text(0), sequence: row.bits(1), batchTime: row.time(2), events: row.int(3))
            }
            counts.events = counts.nodes.reduce(0) { $0 + $1.events }
            let pages = try BoundStatement(
                database, "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")
            counts.databaseBytes = try pages.first { $0.integer(0) } ?? 0
            return counts
        }
    }

    /// From indexes alone: a pass over the issues themselves takes seconds where there are a million.
    private static func countIssues(_ database: Database, atMost most: Int, into counts: inout StoreCounts) throws {
        let parts = try partCounts(database)
        let statement = try BoundStatement(
            database,
            """
            SELECT count(*) FROM (
                SELECT 1 FROM issue INDEXED BY issue_by_severity WHERE state = ?1 AND severity = ?2 LIMIT ?3)
            """)
        for state in IssueState.allCases {
            statement.bind(state.rawValue, at: 1)
            for severity in Severity.allCases {
                let part = parts[state]?[severity] ?? 0
                statement.bind(severity.rawValue, at: 2)
                statement.bind(min(most, .max - part) + part, at: 3)
                let number = (try statement.first { $0.int(0) } ?? 0) - part
                guard number > 0 else { continue }
                counts.issues[state, default: 0] += number
                if state == .open { counts.open[severity] = number }
            }
        }
        let unjudged = try BoundStatement(
            database,
            """
            SELECT count(*) FROM (
                SELECT 1 FROM issue INDEXED BY issue_by_news
                WHERE novelty <> 'known' AND novelty IN (\(QuerySQL.newsWords)) AND state = 'open'
                AND severity IN (\(QuerySQL.newsGrades)) AND merged_into IS NULL LIMIT ?1)
            """)
        unjudged.bind(most, at: 1)
        counts.unjudged = try unjudged.first { $0.int(0) } ?? 0
    }

    /// Issues that are counted into others: few, and in an index of their own.
    private static func partCounts(_ database: Database) throws -> [IssueState: [Severity: Int]] {
        let statement = try BoundStatement(
            database,
            """
            SELECT state, severity, count(*) FROM issue INDEXED BY issue_by_part WHERE merged_into IS NOT NULL
            GROUP BY state, severity
            """)
        var parts: [IssueState: [Severity: Int]] = [:]
        while try statement.step() {
            parts[try statement.word(0), default: [:]][try statement.severity(1)] = statement.int(2)
        }
        return parts
    }
}

extension Archive {
    /// The name of the newest migration that this program knows.
    package static var schemaVersion: String { Schema.migrations.last?.name ?? "none" }
}
