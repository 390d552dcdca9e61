internal import Events
internal import GRDB
internal import Triage

/// Makes values of an issue's rows. Lives inside one read.
struct IssueReader {
    /// An issue's own row, before the tables around it are asked.
    struct Record {
        var number: Int64
        var row: IssueRow
        var runbook: String?
        var noveltyReason: String
        var stateTime: Timestamp
        var stateVersion: Int
    }

    /// What `record` reads, in its order.
    static let columns = """
        number, id, fingerprint, fingerprint_version, title, pack, pattern, severity, type, state, novelty, count,
        first_seen, last_seen, owner, runbook, novelty_reason, state_time, state_version
        """

    /// Stored in place of the reason of what was learned; `reason(of:)` makes the sentence.
    static let learnedReason = ""

    private let nodeNames: BoundStatement
    private let paths: BoundStatement
    private let samples: BoundStatement
    private let database: Database

    init(_ database: Database) throws {
        self.database = database
        nodeNames = try BoundStatement(
            database,
            """
            SELECT node.name FROM issue_node JOIN node ON node.number = issue_node.node
            WHERE issue_node.issue = ?1 ORDER BY node.name LIMIT \(IssueRow.nodesMax)
            """)
        paths = try BoundStatement(
            database,
            """
            SELECT DISTINCT stream.path FROM issue_stream JOIN stream ON stream.number = issue_stream.stream
            WHERE issue_stream.issue = ?1 ORDER BY stream.path LIMIT \(IssueRow.filesMax)
            """)
        samples = try BoundStatement(
            database,
            """
            SELECT node.name, sample.path, sample.line, sample.offset, sample.time, sample.text, sample.fields,
                sample.rank, sample.node
            FROM sample JOIN node ON node.number = sample.node
            WHERE sample.number BETWEEN ?1 AND ?2
            """)
    }

    static func record(_ row: BoundStatement) throws -> Record {
        let issue = IssueRow(
            id: row.text(1), fingerprint: try row.fingerprint(2, version: 3), title: row.text(4), pack: row.text(5),
            pattern: row.text(6), severity: try row.severity(7), type: try row.word(8), state: try row.word(9),
            novelty: try row.word(10), count: row.int(11), firstSeen: row.time(12), lastSeen: row.time(13),
            nodes: [], files: [], owner: row.isNull(14) ? nil : row.text(14), sample: nil, stateVersion: row.int(18))
        return Record(
            number: row.integer(0), row: issue, runbook: row.isNull(15) ? nil : row.text(15),
            noveltyReason: row.text(16), stateTime: row.time(17), stateVersion: row.int(18))
    }

    /// The issue with that number. Throws where there is none.
    func record(number: Int64) throws -> Record {
        let statement = try BoundStatement(
            database, "SELECT \(IssueReader.columns) FROM issue WHERE number = ?1")
        statement.bind(number, at: 1)
        guard let record = try statement.first(IssueReader.record) else {
            throw DatabaseError(resultCode: .SQLITE_INTERNAL, message: "no issue \(number)")
        }
        return record
    }

    func row(_ record: Record) throws -> IssueRow {
        var row = record.row
        nodeNames.bind(record.number, at: 1)
        row.nodes = try nodeNames.all { $0.text(0) }
        paths.bind(record.number, at: 1)
        row.files = try paths.all { $0.text(0) }
        row.sample = try samples(of: record.number).last?.sample
        return row
    }

    func detail(_ record: Record, now: Timestamp) throws -> IssueDetail {
        let hours = try hours(of: record.number, now: now)
        return IssueDetail(
            row: try row(record), runbook: record.runbook, noveltyReason: try reason(of: record),
            stateTime: record.stateTime, stateVersion: record.stateVersion, lastDay: Array(hours.suffix(24)),
            lastFortnight: stride(from: 0, to: hours.count, by: 24).map { hours[$0..<$0 + 24].reduce(0, +) },
            nodes: try nodes(of: record.number), files: try files(of: record.number),
            samples: try samples(of: record.number))
    }

