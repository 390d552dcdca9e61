internal import Events
internal import GRDB
internal import Triage

/// Applies one batch inside one transaction of the writer. Made anew for each batch; the statements stay compiled.
struct Ingest {
    private let issueFind: BoundStatement
    private let issueAdd: BoundStatement
    private let issueAddPart: BoundStatement
    private let issueInsert: BoundStatement
    private let issueFindByNumber: BoundStatement
    let baselineFind: BoundStatement
    private let textInsert: BoundStatement
    private let textUpdate: BoundStatement
    private let streamSource: BoundStatement
    private let idTaken: BoundStatement
    let auditInsert: BoundStatement
    private let hours: TallyStatements
    private let nodes: TallyStatements
    private let issueStreams: TallyStatements
    private let streamFind: BoundStatement
    private let streamInsert: BoundStatement
    private let nodeFind: BoundStatement
    private let nodeAdvance: BoundStatement
    private let nodeReported: BoundStatement
    private let requests: RequestTable
    private let sourceInsert: BoundStatement
    private let database: Database
    let policy: NoveltyPolicy
    let standings: StandingTable
    let audit: AuditTable
    let pasts: PastTable
    private var samples: SampleTable
    private let files: FileTable
    private let unread: UnreadTable
    private var siblings: SiblingTable
    private var unclaimed: UnclaimedIssues
    private var flow: EventHours
    private var tally = PatternTally(now: Timestamp(microseconds: 0))

    /// Streams of the batch's node met so far. Looked up by canonical equivalence, so the bytes are compared again.
    private var streams: [String: (path: String, number: Int64, source: String?)] = [:]
    /// The node whose streams these are.
    private var streamsNode: Int64 = 0

    init(_ database: Database, policy: NoveltyPolicy) throws {
        self.database = database
        self.policy = policy
        issueFind = try BoundStatement(database, SQL.issueFind)
        issueAdd = try BoundStatement(database, SQL.issueAdd)
        issueAddPart = try BoundStatement(database, SQL.issueAddPart)
        issueInsert = try BoundStatement(database, SQL.issueInsert)
        issueFindByNumber = try BoundStatement(database, SQL.issueFindByNumber)
        baselineFind = try BoundStatement(
            database, "SELECT name FROM baseline WHERE fingerprint = ?1 AND fingerprint_version = ?2")
        textInsert = try BoundStatement(
            database, "INSERT INTO issue_text (rowid, title, excerpt, notes) VALUES (?1, ?2, ?3, '')")
        textUpdate = try BoundStatement(database, SQL.textUpdate)
        streamSource = try BoundStatement(
            database, "UPDATE stream SET source = ?2 WHERE number = ?1 AND source IS NOT ?2")
        idTaken = try BoundStatement(database, "SELECT 1 FROM issue WHERE id = ?1")
        auditInsert = try BoundStatement(database, SQL.auditInsert)
        hours = try TallyStatements(database, add: SQL.hourAdd, insert: SQL.hourInsert)
        nodes = try TallyStatements(database, add: SQL.nodeAdd, insert: SQL.nodeInsert)
        issueStreams = try TallyStatements(database, add: SQL.streamAdd, insert: SQL.streamInsert)
        streamFind = try BoundStatement(database, "SELECT number FROM stream WHERE node = ?1 AND path = ?2")
        streamInsert = try BoundStatement(database, "INSERT INTO stream (node, path) VALUES (?1, ?2) RETURNING number")
        nodeFind = try BoundStatement(database, "SELECT sequence FROM node WHERE name = ?1")
        nodeAdvance = try BoundStatement(database, SQL.nodeAdvance)
        nodeReported = try BoundStatement(database, SQL.nodeReported)
        requests = try RequestTable(database)
        sourceInsert = try BoundStatement(database, "INSERT OR IGNORE INTO setting (name, value) VALUES (?1, ?2)")
        samples = try SampleTable(database)
        standings = try StandingTable(database)
        audit = try AuditTable(database)
        pasts = try PastTable(database)
        files = try FileTable(database)
        unread = try UnreadTable(database)
        unclaimed = try UnclaimedIssues(database)
        flow = try EventHours(database)
        siblings = try SiblingTable(database, standings: standings, audit: audit)
    }

