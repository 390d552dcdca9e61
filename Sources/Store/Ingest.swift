internal import Events
internal import GRDB
internal import Triage

/// Applies one batch inside one transaction of the writer. Made anew for each batch; the statements stay compiled.
struct Ingest {
    private let issueFind: BoundStatement
    private let issueAdd: BoundStatement
    private let issueInsert: BoundStatement
    private let issueReopen: BoundStatement
    private let idTaken: BoundStatement
    private let auditInsert: BoundStatement
    private let hours: TallyStatements
    private let nodes: TallyStatements
    private let issueStreams: TallyStatements
    private let streamFind: BoundStatement
    private let streamInsert: BoundStatement
    private let nodeFind: BoundStatement
    private let nodeAdvance: BoundStatement
    private let sourceInsert: BoundStatement
    private var samples: SampleTable
    private let files: FileTable
    private let unread: UnreadTable

    /// Streams of the batch's node met so far. Looked up by canonical equivalence, so the bytes are compared again.
    private var streams: [String: (path: String, number: Int64)] = [:]

    init(_ database: Database) throws {
        issueFind = try BoundStatement(database, SQL.issueFind)
        issueAdd = try BoundStatement(database, SQL.issueAdd)
        issueInsert = try BoundStatement(database, SQL.issueInsert)
        issueReopen = try BoundStatement(database, SQL.issueReopen)
        idTaken = try BoundStatement(database, "SELECT 1 FROM issue WHERE id = ?1")
        auditInsert = try BoundStatement(database, SQL.auditInsert)
        hours = try TallyStatements(database, add: SQL.hourAdd, insert: SQL.hourInsert)
        nodes = try TallyStatements(database, add: SQL.nodeAdd, insert: SQL.nodeInsert)
        issueStreams = try TallyStatements(database, add: SQL.streamAdd, insert: SQL.streamInsert)
        streamFind = try BoundStatement(database, "SELECT number FROM stream WHERE node = ?1 AND path = ?2")
        streamInsert = try BoundStatement(database, "INSERT INTO stream (node, path) VALUES (?1, ?2) RETURNING number")
        nodeFind = try BoundStatement(database, "SELECT sequence FROM node WHERE name = ?1")
        nodeAdvance = try BoundStatement(database, SQL.nodeAdvance)
        sourceInsert = try BoundStatement(database, "INSERT OR IGNORE INTO setting (name, value) VALUES (?1, ?2)")
        samples = try SampleTable(database)
        files = try FileTable(database)
        unread = try UnreadTable(database)
    }

    mutating func apply(_ batch: Batch) throws -> [Notice] {
        nodeFind.bind(batch.node, at: 1)
        let last = try nodeFind.first { $0.bits(0) } ?? 0
        guard batch.sequence > last else { return [] }
        let node = try advance(batch)
        var notices: [Notice] = []
        for delta in batch.issues {
            if let notice = try apply(delta, node: node, batch: batch) { notices.append(notice) }
        }
        for progress in batch.files { try files.upsert(progress, node: node, time: batch.time) }
        if let files = batch.unread { try unread.replace(with: files, node: node) }
        for source in batch.sources {
            sourceInsert.bind(Archive.sourceSetting(source, node: batch.node), at: 1)
            sourceInsert.bind(batch.time.description, at: 2)
            try sourceInsert.run()
        }
        return notices
    }

    /// Returns the node's number.
    private func advance(_ batch: Batch) throws -> Int64 {
        nodeAdvance.bind(batch.node, at: 1)
        nodeAdvance.bind(batch.sequence, at: 2)
        nodeAdvance.bind(batch.time, at: 3)
        nodeAdvance.bind(batch.issues.reduce(0) { $0 &+ $1.count }, at: 4)
        guard let number = try nodeAdvance.first({ $0.integer(0) }) else { throw Ingest.noRow("node") }
        return number
    }

    private mutating func apply(_ delta: IssueDelta, node: Int64, batch: Batch) throws -> Notice? {
        let known = try find(delta.fingerprint)
        let verdict = Novelty.judge(history: known?.history, delta: delta, now: batch.time)
        let issue: Known
        if let known {
            issue = known
            try add(delta, to: known)
            if verdict.novelty.reopens { try reopen(known, verdict: verdict, now: batch.time) }
        } else {
            issue = try insert(delta, verdict: verdict, now: batch.time)
        }
        try count(delta, issue: issue.number, node: node)
        try samples.merge(delta.samples, issue: issue.number, node: node, fresh: known == nil)
        guard verdict.novelty != .known else { return nil }
        let earliest = min(delta.first, known?.history.firstSeen ?? delta.first)
        let sample = shown(delta.samples, node: node, novelty: verdict.novelty)
        return Notice(
            issue: issue.id, fingerprint: delta.fingerprint, pack: delta.pack, pattern: delta.pattern,
            severity: delta.severity, type: delta.type, title: delta.title, runbook: delta.runbook, verdict: verdict,
            count: (known?.count ?? 0) + delta.count, first: earliest, node: batch.node,
            file: sample?.file ?? delta.files.first?.path, sample: sample)
    }

    private func shown(_ samples: [Sample], node: Int64, novelty: Novelty) -> Sample? {
        let ordered = samples.map { (key: SampleKey($0, node: node), sample: $0) }
        let end =
            novelty == .new
            ? ordered.min { SampleKey.isEarlier($0.key, $1.key) } : ordered.max { SampleKey.isEarlier($0.key, $1.key) }
        return end?.sample
    }

