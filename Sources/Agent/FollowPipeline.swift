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
    package struct Totals: Sendable {
        package var lines: Int64 = 0
        package var events: Int64 = 0
        package var newIssues = 0
        package var bytesLost: Int64 = 0
        package var commits = 0
    }

    private let configuration: Configuration
    private let catalogue: PackCatalogue
    private let tailer: Tailer
    private let queue = BatchQueue()
    private let recorder: Recorder
    private let firstSequence: UInt64
    /// Names of sources that were followed with this store before.
    private let followedSources: Set<String>
    /// When the latest batch before this start was closed: until then every file that has a checkpoint and was at its
    /// end had nothing unread.
    private let lastBatch: Timestamp?
    private let scannerCount: Int
    private let log: Logger
    private let shared: Shared

    /// Counters and the last stored state of each file.
    private final class Shared: Sendable {
        let totals = Mutex(Totals())
        let told = Mutex(ToldStates())
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

    /// Opens what is needed and resumes from the store's checkpoints. Throws `ArchiveError` and what the watcher cannot
    /// do without.
    package init(
        _ configuration: Configuration, catalogue: PackCatalogue, archive: Archive, scanners: Int, log: Logger,
        onNotices: @escaping @Sendable ([Notice]) -> Void
    ) throws {
        self.configuration = configuration
        self.catalogue = catalogue
        self.log = log
        scannerCount = max(1, scanners)
        firstSequence = try archive.lastSequence(node: configuration.node) + 1
        let tail = TailConfiguration(sources: configuration.sources.map(\.files))
        followedSources = try archive.followedSources(node: configuration.node)
        lastBatch = try archive.lastBatchTime(node: configuration.node)
        FollowPipeline.tellDamaged(try archive.damagedCheckpoints(node: configuration.node), log)
        let tailer = try Tailer(
            tail, checkpoints: try archive.checkpoints(node: configuration.node), followedSources: followedSources)
        self.tailer = tailer
        let shared = Shared()
        self.shared = shared
        recorder = Recorder(
            archive: archive, queue: queue, node: configuration.node, log: log,
            onNotices: { notices in
                shared.totals.withLock { $0.newIssues += notices.count }
                onNotices(notices)
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
            onRest: { FollowPipeline.sweep(shared, archive, configuration, tailer, log) })
    }

    package var totals: Totals { shared.totals.withLock { $0 } }

    /// How far the reading of a long past is; nil when nothing of the kind is going on. Any thread.
    package var catchUp: CatchUp.Standing? { shared.catchUp.withLock { $0.standing } }

    /// All files known now, with their states.
    package func files() -> [FileProgress] { tailer.files() }

    /// Follows until `stop()`; returns when everything that was scanned is committed.
    ///
    /// `onReady` is called once, on the writer's thread, with the number of files found, when it is stored from where each
    /// is read: whatever is written after it is counted, and files that appear are read from their first byte.
    package func run(onReady: @escaping @Sendable (Int) -> Void = { _ in }) {
        let tailer = tailer
        let recorder = recorder
        let firstSequence = firstSequence
        let writer = WorkerThread(name: "store") {
            recorder.run(from: firstSequence) { onReady(tailer.files().count) }
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
        watcher.join()
        for scanner in scanners { scanner.join() }
        storeFileStates()
        queue.close()
        writer.join()
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
        let names = Set(new.map(\.name))
        let awaited = tailer.files().filter { names.contains($0.source) && $0.state == .following }
        storeFileStates()
        queue.begin(
            sources: configuration.sources.map(\.files.name), awaiting: Set(awaited.map(\.checkpoint.identity)))
    }

    /// Ends `run()`. Any thread.
    package func stop() { tailer.stop() }

    private func scan() {
        var scanners: [ObjectIdentifier: RecordScanner] = [:]
        while let follower = tailer.next() {
            let result = turn(of: follower, &scanners)
            tailer.release(follower, result)
        }
    }

    private func turn(of follower: Follower, _ scanners: inout [ObjectIdentifier: RecordScanner]) -> TurnResult {
        var rollup = Rollup()
        var begun: Int64?
        let now = SystemClock.now()
        let source = configuration.sources[follower.sourceIndex]
        let result = follower.turn(budgetBytes: FollowPipeline.turnBytes) { chunk in
            begun = begun ?? chunk.offset
            let file = file(of: follower, chunk, source, now: now)
            let key = ObjectIdentifier(file.patterns)
            let scanner = scanners[key] ?? RecordScanner(file.patterns.patterns, prefilter: file.patterns.prefilter)
            scanners[key] = scanner
            let path = follower.stream
            file.state.times.reference = now
            let consumed = scanner.scan(chunk, &file.state) { scanned in
                rollup.add(scanned, of: scanner.set, file: path, fallback: now, hasLines: chunk.line != nil)
            }
            follower.recordQuietMillis = file.state.recordQuietMillis
            if chunk.ending == .ended { follower.context = nil }
            return consumed
        }
        if let file = follower.context as? FollowedFile, let scanner = scanners[ObjectIdentifier(file.patterns)] {
            tellLimits(scanner)
        }
        var progress = follower.takeProgress()
        progress.events = Int64(rollup.eventCount)
        noteBacklog(of: follower, result, from: begun, &progress, now: now)
        if isNews(progress, of: follower.fileKey) || !rollup.isEmpty { queue.add(rollup, progress) }
        if case .failed(let reason) = result { log.warning("\(follower.path): \(reason)") }
        return result
    }

    /// Adds to `progress` since when the file has not been at its end, and takes the turn into account for what is said
    /// of a long past. `begun` is the offset of the turn's first bytes.
    private func noteBacklog(
        of follower: Follower, _ result: TurnResult, from begun: Int64?, _ progress: inout FileProgress, now: Timestamp
    ) {
        let offset = progress.checkpoint.offset
        var isBehind = false
        switch result {
        case .more, .failed: isBehind = true
        case .atEnd, .finished, .skipped: break
        }
        let key = follower.fileKey
        let known = shared.backlogs.withLock { $0[key] }
        if isBehind, known != nil || result == .more {
            progress.backlog =
                known
                ?? Backlog(since: oldestUnread(of: follower, progress, now: now), begun: now, offset: begun ?? offset)
        }
        if progress.backlog != known { shared.backlogs.withLock { $0[key] = progress.backlog } }
        let left = progress.backlog == nil ? 0 : max(0, progress.size - offset)
        let news = shared.catchUp.withLock { catchUp in
            catchUp.update(file: key, left: left, read: begun.map { offset - $0 } ?? 0, now: now)
        }
        if let news { log.notice("\(news.description)") }
    }

    /// When the oldest byte that is unread at the beginning of a turn was written, at the earliest.
    private func oldestUnread(of follower: Follower, _ progress: FileProgress, now: Timestamp) -> Timestamp {
        let isFirst = shared.positions.withLock { $0[follower.fileKey] == nil }
        if isFirst, let lastBatch {
            let birth = Timestamp(microseconds: progress.checkpoint.identity.birthNanoseconds / 1_000)
            return min(now, max(birth, lastBatch))
        }
        let age = max(0, Tailer.monotonicNanos() - follower.wokenAt)
        return Timestamp(microseconds: SystemClock.now().microseconds - age / 1_000)
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

    /// Tells the store what is known of paths that nobody reads, where that has changed, and says it once of those that
    /// cannot be read.
    ///
    /// On the watching thread, or after it: a file that was left alone is opened there, so that what is told here is
    /// never older than what a turn has told.
    private func storeFileStates() {
        let (blocked, ignored) = tailer.unreadFiles()
        let unread = UnreadFiles(blocked)
        var failing: [UnreadFile] = []
        let changed = shared.told.withLock { told -> (ignored: [FileProgress], unread: UnreadFiles?) in
            failing = blocked.filter { $0.state == .unreadable && !told.unreadable.contains($0.path) }
            told.unreadable = Set(blocked.lazy.filter { $0.state == .unreadable }.map(\.path))
            let new = ignored.filter { told.ignored[$0.checkpoint.path]?.checkpoint != $0.checkpoint }
            told.ignored = Dictionary(ignored.map { ($0.checkpoint.path, $0) }, uniquingKeysWith: { first, _ in first })
            defer { told.unread = unread }
            // The store may hold a list of the last run.
            return (new, unread == told.unread && told.isBegun ? nil : unread)
        }
        shared.told.withLock { $0.isBegun = true }
        for file in failing {
            log.warning("\(file.path) is not read: \(file.reason); tried again when it changes")
        }
        queue.add(changed.ignored, unread: changed.unread)
    }

    /// Says once of each pattern that one of its matches was given up.
    private func tellLimits(_ scanner: RecordScanner) {
        guard !scanner.matchesGivenUp.isEmpty else { return }
        for rule in scanner.matchesGivenUp.keys {
            let name = scanner.set.rules[rule].name
            if shared.toldLimits.withLock({ $0.insert(name).inserted }) {
                log.warning("\(name) was given up at a match limit on a line; simplify its expression")
            }
        }
    }

    /// What cannot be gone on from does not stop the start.
    private static func tellDamaged(_ damaged: [DamagedCheckpoint], _ log: Logger) {
        for checkpoint in damaged.prefix(damagedToldMax) {
            log.error(
                """
                the checkpoint of \(checkpoint.path) is damaged (\(checkpoint.reason)) and passed over: the file is read \
                from its first byte, so that its records may count twice
                """)
        }
        if damaged.count > damagedToldMax {
            log.error("\(damaged.count - damagedToldMax) more checkpoints are damaged and passed over likewise")
        }
    }

    private static let damagedToldMax = 10

    /// Forgets checkpoints of files that are gone, a few at a time. On the writer's thread.
    private static func sweep(
        _ shared: Shared, _ archive: Archive, _ configuration: Configuration, _ tailer: Tailer, _ log: Logger
    ) {
        var presence = FilePresence()
        do throws(ArchiveError) {
            var sweep = shared.sweep.withLock { $0 }
            let forgotten = try sweep.step(
                archive, node: configuration.node, configured: Set(configuration.sources.map(\.files.name)),
                now: SystemClock.now(), presence: &presence, isKnown: tailer.knows, isMatched: tailer.matches)
            shared.sweep.withLock { $0 = sweep }
            if forgotten > 0 { log.info("\(forgotten) files that are gone were forgotten") }
        } catch {
            log.warning("the store keeps files that are gone: \(error)")
        }
    }
}