    mutating func apply(_ batch: Batch) throws -> RecordedBatch {
        nodeFind.bind(batch.node, at: 1)
        let last = try nodeFind.first { $0.bits(0) } ?? 0
        guard batch.sequence > last else { return RecordedBatch() }
        let node = try advance(batch)
        var sources = try SourceBook(database, batch: batch, node: node, policy: policy)
        var outbox = try OutboxTable(database, now: batch.time)
        var recorded = RecordedBatch()
        tally = PatternTally(now: batch.time)
        for delta in batch.issues {
            let node = try delta.node.map { try number(of: $0, events: delta.count, batch) } ?? node
            if let notice = try apply(delta, node: node, batch: batch, &sources, &outbox) {
                recorded.notices.append(notice)
            }
        }
        for delta in HealthEvent.deltas(sources.faults, now: batch.time) {
            if let notice = try apply(delta, node: node, batch: batch, &sources, &outbox) {
                recorded.notices.append(notice)
            }
        }
        try flow.write(now: batch.time)
        recorded.learned = try sources.close()
        try tally.write(database)
        for progress in batch.files { try files.upsert(progress, node: node, time: batch.time) }
        if !batch.costs.isEmpty {
            try PatternCostTable(database).add(batch.costs, node: node, time: batch.time)
        }
        try requests.keep(batch.requests, now: batch.time)
        if let files = batch.unread { try unread.replace(with: files, node: node) }
        for source in batch.sources {
            sourceInsert.bind(Archive.sourceSetting(source, node: batch.node), at: 1)
            sourceInsert.bind(batch.time.description, at: 2)
            try sourceInsert.run()
        }
        return recorded
    }

    /// Events of logs; faults of our own are none.
    private static func eventCount(_ batch: Batch) -> Int {
        batch.issues.reduce(0) { $1.pack == HealthEvent.pack || $1.node != nil ? $0 : $0 &+ $1.count }
    }

    /// The number of another node, met or new, that `events` are counted on. It sends no batches of its own here.
    private mutating func number(of name: String, events: Int, _ batch: Batch) throws -> Int64 {
        nodeReported.bind(name, at: 1)
        nodeReported.bind(batch.time, at: 2)
        nodeReported.bind(events, at: 3)
        guard let number = try nodeReported.first({ $0.integer(0) }) else { throw Ingest.noRow("node") }
        return number
    }

    /// Returns the node's number.
    private func advance(_ batch: Batch) throws -> Int64 {
        nodeAdvance.bind(batch.node, at: 1)
        nodeAdvance.bind(batch.sequence, at: 2)
        nodeAdvance.bind(batch.time, at: 3)
        nodeAdvance.bind(Ingest.eventCount(batch), at: 4)
        guard let number = try nodeAdvance.first({ $0.integer(0) }) else { throw Ingest.noRow("node") }
        return number
    }

    private mutating func apply(
        _ delta: IssueDelta, node: Int64, batch: Batch, _ sources: inout SourceBook, _ outbox: inout OutboxTable
    ) throws -> Notice? {
        var known = try find(delta.fingerprint)
        if let part = known, let target = part.mergedInto {
            // Counted on the part, so that it can be split off again, and judged on the whole.
            try add(delta, to: part, watch: part.watch, now: batch.time)
            _ = try count(delta, issue: part.number, node: node, sources)
            known = try find(number: target)
        } else if known == nil, let place = try siblings.place(of: delta, now: batch.time) {
            known = try family(at: place, of: delta, now: batch.time)
        }
        let source = delta.files.firstNonNil { sources.name(of: $0.path) }
        var delta = delta
        if known == nil, delta.skeleton != nil, let source, try unclaimed.isFull(source) {
            delta = UnclaimedIssues.other(delta, of: source)
            known = try find(delta.fingerprint)
        }
        let standing = sources.standing(of: source, delta)
        let judged = try judge(delta, known, standing, now: batch.time)
        let issue = judged.issue
        flow.add(
            delta, severity: known?.severityByPerson ?? delta.severity, isNews: known == nil && judged.isNews,
            now: batch.time)
        if known == nil {
            try siblings.register(delta, issue: issue.number)
            if delta.skeleton != nil, let source { unclaimed.add(source) }
        }
        let isNewNode = try count(delta, issue: issue.number, node: node, sources)
        tallyUp(delta, node: node)
        try samples.merge(delta.samples, issue: issue.number, node: node, fresh: known == nil)
        let isUnmatched = delta.pack == Ingest.corePack
        let turned = sources.add(delta, source: source, before: known?.count ?? 0, isUnmatched: isUnmatched)
        if turned, let source { try tellGrouping(source, &sources, now: batch.time) }
        guard var notice = notice(delta, judged, known, isNewNode: isNewNode, node: node, batch: batch) else {
            return nil
        }
        if notice.isNewOnNode {
            notice.delivery = .digest("a known issue on another node is told in summaries")
        } else if policy.hasBudget {
            let isPoor = isUnmatched && source.flatMap { sources.entries[$0] }?.grouping.isPoor == true
            notice.delivery = try outbox.deliver(
                notice.verdict, known?.severityByPerson ?? delta.severity, issue: issue.number,
                source: source ?? delta.node ?? batch.node, isAlways: delta.isAlways,
                held: isPoor ? "the errors of \(source ?? "") do not fall into groups: write a pattern or a mask" : nil)
            if notice.delivery != .single { sources.hold(source) }
        }
        return notice
    }

