internal import GRDB

/// Makes an issue part of another, and takes it out again: the counts of the part are added to those of the whole, and
/// what is counted for the part later goes to both.
///
/// A split gives the whole back what is its own: count, hours, days, nodes, files. Its first and last event stay as
/// they are, since of those nothing but the extremes is kept. Samples stay with the issue that they were taken for.
struct IssueParts {
    private let database: Database

    init(_ database: Database) { self.database = database }

    func add(_ part: Int64, to whole: Int64) throws {
        try run(
            [
                """
                UPDATE issue SET (count, first_seen, last_seen) = (SELECT issue.count + part.count,
                    min(issue.first_seen, part.first_seen), max(issue.last_seen, part.last_seen)
                    FROM issue AS part WHERE part.number = ?1)
                WHERE number = ?2
                """,
                """
                INSERT INTO issue_hour (issue, hour, count) SELECT ?2, hour, count FROM issue_hour WHERE issue = ?1
                ON CONFLICT (issue, hour) DO UPDATE SET count = issue_hour.count + excluded.count
                """,
                """
                INSERT INTO issue_day (issue, day, count) SELECT ?2, day, count FROM issue_day WHERE issue = ?1
                ON CONFLICT (issue, day) DO UPDATE SET count = issue_day.count + excluded.count
                """,
                """
                INSERT INTO issue_node (issue, node, count, first_seen, last_seen)
                    SELECT ?2, node, count, first_seen, last_seen FROM issue_node WHERE issue = ?1
                ON CONFLICT (issue, node) DO UPDATE SET count = issue_node.count + excluded.count,
                    first_seen = min(issue_node.first_seen, excluded.first_seen),
                    last_seen = max(issue_node.last_seen, excluded.last_seen)
                """,
                """
                INSERT INTO issue_stream (issue, stream, count, last_seen)
                    SELECT ?2, stream, count, last_seen FROM issue_stream WHERE issue = ?1
                ON CONFLICT (issue, stream) DO UPDATE SET count = issue_stream.count + excluded.count,
                    last_seen = max(issue_stream.last_seen, excluded.last_seen)
                """,
            ], part: part, whole: whole)
    }

    func remove(_ part: Int64, from whole: Int64) throws {
        try run(
            [
                """
                UPDATE issue SET count = count - (SELECT part.count FROM issue AS part WHERE part.number = ?1)
                WHERE number = ?2
                """,
                // Hours that the whole has folded into days meanwhile are taken from these.
                """
                UPDATE issue_day SET count = count - (SELECT sum(part.count) FROM issue_hour AS part
                    WHERE part.issue = ?1 AND part.hour / 24 = issue_day.day AND NOT EXISTS (
                        SELECT 1 FROM issue_hour AS own WHERE own.issue = ?2 AND own.hour = part.hour))
                WHERE issue = ?2 AND EXISTS (SELECT 1 FROM issue_hour AS part
                    WHERE part.issue = ?1 AND part.hour / 24 = issue_day.day AND NOT EXISTS (
                        SELECT 1 FROM issue_hour AS own WHERE own.issue = ?2 AND own.hour = part.hour))
                """,
                """
                UPDATE issue_hour SET count = issue_hour.count - part.count FROM issue_hour AS part
                WHERE issue_hour.issue = ?2 AND part.issue = ?1 AND part.hour = issue_hour.hour
                """,
                """
                UPDATE issue_day SET count = issue_day.count - part.count FROM issue_day AS part
                WHERE issue_day.issue = ?2 AND part.issue = ?1 AND part.day = issue_day.day
                """,
                """
                UPDATE issue_node SET count = issue_node.count - part.count FROM issue_node AS part
                WHERE issue_node.issue = ?2 AND part.issue = ?1 AND part.node = issue_node.node
                """,
                """
                UPDATE issue_stream SET count = issue_stream.count - part.count FROM issue_stream AS part
                WHERE issue_stream.issue = ?2 AND part.issue = ?1 AND part.stream = issue_stream.stream
                """,
                "DELETE FROM issue_hour WHERE issue = ?2 AND count <= 0 AND ?1 = ?1",
                "DELETE FROM issue_day WHERE issue = ?2 AND count <= 0 AND ?1 = ?1",
                "DELETE FROM issue_node WHERE issue = ?2 AND count <= 0 AND ?1 = ?1",
                "DELETE FROM issue_stream WHERE issue = ?2 AND count <= 0 AND ?1 = ?1",
            ], part: part, whole: whole)
    }

    /// Drops all that is kept of an issue but its fingerprint, id and standing.
    func forget(_ issue: Int64) throws {
        try run(
            [
                "DELETE FROM issue_hour WHERE issue = ?1 AND ?1 = ?2",
                "DELETE FROM issue_day WHERE issue = ?1 AND ?1 = ?2",
                "DELETE FROM issue_node WHERE issue = ?1 AND ?1 = ?2",
                "DELETE FROM issue_stream WHERE issue = ?1 AND ?1 = ?2",
                "DELETE FROM note WHERE issue = ?1 AND ?1 = ?2",
                """
                DELETE FROM sample WHERE number BETWEEN ?1 * \(SampleTable.slots)
                    AND ?2 * \(SampleTable.slots) + \(SampleTable.slots - 1)
                """,
                "UPDATE issue SET count = 0, title = pattern, pack_title = NULL WHERE number = ?1 AND ?1 = ?2",
            ], part: issue, whole: issue)
        let title = try BoundStatement(database, "SELECT title FROM issue WHERE number = ?1")
        title.bind(issue, at: 1)
        let flat = SearchText.flat(try title.first { $0.text(0) } ?? "")
        let search = try BoundStatement(
            database, "UPDATE issue_text SET title = ?2, excerpt = '', notes = '' WHERE rowid = ?1")
        search.bind(issue, at: 1)
        search.bind(flat, at: 2)
        try search.run()
    }

    private func run(_ statements: [String], part: Int64, whole: Int64) throws {
        for sql in statements {
            let statement = try BoundStatement(database, sql)
            statement.bind(part, at: 1)
            statement.bind(whole, at: 2)
            try statement.run()
        }
    }
}
