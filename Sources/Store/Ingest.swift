internal import Events
internal import GRDB
internal import Triage

/// Applies one batch inside one transaction of the writer. Made anew for each batch; the statements stay compiled.
struct Ingest {
    private let issueUpsert: BoundStatement
    private let issueID: BoundStatement
    private let idTaken: BoundStatement
    private let issueReopen: BoundStatement
    private let auditInsert: BoundStatement
    private let hourUpsert: BoundStatement
    private let nodeUpsert: BoundStatement
    private let streamUpsert: BoundStatement
    private let streamFind: BoundStatement
    private let streamInsert: BoundStatement
    private let nodeFind: BoundStatement
    private let nodeAdvance: BoundStatement
    private var samples: SampleTable
    private let files: FileTable

    /// Streams of the batch's node met so far. Looked up by canonical equivalence, so the bytes are compared again.
    private var streams: [String: (path: String, number: Int64)] = [:]

    init(_ database: Database) throws {
        issueUpsert = try BoundStatement(database, SQL.issueUpsert)
        issueID = try BoundStatement(database, "UPDATE issue SET id = ?2, novelty_reason = ?3 WHERE number = ?1")
        idTaken = try BoundStatement(database, "SELECT 1 FROM issue WHERE id = ?1")
        issueReopen = try BoundStatement(database, SQL.issueReopen)
        auditInsert = try BoundStatement(database, SQL.auditInsert)
        hourUpsert = try BoundStatement(database, SQL.hourUpsert)
        nodeUpsert = try BoundStatement(database, SQL.issueNodeUpsert)
        streamUpsert = try BoundStatement(database, SQL.issueStreamUpsert)
        streamFind = try BoundStatement(database, "SELECT number FROM stream WHERE node = ?1 AND path = ?2")
        streamInsert = try BoundStatement(
            database, "INSERT INTO stream (node, path) VALUES (?1, ?2) RETURNING number")
        nodeFind = try BoundStatement(database, "SELECT sequence FROM node WHERE name = ?1")
        nodeAdvance = try BoundStatement(database, SQL.nodeAdvance)
        samples = try SampleTable(database)
        files = try FileTable(database)
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
        return notices
    }

    /// Returns the node's number.
    private func advance(_ batch: Batch) throws -> Int64 {
        nodeAdvance.bind(batch.node, at: 1)
        nodeAdvance.bind(batch.sequence, at: 2)
        nodeAdvance.bind(batch.time, at: 3)
        nodeAdvance.bind(batch.issues.reduce(0) { $0 &+ $1.count }, at: 4)
        guard let number = try nodeAdvance.first({ $0.integer(0) }) else {
            throw DatabaseError(resultCode: .SQLITE_INTERNAL, message: "no row for the node")
        }
        return number
    }

    private mutating func apply(_ delta: IssueDelta, node: Int64, batch: Batch) throws -> Notice? {
        let row = try upsert(delta, now: batch.time)
        let verdict = Novelty.judge(history: row.history, delta: delta, now: batch.time)
        var id = row.id
        if row.history == nil {
            id = try giveID(to: row.number, fingerprint: delta.fingerprint, reason: verdict.reason)
        } else if verdict.novelty.reopens {
            try reopen(row, verdict: verdict, now: batch.time)
        }
        try count(delta, issue: row.number, node: node)
        try samples.merge(delta.samples, issue: row.number, node: node, fresh: row.history == nil)
        guard verdict.novelty != .known else { return nil }
        let sorted = delta.samples.indices.min { left, right in
            let keys = (SampleKey(delta.samples[left], node: node), SampleKey(delta.samples[right], node: node))
            return verdict.novelty == .new
                ? SampleKey.isEarlier(keys.0, keys.1) : SampleKey.isEarlier(keys.1, keys.0)
        }
        let sample = sorted.map { delta.samples[$0] }
        return Notice(
            issue: id, fingerprint: delta.fingerprint, pack: delta.pack, pattern: delta.pattern,
            severity: delta.severity, type: delta.type, title: delta.title, runbook: delta.runbook, verdict: verdict,
            count: row.count, first: row.firstSeen, node: batch.node, file: sample?.file ?? delta.files.first?.path,
            sample: sample)
    }

    /// An issue after its upsert.
    private struct Upserted {
        var number: Int64
        var id: String
        var count: Int
        var firstSeen: Timestamp
        var stateVersion: Int64
        /// Nil when the upsert made the row.
        var history: IssueHistory?
    }

    private func upsert(_ delta: IssueDelta, now: Timestamp) throws -> Upserted {
        issueUpsert.bind(high: delta.fingerprint.high, low: delta.fingerprint.low, at: 1)
        issueUpsert.bind(Int64(delta.fingerprint.version), at: 2)
        issueUpsert.bind(delta.pack, at: 3)
        issueUpsert.bind(delta.pattern, at: 4)
        issueUpsert.bind(delta.type.rawValue, at: 5)
        issueUpsert.bind(delta.severity.rawValue, at: 6)
        issueUpsert.bind(delta.title, at: 7)
        issueUpsert.bind(delta.runbook, at: 8)
        issueUpsert.bind(now, at: 9)
        issueUpsert.bind(delta.count, at: 10)
        issueUpsert.bind(delta.first, at: 11)
        issueUpsert.bind(delta.last, at: 12)
        let upserted = try issueUpsert.first { row in
            let firstSeen = row.time(3)
            // Only a row that was made just now has no id yet.
            let history = row.isNull(1)
                ? nil : IssueHistory(state: try row.word(4), stateTime: row.time(5), firstSeen: firstSeen)
            return Upserted(
                number: row.integer(0), id: row.text(1), count: row.int(2), firstSeen: firstSeen,
                stateVersion: row.integer(6), history: history)
        }
        guard let upserted else {
            throw DatabaseError(resultCode: .SQLITE_INTERNAL, message: "no row for the issue")
        }
        return upserted
    }