    /// Behind `count`, which has looked up whose the files are.
    private mutating func tallyUp(_ delta: IssueDelta, node: Int64) {
        tally.add(delta)
        guard delta.pack != HealthEvent.pack else { return }
        for file in delta.files {
            guard let source = streams[file.path]?.source else { continue }
            tally.add(file.count, source: source, node: node, pack: delta.pack)
        }
    }

    /// The family that the events of `delta` are counted on, made if it is not there yet.
    private mutating func family(at place: SiblingTable.Place, of delta: IssueDelta, now: Timestamp) throws -> Known? {
        let number: Int64
        switch place {
        case .family(let known): number = known
        case .newFamily(let foundation):
            var first = delta
            first.fingerprint = foundation.fingerprint
            first.title = foundation.title
            first.hours = []
            let verdict = NoveltyVerdict(novelty: foundation.isNews ? .new : .known, reason: foundation.reason)
            number = try find(first.fingerprint)?.number ?? insert(first, verdict: verdict, now: now).number
            try siblings.found(foundation, as: number, for: delta, now: now)
        }
        return try find(number: number)
    }

    /// The pack of errors that no other one claims.
    static let corePack = "core"

    /// An issue as it was before the delta.
    struct Known {
        var number: Int64
        var id: String
        var count: Int
        var state: IssueState
        var stateTime: Timestamp
        var firstSeen: Timestamp
        var isAutomatic = false
        var ignore: IgnoreCondition?
        var novelty: Novelty
        var watch: SpikeWatch?
        var created: Timestamp
        var mergedInto: Int64?
        var title: String
        /// Nil where the pack's holds.
        var severityByPerson: Severity?
        /// Found by its own fingerprint; false for the whole that a part's events are judged on.
        var isOwn = true
    }

    private func find(_ fingerprint: Fingerprint) throws -> Known? {
        issueFind.bind(high: fingerprint.high, low: fingerprint.low, at: 1)
        issueFind.bind(Int64(fingerprint.version), at: 2)
        return try issueFind.first(Ingest.known)
    }

    private func find(number: Int64) throws -> Known? {
        issueFindByNumber.bind(number, at: 1)
        var whole = try issueFindByNumber.first(Ingest.known)
        whole?.isOwn = false
        return whole
    }

    private static func known(_ row: BoundStatement) throws -> Known {
        Known(
            number: row.integer(0), id: row.text(1), count: row.int(2), state: try row.word(3), stateTime: row.time(4),
            firstSeen: row.time(5), isAutomatic: row.integer(6) != 0,
            ignore: row.isNull(7) ? nil : try JSONColumn.decode(row.text(7)), novelty: try row.word(8),
            watch: row.isNull(9) ? nil : SpikeWatch(row.text(9)), created: row.time(10),
            mergedInto: row.isNull(11) ? nil : row.integer(11), title: row.text(12),
            severityByPerson: row.isNull(13) ? nil : try row.severity(13))
    }

    func baseline(_ fingerprint: Fingerprint) throws -> String? {
        baselineFind.bind(high: fingerprint.high, low: fingerprint.low, at: 1)
        baselineFind.bind(Int64(fingerprint.version), at: 2)
        return try baselineFind.first { $0.text(0) }
    }