    /// ASCII letters in upper case, all else as it is.
    static func upper(_ text: String) -> String {
        String(
            decoding: text.utf8.map { $0 >= UInt8(ascii: "a") && $0 <= UInt8(ascii: "z") ? $0 - 32 : $0 }, as: UTF8.self
        )
    }

    private func reason(of record: Record) throws -> String {
        guard record.noveltyReason == IssueReader.learnedReason else { return record.noveltyReason }
        let source = try BoundStatement(
            database,
            """
            SELECT stream.source FROM issue_stream JOIN stream ON stream.number = issue_stream.stream
            WHERE issue_stream.issue = ?1 AND stream.source IS NOT NULL LIMIT 1
            """)
        source.bind(record.number, at: 1)
        let name = try source.first { " of source \($0.text(0))" } ?? ""
        return "first event \(record.row.firstSeen), learned\(name)"
    }

    /// In order of time.
    private func samples(of issue: Int64) throws -> [NodeSample] {
        let numbers = SampleTable.numbers(of: issue)
        samples.bind(numbers.lowerBound, at: 1)
        samples.bind(numbers.upperBound, at: 2)
        let found = try samples.all { row in
            guard let fields = FieldsText.decode(row.text(6)) else {
                throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "the fields of a sample cannot be read")
            }
            let sample = Sample(
                file: row.text(1), line: row.isNull(2) ? nil : row.integer(2), offset: row.integer(3),
                time: row.time(4), text: row.text(5), fields: fields, rank: row.bits(7))
            return (SampleKey(sample, node: row.integer(8)), NodeSample(node: row.text(0), sample: sample))
        }
        return found.sorted { SampleKey.isEarlier($0.0, $1.0) }.map(\.1)
    }

    /// Events in each of the 14 × 24 hours that end with the one of `now`, oldest first.
    private func hours(of issue: Int64, now: Timestamp) throws -> [Int] {
        var counts = [Int](repeating: 0, count: 14 * 24)
        let oldest = now.hour - Int64(counts.count - 1)
        let statement = try BoundStatement(
            database, "SELECT hour, count FROM issue_hour WHERE issue = ?1 AND hour BETWEEN ?2 AND ?3")
        statement.bind(issue, at: 1)
        statement.bind(oldest, at: 2)
        statement.bind(now.hour, at: 3)
        while try statement.step() { counts[Int(statement.integer(0) - oldest)] = statement.int(1) }
        return counts
    }

    private func nodes(of issue: Int64) throws -> [IssueNode] {
        let statement = try BoundStatement(
            database,
            """
            SELECT node.name, issue_node.count, issue_node.first_seen, issue_node.last_seen
            FROM issue_node JOIN node ON node.number = issue_node.node
            WHERE issue_node.issue = ?1 ORDER BY issue_node.count DESC, node.name LIMIT \(IssueRow.nodesMax)
            """)
        statement.bind(issue, at: 1)
        return try statement.all { row in
            IssueNode(node: row.text(0), count: row.int(1), firstSeen: row.time(2), lastSeen: row.time(3))
        }
    }

    private func files(of issue: Int64) throws -> [IssueFile] {
        let statement = try BoundStatement(
            database,
            """
            SELECT node.name, stream.path, issue_stream.count, issue_stream.last_seen
            FROM issue_stream JOIN stream ON stream.number = issue_stream.stream
                JOIN node ON node.number = stream.node
            WHERE issue_stream.issue = ?1
            ORDER BY issue_stream.count DESC, node.name, stream.path LIMIT \(IssueRow.filesMax)
            """)
        statement.bind(issue, at: 1)
        return try statement.all { row in
            IssueFile(node: row.text(0), path: row.text(1), count: row.int(2), lastSeen: row.time(3))
        }
    }
}