    /// The shortest prefix of the key that no issue has, from `Fingerprint.idCharactersMin` on. Two keys can share all
    /// 26 characters only when they differ in version alone; the version is appended then.
    private func giveID(to number: Int64, fingerprint: Fingerprint, reason: String) throws -> String {
        let prefixes = (Fingerprint.idCharactersMin...Fingerprint.idCharactersMax).lazy.map(fingerprint.id(characters:))
        let free = try prefixes.first { prefix in
            idTaken.bind(prefix, at: 1)
            return try idTaken.first({ _ in true }) == nil
        }
        let id = free ?? "\(fingerprint.id(characters: Fingerprint.idCharactersMax))-\(fingerprint.version)"
        issueID.bind(number, at: 1)
        issueID.bind(id, at: 2)
        issueID.bind(reason, at: 3)
        try issueID.run()
        return id
    }

    private func reopen(_ row: Upserted, verdict: NoveltyVerdict, now: Timestamp) throws {
        issueReopen.bind(row.number, at: 1)
        issueReopen.bind(IssueState.open.rawValue, at: 2)
        issueReopen.bind(now, at: 3)
        issueReopen.bind(verdict.novelty.rawValue, at: 4)
        issueReopen.bind(verdict.reason, at: 5)
        try issueReopen.run()
        auditInsert.bind(now, at: 1)
        auditInsert.bind("margay", at: 2)
        auditInsert.bind(verdict.novelty.rawValue, at: 3)
        auditInsert.bind(row.number, at: 4)
        auditInsert.bind(row.history?.state.rawValue, at: 5)
        auditInsert.bind(IssueState.open.rawValue, at: 6)
        auditInsert.bind(verdict.reason, at: 7)
        try auditInsert.run()
    }

    private mutating func count(_ delta: IssueDelta, issue: Int64, node: Int64) throws {
        for hour in delta.hours {
            hourUpsert.bind(issue, at: 1)
            hourUpsert.bind(hour.hour, at: 2)
            hourUpsert.bind(hour.count, at: 3)
            try hourUpsert.run()
        }
        nodeUpsert.bind(issue, at: 1)
        nodeUpsert.bind(node, at: 2)
        nodeUpsert.bind(delta.count, at: 3)
        nodeUpsert.bind(delta.first, at: 4)
        nodeUpsert.bind(delta.last, at: 5)
        try nodeUpsert.run()
        for file in delta.files {
            streamUpsert.bind(issue, at: 1)
            streamUpsert.bind(try stream(file.path, node: node), at: 2)
            streamUpsert.bind(file.count, at: 3)
            streamUpsert.bind(file.last, at: 4)
            try streamUpsert.run()
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
        guard let number else {
            throw DatabaseError(resultCode: .SQLITE_INTERNAL, message: "no row for the stream")
        }
        streams[path] = (path, number)
        return number
    }
}

private enum SQL {
    /// Title, severity and the rest follow the latest batch, so that a better pack shows at once.
    static let issueUpsert = """
        INSERT INTO issue (fingerprint, fingerprint_version, pack, pattern, type, severity, title, runbook,
            state_time, novelty, novelty_reason, count, first_seen, last_seen)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 'new', '', ?10, ?11, ?12)
        ON CONFLICT (fingerprint, fingerprint_version) DO UPDATE SET
            pack = excluded.pack, pattern = excluded.pattern, type = excluded.type, severity = excluded.severity,
            title = excluded.title, runbook = excluded.runbook, count = count + excluded.count,
            first_seen = min(first_seen, excluded.first_seen), last_seen = max(last_seen, excluded.last_seen)
        RETURNING number, id, count, first_seen, state, state_time, state_version
        """

    static let issueReopen = """
        UPDATE issue SET state = ?2, state_version = state_version + 1, state_time = ?3, novelty = ?4,
            novelty_reason = ?5
        WHERE number = ?1
        """

    static let auditInsert = """
        INSERT INTO audit (time, who, what, issue, before, after, reason) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
        """

    static let hourUpsert = """
        INSERT INTO issue_hour (issue, hour, count) VALUES (?1, ?2, ?3)
        ON CONFLICT (issue, hour) DO UPDATE SET count = count + excluded.count
        """

    static let issueNodeUpsert = """
        INSERT INTO issue_node (issue, node, count, first_seen, last_seen) VALUES (?1, ?2, ?3, ?4, ?5)
        ON CONFLICT (issue, node) DO UPDATE SET count = count + excluded.count,
            first_seen = min(first_seen, excluded.first_seen), last_seen = max(last_seen, excluded.last_seen)
        """

    static let issueStreamUpsert = """
        INSERT INTO issue_stream (issue, stream, count, last_seen) VALUES (?1, ?2, ?3, ?4)
        ON CONFLICT (issue, stream) DO UPDATE SET count = count + excluded.count,
            last_seen = max(last_seen, excluded.last_seen)
        """

    static let nodeAdvance = """
        INSERT INTO node (name, sequence, batch_time, events_total) VALUES (?1, ?2, ?3, ?4)
        ON CONFLICT (name) DO UPDATE SET sequence = excluded.sequence, batch_time = excluded.batch_time,
            events_total = events_total + excluded.events_total
        RETURNING number
        """
}