    /// An issue as it was before the delta.
    private struct Known {
        var number: Int64
        var id: String
        var count: Int
        var history: IssueHistory
    }

    private func find(_ fingerprint: Fingerprint) throws -> Known? {
        issueFind.bind(high: fingerprint.high, low: fingerprint.low, at: 1)
        issueFind.bind(Int64(fingerprint.version), at: 2)
        return try issueFind.first { row in
            let history = IssueHistory(state: try row.word(3), stateTime: row.time(4), firstSeen: row.time(5))
            return Known(number: row.integer(0), id: row.text(1), count: row.int(2), history: history)
        }
    }

    private func add(_ delta: IssueDelta, to known: Known) throws {
        bind(delta, to: issueAdd)
        issueAdd.bind(known.number, at: 10)
        try issueAdd.run()
    }

    private func insert(_ delta: IssueDelta, verdict: NoveltyVerdict, now: Timestamp) throws -> Known {
        let id = try freeID(delta.fingerprint)
        bind(delta, to: issueInsert)
        issueInsert.bind(high: delta.fingerprint.high, low: delta.fingerprint.low, at: 10)
        issueInsert.bind(Int64(delta.fingerprint.version), at: 11)
        issueInsert.bind(id, at: 12)
        issueInsert.bind(IssueState.open.rawValue, at: 13)
        issueInsert.bind(now, at: 14)
        issueInsert.bind(verdict.novelty.rawValue, at: 15)
        issueInsert.bind(verdict.reason, at: 16)
        guard let number = try issueInsert.first({ $0.integer(0) }) else { throw Ingest.noRow("issue") }
        return Known(
            number: number, id: id, count: 0,
            history: IssueHistory(state: .open, stateTime: now, firstSeen: delta.first))
    }

    /// Arguments 1 to 9.
    private func bind(_ delta: IssueDelta, to statement: BoundStatement) {
        statement.bind(delta.pack, at: 1)
        statement.bind(delta.pattern, at: 2)
        statement.bind(delta.type.rawValue, at: 3)
        statement.bind(delta.severity.rawValue, at: 4)
        statement.bind(delta.title, at: 5)
        statement.bind(delta.runbook, at: 6)
        statement.bind(delta.count, at: 7)
        statement.bind(delta.first, at: 8)
        statement.bind(delta.last, at: 9)
    }

    /// The shortest prefix of the key that no issue has, from `Fingerprint.idCharactersMin` on. Two keys can share all
    /// 26 characters only when they differ in version alone; the version is appended then.
    private func freeID(_ fingerprint: Fingerprint) throws -> String {
        let prefixes = (Fingerprint.idCharactersMin...Fingerprint.idCharactersMax).lazy.map(fingerprint.id(characters:))
        let free = try prefixes.first { prefix in
            idTaken.bind(prefix, at: 1)
            return try idTaken.first({ _ in true }) == nil
        }
        return free ?? "\(fingerprint.id(characters: Fingerprint.idCharactersMax))-\(fingerprint.version)"
    }

    private func reopen(_ known: Known, verdict: NoveltyVerdict, now: Timestamp) throws {
        issueReopen.bind(known.number, at: 1)
        issueReopen.bind(IssueState.open.rawValue, at: 2)
        issueReopen.bind(now, at: 3)
        issueReopen.bind(verdict.novelty.rawValue, at: 4)
        issueReopen.bind(verdict.reason, at: 5)
        try issueReopen.run()
        auditInsert.bind(now, at: 1)
        auditInsert.bind("margay", at: 2)
        auditInsert.bind(verdict.novelty.rawValue, at: 3)
        auditInsert.bind(known.number, at: 4)
        auditInsert.bind(known.history.state.rawValue, at: 5)
        auditInsert.bind(IssueState.open.rawValue, at: 6)
        auditInsert.bind(verdict.reason, at: 7)
        try auditInsert.run()
    }

    private mutating func count(_ delta: IssueDelta, issue: Int64, node: Int64) throws {
        for hour in delta.hours {
            try hours.add { statement in
                statement.bind(issue, at: 1)
                statement.bind(hour.hour, at: 2)
                statement.bind(hour.count, at: 3)
            }
        }
        try nodes.add { statement in
            statement.bind(issue, at: 1)
            statement.bind(node, at: 2)
            statement.bind(delta.count, at: 3)
            statement.bind(delta.first, at: 4)
            statement.bind(delta.last, at: 5)
        }
        for file in delta.files {
            let stream = try stream(file.path, node: node)
            try issueStreams.add { statement in
                statement.bind(issue, at: 1)
                statement.bind(stream, at: 2)
                statement.bind(file.count, at: 3)
                statement.bind(file.last, at: 4)
            }
        }
    }

    private mutating func stream(_ path: String, node: Int64) throws -> Int64 {
        if let known = streams[path], known.path.utf8.elementsEqual(path.utf8) { return known.number }
        streamFind.bind(node, at: 1)
        streamFind.bind(path, at: 2)
        var number = try streamFind.first { $0.integer(0) }
        if number == nil {
            streamInsert.bind(node, at: 1)
            streamInsert.bind(path, at: 2)
            number = try streamInsert.first { $0.integer(0) }
        }
        guard let number else { throw Ingest.noRow("stream") }
        streams[path] = (path, number)
        return number
    }

    private static func noRow(_ table: String) -> DatabaseError {
        DatabaseError(resultCode: .SQLITE_INTERNAL, message: "a row of \(table) was written and is not there")
    }
}
