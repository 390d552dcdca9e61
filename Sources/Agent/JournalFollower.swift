import Events
import Logging
import Patterns
import Scan
import Tail

/// Journal → records → counts: reads one source of the journal on a thread of its own and hands what it finds to the
/// writer, always together with the cursor that accounts for it.
final class JournalFollower: @unchecked Sendable {
    // Sendable: `reader.stop()` and the constants are for any thread, all else for the one in `run`.
    private let reader: JournalReader
    private let source: Configuration.Source
    private let log: Logger
    /// Its state before anything was read.
    let initialProgress: FileProgress

    private var progress: FileProgress
    private var window = JournalWindow()
    private let scanner: StreamScanner
    private var outage = ""
    /// What is to be said of it for as long as it is followed.
    private var standingNote = ""

    /// What Margay itself writes as a service speaks of others' events, which would count again.
    static let ownIdentifier = "margay"
    /// Said once in Margay's own messages; `sources` has the latest.
    private var toldNotes: Set<String> = []
    static let notesMax = 100

    /// Goes on where one of `checkpoints` stands that was stored for a source of this name, else by the source's start
    /// policy. Throws `SystemError` when no descriptor is left.
    init(
        _ source: Configuration.Source, _ journal: JournalSource, checkpoints: [Checkpoint], now: Timestamp,
        catalogue: PackCatalogue, costs: CostBook, log: Logger, limits: JournalReader.Limits = .init()
    ) throws(SystemError) {
        self.source = source
        self.log = log
        scanner = StreamScanner(source, catalogue: catalogue, costs: costs, log: log)
        let name = source.files.name
        let identity = FileIdentity.journal(named: name)
        let known = checkpoints.first { $0.identity == identity && $0.cursor != nil }
        let position: JournalPosition
        if let cursor = known?.cursor {
            position = JournalPosition(text: cursor)
        } else {
            switch source.files.start {
            case .beginning: position = .oldest
            case .end: position = .since(now)
            case .since(let moment): position = .since(moment)
            }
        }
        let question = Array(journal.arguments(from: .oldest).joined(separator: "\n").utf8)
        let proof = question.withUnsafeBytes { ContentProof(length: $0.count, hash: SipHash.hash64($0)) }
        reader = try JournalReader(
            journal, from: position, wasAskedOtherwise: known.map { $0.head != proof } ?? false, limits: limits)
        let offset = known?.offset ?? 0
        let checkpoint = Checkpoint(
            path: name, identity: identity, generation: known?.generation ?? 0, offset: offset, lines: nil, head: proof,
            before: .none, cursor: position.text)
        progress = FileProgress(
            checkpoint: checkpoint, source: name, state: .following, size: offset, lines: 0, events: 0, bytesLost: 0,
            note: "")
        initialProgress = progress
    }

    /// Ends `run`. Any thread.
    func stop() { reader.stop() }

    /// Follows until `stop()`. What is held back then, because its record may go on, is read again at the next start.
    func run(into queue: BatchQueue) {
        while let arrival = reader.next(until: window.nextMoment) {
            let now = Tailer.monotonicNanos()
            for entry in arrival.entries where entry.identifier != JournalFollower.ownIdentifier {
                window.add(entry, arrival: now)
            }
            note(arrival)
            let taken = window.take(now: now)
            let isNews = arrival.isGap || arrival.outage != outage || !arrival.notes.isEmpty
            guard taken != nil || isNews || arrival.bytesLost > 0 else { continue }
            outage = arrival.outage
            let records = taken?.records ?? []
            let rollup = scanner.scan(records, at: progress.checkpoint.offset, now: SystemClock.now()).own
            progress.lines += records.reduce(0) { $0 + Int64($1.lines) }
            progress.checkpoint.offset += records.reduce(0) { $0 + Int64($1.text.count) }
            progress.size = progress.checkpoint.offset
            if let taken { progress.checkpoint.cursor = taken.cursor }
            progress.events = Int64(rollup.eventCount)
            progress.bytesLost = arrival.bytesLost
            progress.state = outage.isEmpty ? .following : .unreadable
            progress.note = ([outage, standingNote] + arrival.notes).filter { !$0.isEmpty }.joined(separator: "; ")
            queue.add(rollup, progress)
            progress.lines = 0
        }
        scanner.tellLastCosts()
    }

    private func note(_ arrival: JournalReader.Arrival) {
        let name = source.files.name
        if arrival.isGap {
            progress.checkpoint.generation += 1
            standingNote = arrival.notes.last ?? ""
        }
        for text in arrival.notes where toldNotes.count < JournalFollower.notesMax && toldNotes.insert(text).inserted {
            log.warning("\(name): \(text)")
        }
        guard arrival.outage != outage else { return }
        if arrival.outage.isEmpty {
            log.notice("\(name): the journal is read again")
        } else {
            log.warning("\(name) is not read: \(arrival.outage); tried again with growing pauses")
        }
    }
}

extension FileIdentity {
    /// Stands for a source of the journal: the same at every start, and for each name another one.
    static func journal(named name: String) -> FileIdentity {
        let hash = Array("journal/\(name)".utf8).withUnsafeBytes { SipHash.hash64($0) }
        return FileIdentity(device: 0, inode: hash, birthNanoseconds: 0)
    }
}
