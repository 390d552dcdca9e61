package import Events
internal import GRDB
package import Triage

/// How one source stands with learning.
package struct SourceStatus: Sendable, Equatable {
    package var node: String
    package var name: String
    package var learning: SourceLearning
    package var grouping: GroupingQuality
    /// Notices held back for summaries, ever.
    package var held: Int
}

extension Archive {
    /// The sources that were followed with learning on, by node and name.
    package func sources() throws(ArchiveError) -> [SourceStatus] {
        try read { database in
            let statement = try BoundStatement(
                database,
                """
                SELECT node.name, source.name, learning, grouping, held
                FROM source JOIN node ON node.number = source.node
                ORDER BY node.name, source.name
                """)
            return try statement.all { row in
                SourceStatus(
                    node: row.text(0), name: row.text(1), learning: try JSONColumn.decode(row.text(2)),
                    grouping: try JSONColumn.decode(row.text(3)), held: row.int(4))
            }
        }
    }

    /// Ends learning of the source of that name, on every node, or of all. Returns the names of those that ended now.
    package func acceptLearned(
        _ name: String?, by author: String, now: Timestamp
    ) throws(ArchiveError) -> [String] {
        try change(keeps: true) { database in
            let find = try BoundStatement(
                database, "SELECT node, name, learning FROM source WHERE ?1 IS NULL OR name = ?1 ORDER BY name, node")
            find.bind(name, at: 1)
            let found = try find.all { row in
                (
                    node: row.integer(0), name: row.text(1),
                    learning: try JSONColumn.decode(row.text(2)) as SourceLearning
                )
            }
            let save = try BoundStatement(database, "UPDATE source SET learning = ?3 WHERE node = ?1 AND name = ?2")
            var ended: [String] = []
            for (node, name, learning) in found where learning.isLearning {
                var learning = learning
                learning.end("accepted by \(author)", now: now)
                save.bind(node, at: 1)
                save.bind(name, at: 2)
                save.bind(try JSONColumn.encode(learning), at: 3)
                try save.run()
                ended.append(name)
            }
            return ended
        }
    }

    /// Takes fingerprints as known under the name of a baseline: their first event is no news. Those that the store has
    /// as issues stay as they are. Returns how many are known now that were not.
    package func addBaseline(_ fingerprints: [Fingerprint], name: String) throws(ArchiveError) -> Int {
        try change(keeps: true) { database in
            let insert = try BoundStatement(
                database,
                """
                INSERT OR IGNORE INTO baseline (fingerprint, fingerprint_version, name)
                SELECT ?1, ?2, ?3 WHERE NOT EXISTS (
                    SELECT 1 FROM issue WHERE fingerprint = ?1 AND fingerprint_version = ?2)
                """)
            var added = 0
            for fingerprint in fingerprints {
                insert.bind(high: fingerprint.high, low: fingerprint.low, at: 1)
                insert.bind(Int64(fingerprint.version), at: 2)
                insert.bind(name, at: 3)
                try insert.run()
                added += insert.changes
            }
            return added
        }
    }

    /// Every fingerprint that would be no news: of issues, with their titles, and of baselines, with their names. In the
    /// order of the keys.
    package func knownFingerprints() throws(ArchiveError) -> [(fingerprint: Fingerprint, title: String)] {
        try read { database in
            let statement = try BoundStatement(
                database,
                """
                SELECT fingerprint, fingerprint_version, title FROM issue
                UNION ALL SELECT fingerprint, fingerprint_version, name FROM baseline ORDER BY 1, 2
                """)
            return try statement.all { (fingerprint: try $0.fingerprint(0, version: 1), title: $0.text(2)) }
        }
    }

    /// Fingerprints of each baseline, by name.
    package func baselines() throws(ArchiveError) -> [(name: String, count: Int)] {
        try read { database in
            let statement = try BoundStatement(
                database, "SELECT name, count(*) FROM baseline GROUP BY name ORDER BY name")
            return try statement.all { (name: $0.text(0), count: $0.int(1)) }
        }
    }
}
