package import Events
package import Logging
import Patterns
import Scan
package import Store
import Synchronization
import Tail
package import Triage

/// Tail → Scan → Store: follows the configured files until it is stopped.
///
/// Threads: one that watches, `scanners` that read and scan, one that commits. Each file is in one scanner's hands at a
/// time, so that it keeps its order.
package final class FollowPipeline: Sendable {
    /// Bytes of one file that are read before another one has its turn.
    static let turnBytes = 4 * 1_024 * 1_024

    /// What has happened since the start. Any thread.
    package struct Totals: Sendable, Equatable {
        package var lines: Int64 = 0
        package var events: Int64 = 0
        /// Notices that were told one by one, and those that wait for a summary.
        package var newIssues = 0
        package var held = 0
        package var bytesLost: Int64 = 0
        package var commits = 0

        package init() {}
    }

    /// What `margay sources` says of every pipe.
    static let pipeNote = "a pipe: what was read and not yet stored is lost by a crash"

    let configuration: Configuration
    private let catalogue: PackCatalogue
    let tailer: Tailer
    private let journals: [JournalFollower]
    private let syslog: SyslogFollower?
    /// Takes the events that others report; refuses them once `run` is over.
    package let intake: EventIntake
    let queue = BatchQueue()
    private let costs: CostBook
    private let recorder: Recorder
    private let houseKeeper: HouseKeeper
    private let firstSequence: UInt64
    /// Names of sources that were followed with this store before.
    private let followedSources: Set<String>
    /// When the latest batch before this start was closed: until then every file that has a checkpoint and was at its
    /// end had nothing unread.
    let lastBatch: Timestamp?
    private let scannerCount: Int
    let log: Logger
    let shared: Shared

    /// Counters and the last stored state of each file.
    final class Shared: Sendable {
        let totals = Mutex(Totals())
        let told = Mutex(ToldStates())
        let isDamaged = Atomic(false)
        let catchUp = Mutex(CatchUp())
        /// By the follower's key: those that have not been at their end since they were given.
        let backlogs = Mutex<[Int: Backlog]>([:])
        let sweep = Mutex(CheckpointSweep())
        /// By the follower's key: what was last handed to the writer.
        let positions = Mutex<[Int: Position]>([:])

        struct Position: Equatable {
            let generation: Int
            let offset: Int64
            let path: String
            let state: FileState
            let isBehind: Bool
        }

        /// What the store was last told of files that nobody reads.
        struct ToldStates {
            var isBegun = false
            var unread = UnreadFiles([])
            var ignored: [String: FileProgress] = [:]
            /// Paths that were said to be unreadable.
            var unreadable: Set<String> = []
        }

        /// Patterns whose match limit was told once.
        let toldLimits = Mutex<Set<String>>([])
    }

    /// Opens what is needed and resumes from the store's checkpoints. Throws `ArchiveError`, `SyslogSockets.Fault`, and
    /// what the watcher cannot do without.
    package init(
        _ configuration: Configuration, catalogue: PackCatalogue, archive: Archive, scanners: Int, log: Logger,
        onNotices: @escaping @Sendable ([Notice]) -> Void
    ) throws {
        self.configuration = configuration
        self.catalogue = catalogue
        self.log = log
        let costs = CostBook()
        self.costs = costs
        scannerCount = max(1, scanners)
        firstSequence = try archive.lastSequence(node: configuration.node) + 1
        var tail = TailConfiguration(sources: configuration.sources.map(\.files))
        tail.continuation = { open, next, context in
            let rule = (context as? FollowedFile).flatMap { RecordRule($0.patterns.patterns) }
            let carried = Scan.RecordContinuation.carried(after: open, by: next, rule: rule)
            return CarriedLines(bytes: carried.bytes, isOpen: carried.isOpen)
        }
        followedSources = try archive.followedSources(node: configuration.node)
        lastBatch = try archive.lastBatchTime(node: configuration.node)
        FollowPipeline.tellDamaged(try archive.damagedCheckpoints(node: configuration.node), log)
        let checkpoints = try archive.checkpoints(node: configuration.node)
        let stored = try archive.files(node: configuration.node).map { row in
            (row.checkpoint.identity, StoredFile(state: row.state, source: row.source, time: row.lastRead))
        }
        let tailer = try Tailer(
            tail, checkpoints: checkpoints.filter { !$0.identity.isOfNoFile }, followedSources: followedSources,
            stored: Dictionary(stored, uniquingKeysWith: { first, _ in first }))
        self.tailer = tailer
        journals = try configuration.sources.compactMap { source in
            try source.journal.map { journal in
                try JournalFollower(
                    source, journal, checkpoints: checkpoints, now: SystemClock.now(), catalogue: catalogue,
                    costs: costs, log: log)
            }
        }
        syslog = try configuration.syslog.map { settings in
            try SyslogFollower(
                settings, node: configuration.node, checkpoints: checkpoints, now: SystemClock.now(),
                catalogue: catalogue, costs: costs, log: log)
        }
        intake = EventIntake(
            archive: archive, queue: queue, node: configuration.node, checkpoints: checkpoints, catalogue: catalogue,
            costs: costs, log: log)
        let shared = Shared()
        self.shared = shared
        houseKeeper = HouseKeeper(archive: archive, policy: configuration.retention, log: log)
        recorder = Recorder(
            archive: archive, queue: queue, node: configuration.node, policy: configuration.novelty,
            costs: costs, log: log,
            onNotices: { notices in
                let told = notices.filter { $0.delivery == .single }
                shared.totals.withLock { totals in
                    totals.newIssues += told.count
                    totals.held += notices.count - told.count
                }
                onNotices(told)
            },
            onCommit: { batch in
                shared.totals.withLock { totals in
                    totals.commits += 1
                    for file in batch.files {
                        totals.lines += file.lines
                        totals.events += file.events
                        totals.bytesLost += file.bytesLost
                    }
                }
            },
            onRest: { FollowPipeline.sweep(shared, archive, configuration, tailer, log) },
            onDamage: {
                archive.markDamaged()
                shared.isDamaged.store(true, ordering: .relaxed)
                tailer.stop()
            })
    }

    /// Whether following ended because pages of the store cannot be read: it is kept aside when it is opened next.
    package var isStoreDamaged: Bool { shared.isDamaged.load(ordering: .relaxed) }

    /// Name of this host in events.
    package var node: String { configuration.node }

    package var totals: Totals { shared.totals.withLock { $0 } }

    /// How far the reading of a long past is; nil when nothing of the kind is going on. Any thread.
    package var catchUp: CatchUp.Standing? { shared.catchUp.withLock { $0.standing } }

    /// All files known now, with their states, and all other inputs.
    package func files() -> [FileProgress] {
        tailer.files() + journals.map(\.initialProgress) + [syslog?.initialProgress].compactMap(\.self)
    }

    /// Where syslog is listened to, with the ports that were taken; nil for nowhere.
    package var syslogListening: String? { syslog?.listening }

    /// Follows until `stop()`; returns when everything that was scanned is committed.
    ///
    /// `onReady` is called once, on the writer's thread, with the number of files found, when it is stored from where each
    /// is read: whatever is written after it is counted, and files that appear are read from their first byte.
    package func run(onReady: @escaping @Sendable (Int) -> Void = { _ in }) {
        let recorder = recorder
        let firstSequence = firstSequence
        let writer = WorkerThread(name: "store") { [self] in
            recorder.run(from: firstSequence) { onReady(files().count) }
        }
        let watcher = WorkerThread(name: "watch") { [self] in
            do throws(SystemError) {
                try tailer.run(onReady: begin, onBlocked: storeFileStates)
            } catch {
                log.critical("watching is over: \(error)")
                tailer.stop()
            }
        }
        let scanners = (0..<scannerCount).map { index in
            WorkerThread(name: "scan-\(index)") { [self] in scan() }
        }
        let readers = journals.map { journal in
            WorkerThread(name: "journal") { [queue] in journal.run(into: queue) }
        }
        let listener = syslog.map { syslog in
            WorkerThread(name: "syslog") { [queue] in syslog.run(into: queue) }
        }
        let house = WorkerThread(name: "house") { [houseKeeper, queue] in
            houseKeeper.run { queue.waitForClose(millis: $0) }
        }
        watcher.join()
        for scanner in scanners { scanner.join() }
        for journal in journals { journal.stop() }
        for reader in readers { reader.join() }
        syslog?.stop()
        listener?.join()
        emptyPipes()
        storeFileStates()
        queue.close()
        writer.join()
        house.join()
    }

    /// Whether the store does not know yet how far the file is: a turn that only looked at an open record is no news.
    /// Notes that it is told now.
    private func isNews(_ progress: FileProgress, of fileKey: Int) -> Bool {
        let checkpoint = progress.checkpoint
        let position = Shared.Position(
            generation: checkpoint.generation, offset: checkpoint.offset, path: checkpoint.path, state: progress.state,
            isBehind: progress.backlog != nil)
        let isKnown = shared.positions.withLock { positions in
            // A file that is over takes no more turns.
            let known = positions[fileKey]
            positions[fileKey] = progress.state == .finished ? nil : position
            return known == position
        }
        return !isKnown || progress.lines > 0 || progress.bytesLost > 0 || !progress.note.isEmpty
    }

    /// Everything that is there is known now; says whose first position has to be stored before anything else is.
    private func begin() {
        let new = configuration.sources.map(\.files).filter {
            !followedSources.contains($0.name) && $0.start != .beginning
        }
        // From where a journal is read is stored in the first batch too.
        queue.add(journals.map(\.initialProgress))
        let names = Set(new.map(\.name))
        let awaited = tailer.files().filter { names.contains($0.source) && $0.state == .following }
        storeFileStates()
        queue.begin(
            sources: configuration.sources.map(\.files.name), awaiting: Set(awaited.map(\.checkpoint.identity)))
    }

    /// Makes an issue of a fault of our own. Any thread.
    package func report(_ event: HealthEvent) { queue.add(event) }

    /// Ends `run()`. Any thread.
    package func stop() { tailer.stop() }

    private func scan() {
        var scanners = ThreadScanners(costs: costs)
        while let follower = tailer.next() {
            let result = turn(of: follower, &scanners)
            scanners.tellCosts()
            let isLast = follower.isStandardInput && result == .finished && !hasOtherSources
            tailer.release(follower, result)
            if isLast { stop() }
        }
        scanners.tellLastCosts()
    }

    /// Whether there is anything to follow when standard input has ended.
    private var hasOtherSources: Bool { configuration.sources.contains { !$0.files.isStandardInput } }

    /// Takes what has arrived in pipes before it goes with us. Called when nobody else reads any more.
    private func emptyPipes() {
        var scanners = ThreadScanners(costs: costs)
        for pipe in tailer.pipesAtEnd() { _ = turn(of: pipe, &scanners) }
        scanners.tellLastCosts()
    }

    private func turn(of follower: Follower, _ scanners: inout ThreadScanners) -> TurnResult {
        var rollup = Rollup()
        var begun: Int64?
        let now = SystemClock.now()
        let source = configuration.sources[follower.sourceIndex]
        let result = follower.turn(budgetBytes: FollowPipeline.turnBytes) { chunk in
            begun = begun ?? chunk.offset
            let file = file(of: follower, chunk, source, now: now)
            let scanner = scanners.scanner(for: file.patterns)
            let path = follower.stream
            file.state.times.reference = now
            let consumed = scanner.scan(chunk, &file.state) { scanned in
                rollup.add(scanned, of: scanner.set, file: path, fallback: now, hasLines: chunk.line != nil)
            }
            follower.recordQuietMillis = file.state.recordQuietMillis
            if chunk.ending == .ended { follower.context = nil }
            return consumed
        }
        if let file = follower.context as? FollowedFile { tellLimits(scanners.scanner(for: file.patterns)) }
        var progress = follower.takeProgress()
        progress.events = Int64(rollup.eventCount)
        let settled = follower.takeSettled()
        noteBacklog(of: follower, result, from: begun, &progress, now: now)
        let isNews = isNews(progress, of: follower.fileKey) || !rollup.isEmpty || !settled.isEmpty
        if follower.isPipe && result != .finished {
            progress.note = [FollowPipeline.pipeNote, progress.note].filter { !$0.isEmpty }.joined(separator: "; ")
        }
        if isNews { queue.add(rollup, progress, settled: settled) }
        if case .failed(let reason) = result { log.warning("\(follower.path): \(reason)") }
        return result
    }

    private func file(
        of follower: Follower, _ chunk: Chunk, _ source: Configuration.Source, now: Timestamp
    ) -> FollowedFile {
        if let file = follower.context as? FollowedFile {
            file.reconsider(follower.stream, chunk: chunk.bytes, source: source, catalogue: catalogue)
            return file
        }
        let file = FollowedFile(follower.stream, head: chunk.bytes, source: source, catalogue: catalogue, now: now)
        follower.context = file
        log.info("\(follower.path): \(file.reason)")
        return file
    }

    /// Says once of each pattern that one of its matches was given up.
    private func tellLimits(_ scanner: RecordScanner) {
        guard !scanner.matchesGivenUp.isEmpty else { return }
        for rule in scanner.matchesGivenUp.keys {
            let name = scanner.set.rules[rule].name
            if shared.toldLimits.withLock({ $0.insert(name).inserted }) {
                log.warning("\(name) was given up at a match limit on a line; simplify its expression")
                queue.add(HealthEvent(.matchGivenUp, subject: name, "\(name) was given up at a match limit on a line"))
            }
        }
    }
}
