internal import GRDB

/// Copies what hangs on an issue from one store to another: counts by hour, day, node and file are added, samples are
/// taken where the issue is new there.
struct IssueChildren {
    private let tables: [(name: String, copy: TableCopy)]
    private let samples: TableCopy
    private let nodes: [Int64: Int64]
    private let streams: [Int64: Int64]

    init(from old: Database, into new: Database, nodes: [Int64: Int64], streams: [Int64: Int64]) throws {
        self.nodes = nodes
        self.streams = streams
        let spans = "first_seen = min(first_seen, excluded.first_seen), last_seen = max(last_seen, excluded.last_seen)"
        let sums = [
            ("issue_hour", "(issue, hour)", "learned = learned"), ("issue_day", "(issue, day)", ""),
            ("issue_node", "(issue, node)", spans),
            ("issue_stream", "(issue, stream)", "last_seen = max(last_seen, excluded.last_seen)"),
        ]
        tables = try sums.map { name, key, more in
            let set = ["count = count + excluded.count", more].filter { !$0.isEmpty }.joined(separator: ", ")
            return (
                name,
                try TableCopy(
                    name, from: old, to: new, where: "issue = ?1", conflict: "ON CONFLICT \(key) DO UPDATE SET \(set)")
            )
        }
        let slots = SampleTable.slots
        samples = try TableCopy(
            "sample", from: old, to: new, where: "number BETWEEN ?1 * \(slots) AND ?1 * \(slots) + \(slots - 1)")
    }

    /// Returns whether all of it could be read; adds the rows to `rows`.
    func copy(_ issue: Int64, to place: Int64, isFresh: Bool, _ rows: inout Int) throws -> Bool {
        var isWhole = true
        for table in tables {
            let copied = try table.copy.run(issue) { column, row, index in
                switch column {
                case "issue": .integer(place)
                case "node": nodes[row.integer(index)].map { .integer($0) } ?? .leave
                case "stream": streams[row.integer(index)].map { .integer($0) } ?? .leave
                default: .keep
                }
            }
            rows += copied.rows
            isWhole = isWhole && copied.isWhole
        }
        guard isFresh else { return isWhole }
        let copied = try samples.run(issue) { column, row, index in
            switch column {
            case "number": .integer(place * SampleTable.slots + row.integer(index) % SampleTable.slots)
            case "node": nodes[row.integer(index)].map { .integer($0) } ?? .leave
            default: .keep
            }
        }
        rows += copied.rows
        return isWhole && copied.isWhole
    }
}
