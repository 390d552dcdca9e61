package import Events
import Logging
import Patterns
import Store
import Tail

/// Takes events that others report: counts them like the lines of a log and hands them to the writer, which says when they
/// lie on the disk. Any thread.
///
/// Bounded by what waits for the writer; what does not fit is refused, and its sender is told so.
package final class EventIntake: @unchecked Sendable {
    // Sendable: what is `var` is touched within `monitor.locked` only; the scanner too.
    private let monitor = Monitor()
    private let scanner: StreamScanner
    private let queue: BatchQueue
    private let archive: Archive
    private let node: String
    private var progress: FileProgress
    private var nodes = NameBook(namesMax: NameBook.nodesMax)
    private var programs = NameBook(namesMax: NameBook.programsMax)
    /// Events and bytes of requests that are not stored yet.
    private var eventsWaiting = 0
    private var bytesWaiting = 0
    /// Requests that are not stored yet, by their keys, with the hash of what was sent.
    private var underWay: [String: UInt64] = [:]
    /// Requests refused because too much waited.
    private var refused = 0

    /// Events that wait for the store; a request that would bring more is refused.
    package static let eventsWaitingMax = 20_000
    /// Bytes of the requests that do.
    package static let bytesWaitingMax = 16 * 1_024 * 1_024
    /// The source under which reported events are counted, and the beginning of the names of their streams.
    package static let sourceName = "events"

    init(
        archive: Archive, queue: BatchQueue, node: String, checkpoints: [Checkpoint], catalogue: PackCatalogue,
        costs: CostBook, log: Logger
    ) {
        self.archive = archive
        self.queue = queue
        self.node = node
        let source = Configuration.Source(
            files: SourceFiles(name: EventIntake.sourceName, include: [], start: .end),
            selection: PackSelection(takesEveryRecord: true), zone: .utc, group: nil,
            place: Place(path: EventIntake.sourceName))
        scanner = StreamScanner(source, catalogue: catalogue, costs: costs, log: log)
        progress = FileProgress(
            input: "events/", named: EventIntake.sourceName, among: checkpoints, isLearned: false)
    }

    /// Takes the events of a request, all of them or none. `answer` is called once, at once or later, on any thread: with
    /// `.stored` when they lie on the disk.
    ///
    /// - Parameters:
    ///   - request: under which key it is to be known when it is repeated, with what hash; nil for no key.
    ///   - bytes: what it takes while it waits.
    package func take(
        _ events: [ReportedEvent], request: ReportedRequest?, bytes: Int,
        answer: @escaping @Sendable (IntakeVerdict) -> Void
    ) {
        // Answered outside of the lock.
        if let verdict = monitor.locked({ refusal(events, request, bytes) ?? add(events, request, bytes, answer) }) {
            answer(verdict)
        }
    }

    /// Why they are not taken, where that is known beforehand. Within the lock.
    private func refusal(_ events: [ReportedEvent], _ request: ReportedRequest?, _ bytes: Int) -> IntakeVerdict? {
        if let request {
            if let digest = underWay[request.key] { return digest == request.digest ? .inProgress : .otherContent }
            do throws(ArchiveError) {
                if let known = try archive.reportedRequest(key: request.key, now: SystemClock.now()) {
                    guard known.digest == request.digest else { return .otherContent }
                    return .stored(events: known.events, isRepeated: true)
                }
            } catch {
                return .refused(error.message)
            }
        }
        let isFull =
            eventsWaiting + events.count > EventIntake.eventsWaitingMax
            || bytesWaiting + bytes > EventIntake.bytesWaitingMax
        guard isFull else { return nil }
        refused += 1
        return .full
    }

    /// Counts them and hands them on; returns why that was not possible. Within the lock.
    private func add(
        _ events: [ReportedEvent], _ request: ReportedRequest?, _ bytes: Int,
        _ answer: @escaping @Sendable (IntakeVerdict) -> Void
    ) -> IntakeVerdict? {
        let now = SystemClock.now()
        let records = events.map { JournalRecord(entry(of: $0, now: now)) }
        let counts = scanner.scan(records, at: progress.checkpoint.offset, now: now)
        var next = progress
        next.checkpoint.offset += records.reduce(0) { $0 + Int64($1.text.count) }
        next.size = next.checkpoint.offset
        next.lines = Int64(events.count)
        next.events = Int64(counts.eventCount)
        next.note = note
        let receipt = IntakeReceipt(request: request, events: events.count, answer: answer) { [weak self] in
            self?.end(request, events: events.count, bytes: bytes)
        }
        if let verdict = queue.add(counts.own, next, others: counts.others, receipt: receipt) { return verdict }
        progress = next
        eventsWaiting += events.count
        bytesWaiting += bytes
        if let request { underWay[request.key] = request.digest }
        return nil
    }

    private func end(_ request: ReportedRequest?, events: Int, bytes: Int) {
        monitor.locked {
            eventsWaiting -= events
            bytesWaiting -= bytes
            if let request { underWay[request.key] = nil }
        }
    }

    private var note: String {
        var notes = ["reported by HTTP"]
        if refused > 0 {
            notes.append("\(refused) requests were refused since the start, too much waited for the store")
        }
        if nodes.isFull { notes.append("hosts beyond \(NameBook.nodesMax) are counted as '\(NameBook.others)'") }
        if programs.isFull { notes.append("tags beyond \(NameBook.programsMax) are counted as '\(NameBook.others)'") }
        return notes.joined(separator: "; ")
    }

    private func entry(of event: ReportedEvent, now: Timestamp) -> JournalEntry {
        let tag = programs.admit(NameBook.plain(event.tag))
        let node = event.node.map { nodes.admit($0) } ?? node
        var entry = JournalEntry(time: event.time ?? now, identifier: tag, message: Array(event.summary.utf8))
        entry.priority = EventIntake.priority(event.severity)
        entry.facility = EventIntake.userFacility
        entry.host = node
        entry.node = node == self.node ? nil : node
        entry.facts = RecordFacts(fields: event.fields, severity: event.severity)
        return entry
    }

    /// Syslog's level for what a reporter states: an error where nothing is stated, since somebody reported it.
    private static func priority(_ severity: Severity?) -> Int {
        switch severity {
        case .critical: 2
        case .major, .minor, .indeterminate, nil: 3
        case .warning: 4
        case .clear: 6
        }
    }

    /// RFC 5424, 6.2.1: messages of programs of users.
    private static let userFacility = 1
}

extension FileProgress {
    /// The state of an input that is no file before anything came of it: it goes on counting its bytes where one of
    /// `checkpoints` stands. `kind` tells apart inputs of different kinds that have the same name.
    init(input kind: String, named name: String, among checkpoints: [Checkpoint], isLearned: Bool) {
        let hash = Array((kind + name).utf8).withUnsafeBytes { SipHash.hash64($0) }
        let identity = FileIdentity(device: 0, inode: hash, birthNanoseconds: 0)
        let known = checkpoints.first { $0.identity == identity }
        let checkpoint = Checkpoint(
            path: name, identity: identity, generation: 0, offset: known?.offset ?? 0, lines: nil, head: .none,
            before: .none)
        self.init(
            checkpoint: checkpoint, source: name, state: .following, size: checkpoint.offset, lines: 0, events: 0,
            bytesLost: 0, note: "", isLearned: isLearned)
    }
}
