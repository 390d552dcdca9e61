package import Events
internal import GRDB

/// What the store has seen of one pattern.
package struct PatternHits: Sendable, Equatable {
    package var pack: String
    package var pattern: String
    package var issues: Int
    /// Events ever, and of the last 24 clock hours.
    package var events: Int
    package var eventsOfDay: Int
    package var lastSeen: Timestamp
}

extension Archive {
    /// The hits of each pattern that has any, by pack and pattern. Costs a pass over the issues.
    package func patternHits(now: Timestamp) throws(ArchiveError) -> [PatternHits] {
        try read { database in
            let all = try BoundStatement(
                database,
                """
                SELECT pack, pattern, count(*), sum(count), max(last_seen) FROM issue WHERE merged_into IS NULL
                GROUP BY pack, pattern ORDER BY pack, pattern
                """)
            var hits = try all.all { row in
                PatternHits(
                    pack: row.text(0), pattern: row.text(1), issues: row.int(2), events: row.int(3), eventsOfDay: 0,
                    lastSeen: row.time(4))
            }
            let recent = try BoundStatement(
                database,
                """
                SELECT pack, pattern, sum(issue_hour.count)
                FROM issue JOIN issue_hour ON issue_hour.issue = issue.number
                WHERE last_seen >= ?1 AND merged_into IS NULL AND hour BETWEEN ?2 AND ?3 GROUP BY pack, pattern
                """)
            recent.bind(Timestamp(seconds: (now.hour - 23) * 3_600), at: 1)
            recent.bind(now.hour - 23, at: 2)
            recent.bind(now.hour, at: 3)
            var ofDay: [String: Int] = [:]
            while try recent.step() { ofDay["\(recent.text(0))\0\(recent.text(1))"] = recent.int(2) }
            for place in hits.indices {
                hits[place].eventsOfDay = ofDay["\(hits[place].pack)\0\(hits[place].pattern)"] ?? 0
            }
            return hits
        }
    }
}

extension Archive {
    /// Names of the packs that issues belong to, by name.
    package func packNames() throws(ArchiveError) -> [String] {
        try read { database in
            // One step a name, by the index, however many issues there are.
            let statement = try BoundStatement(
                database,
                """
                WITH RECURSIVE name(pack) AS (
                    SELECT min(pack) FROM issue
                    UNION ALL SELECT (SELECT min(pack) FROM issue WHERE issue.pack > name.pack) FROM name
                    WHERE name.pack IS NOT NULL)
                SELECT pack FROM name WHERE pack IS NOT NULL
                """)
            return try statement.all { $0.text(0) }
        }
    }
}