    func add(_ delta: IssueDelta, to known: Known, watch: SpikeWatch?, now: Timestamp) throws {
        let addition = known.isOwn ? issueAdd : issueAddPart
        bind(delta, to: addition)
        addition.bind(known.number, at: 10)
        addition.bind(watch?.description, at: 11)
        addition.bind(now, at: 12)
        try addition.run()
        guard known.isOwn, !delta.title.utf8.elementsEqual(known.title.utf8) else { return }
        textUpdate.bind(known.number, at: 1)
        textUpdate.bind(SearchText.flat(delta.title), at: 2)
        try textUpdate.run()
    }

    func insert(_ delta: IssueDelta, verdict: NoveltyVerdict, now: Timestamp) throws -> Known {
        let id = try freeID(delta.fingerprint)
        bind(delta, to: issueInsert)
        issueInsert.bind(high: delta.fingerprint.high, low: delta.fingerprint.low, at: 10)
        issueInsert.bind(Int64(delta.fingerprint.version), at: 11)
        issueInsert.bind(id, at: 12)
        issueInsert.bind(IssueState.open.rawValue, at: 13)
        issueInsert.bind(now, at: 14)
        issueInsert.bind(verdict.novelty.rawValue, at: 15)
        issueInsert.bind(verdict.reason, at: 16)
        issueInsert.bind(verdict.novelty == .known ? 1 : 0, at: 17)
        var watch = SpikeWatch(newIn: now.hour)
        _ = watch.add(delta.events(since: now.hour))
        issueInsert.bind(watch.description, at: 18)
        guard let number = try issueInsert.first({ $0.integer(0) }) else { throw Ingest.noRow("issue") }
        textInsert.bind(number, at: 1)
        textInsert.bind(SearchText.flat(delta.title), at: 2)
        textInsert.bind(SearchText.excerpt(of: delta), at: 3)
        try textInsert.run()
        return Known(
            number: number, id: id, count: 0, state: .open, stateTime: now, firstSeen: delta.first,
            novelty: verdict.novelty, created: now, title: delta.title)
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
        try Ingest.freeID(fingerprint, idTaken)
    }

    /// - Parameter idTaken: has a row where the id that is its first argument is taken.
    static func freeID(_ fingerprint: Fingerprint, _ idTaken: BoundStatement) throws -> String {
        let prefixes = (Fingerprint.idCharactersMin...Fingerprint.idCharactersMax).lazy.map(fingerprint.id(characters:))
        let free = try prefixes.first { prefix in
            idTaken.bind(prefix, at: 1)
            return try idTaken.first({ _ in true }) == nil
        }
        return free ?? "\(fingerprint.id(characters: Fingerprint.idCharactersMax))-\(fingerprint.version)"
    }

    /// Returns whether the node has the issue for the first time.
    private mutating func count(
        _ delta: IssueDelta, issue: Int64, node: Int64, _ sources: SourceBook
    ) throws -> Bool {
        for hour in delta.hours {
            try hours.add { statement in
                statement.bind(issue, at: 1)
                statement.bind(hour.hour, at: 2)
                statement.bind(hour.count, at: 3)
            }
        }
        let isNewNode = try nodes.add { statement in
            statement.bind(issue, at: 1)
            statement.bind(node, at: 2)
            statement.bind(delta.count, at: 3)
            statement.bind(delta.first, at: 4)
            statement.bind(delta.last, at: 5)
        }
        for file in delta.files {
            let stream = try stream(file.path, node: node, sources)
            try issueStreams.add { statement in
                statement.bind(issue, at: 1)
                statement.bind(stream, at: 2)
                statement.bind(file.count, at: 3)
                statement.bind(file.last, at: 4)
            }
        }
        return isNewNode
    }

    private mutating func stream(_ path: String, node: Int64, _ sources: SourceBook) throws -> Int64 {
        if streamsNode != node {
            streams = [:]
            streamsNode = node
        }
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
        let source = sources.name(of: path)
        if let source {
            streamSource.bind(number, at: 1)
            streamSource.bind(source, at: 2)
            try streamSource.run()
        }
        streams[path] = (path, number, source)
        return number
    }

    private static func noRow(_ table: String) -> DatabaseError {
        DatabaseError(resultCode: .SQLITE_INTERNAL, message: "a row of \(table) was written and is not there")
    }
}

extension Sequence {
    fileprivate func firstNonNil<Value>(_ transform: (Element) throws -> Value?) rethrows -> Value? {
        for element in self { if let value = try transform(element) { return value } }
        return nil
    }
}
