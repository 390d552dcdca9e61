package import Events
internal import GRDB

/// What the store has seen of one pattern.
package struct PatternHits: Sendable, Equatable {
    package var pack: String
    package var pattern: String
    /// At most `issuesMax`: further ones are not counted.
    package var issues: Int
    /// Events ever, of the last 24 clock hours, and of the last 30 days of UTC.
    package var events: Int
    package var eventsOfDay: Int
    package var eventsOfMonth: Int
    package var lastSeen: Timestamp

    /// Issues of a pattern beyond which nobody counts.
    package static let issuesMax = 10_000

    /// Whether there may be more issues than `issues` says.
    package var isCut: Bool { issues >= PatternHits.issuesMax }
}

/// How much of what was counted of a source in the last 30 days only the pack `core` knew.
package struct UnknownShare: Sendable, Equatable {
    package var node: String
    package var source: String
    /// Events of any pack, and of `core`.
    package var events: Int
    package var unknown: Int
    /// Packs that had some of them, by name.
    package var packs: [String]

    package init(node: String, source: String, events: Int, unknown: Int, packs: [String]) {
        self.node = node
        self.source = source
        self.events = events
        self.unknown = unknown
        self.packs = packs
    }
}

extension Archive {
    /// The hits of each pattern that has any, by pack and pattern; of one pack, or of all. Costs a few rows a pattern,
    /// not a pass over the issues.
    package func patternHits(pack: String? = nil, now: Timestamp) throws(ArchiveError) -> [PatternHits] {
        try read { database in
            let ofDay = try Archive.events(
                database, "pattern_hour WHERE hour BETWEEN ?1 AND ?2", pack, now.hour - 23, now.hour)
            let ofMonth = try Archive.events(
                database, "pattern_day WHERE day BETWEEN ?1 AND ?2", pack, now.hour.day - 29, now.hour.day)
            let all = try BoundStatement(
                database,
                """
                SELECT pack, pattern, count, last_seen, (SELECT count(*) FROM (
                    SELECT 1 FROM issue WHERE issue.pack = pattern_tally.pack AND issue.pattern = pattern_tally.pattern
                        AND merged_into IS NULL LIMIT \(PatternHits.issuesMax)))
                FROM pattern_tally WHERE ?1 IS NULL OR pack = ?1 ORDER BY pack, pattern
                """)
            all.bind(pack, at: 1)
            return try all.all { row in
                let key = "\(row.text(0))\0\(row.text(1))"
                return PatternHits(
                    pack: row.text(0), pattern: row.text(1), issues: row.int(4), events: row.int(2),
                    eventsOfDay: ofDay[key] ?? 0, eventsOfMonth: ofMonth[key] ?? 0, lastSeen: row.time(3))
            }
        }
    }

    private static func events(
        _ database: Database, _ span: String, _ pack: String?, _ first: Int64, _ last: Int64
    ) throws -> [String: Int] {
        let statement = try BoundStatement(
            database,
            "SELECT pack, pattern, sum(count) FROM \(span) AND (?3 IS NULL OR pack = ?3) GROUP BY pack, pattern")
        statement.bind(first, at: 1)
        statement.bind(last, at: 2)
        statement.bind(pack, at: 3)
        var events: [String: Int] = [:]
        while try statement.step() { events["\(statement.text(0))\0\(statement.text(1))"] = statement.int(2) }
        return events
    }

    /// Sources with events in the last 30 days, by node and name. What belongs to no source is left out.
    package func unknownShares(now: Timestamp) throws(ArchiveError) -> [UnknownShare] {
        try read { database in
            let statement = try BoundStatement(
                database,
                """
                SELECT node.name, source, pack, sum(count)
                FROM source_day JOIN node ON node.number = source_day.node
                WHERE day BETWEEN ?1 AND ?2 GROUP BY node.name, source, pack ORDER BY node.name, source, pack
                """)
            statement.bind(now.hour.day - 29, at: 1)
            statement.bind(now.hour.day, at: 2)
            var shares: [UnknownShare] = []
            while try statement.step() {
                let (node, source, pack) = (statement.text(0), statement.text(1), statement.text(2))
                if shares.last?.node != node || shares.last?.source != source {
                    shares.append(UnknownShare(node: node, source: source, events: 0, unknown: 0, packs: []))
                }
                shares[shares.count - 1].events += statement.int(3)
                if pack == Ingest.corePack { shares[shares.count - 1].unknown += statement.int(3) }
                shares[shares.count - 1].packs.append(pack)
            }
            return shares
        }
    }
}

extension Archive {
    /// Names of the packs that issues belong to, by name.
    package func packNames() throws(ArchiveError) -> [String] {
        try read { database in
            try BoundStatement(database, "SELECT DISTINCT pack FROM pattern_tally ORDER BY pack").all { $0.text(0) }
        }
    }
}
