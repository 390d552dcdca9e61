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
    private let scannerCount: Int
    private let log: Logger
    private let shared: Shared

    /// Counters and the last stored state of each file.
    private final class Shared: Sendable {
        let totals = Mutex(Totals())
        let stored = Mutex<[BatchQueue.FileKey: FileProgress]>([:])
        /// By the follower's key: what was last handed to the writer.
        let positions = Mutex<[Int: Position]>([:])

        struct Position: Equatable {
            let generation: Int
            let offset: Int64
            let path: String
            let state: FileState
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
        var tail = TailConfiguration(sources: configuration.sources.map(\.files))
        tail.continuation = { open, next in
            let carried = Scan.RecordContinuation.carried(after: open, by: next)
            return CarriedLines(bytes: carried.bytes, isOpen: carried.isOpen)
        }
        followedSources = try archive.followedSources(node: configuration.node)
        let files = try archive.files(node: configuration.node)
        let stored = files.map { row in
            (row.checkpoint.identity, StoredFile(state: row.state, source: row.source, time: row.lastRead))
        }
        tailer = try Tailer(
            tail, checkpoints: files.map(\.checkpoint), followedSources: followedSources,
            stored: Dictionary(stored, uniquingKeysWith: { first, _ in first }))
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
            })
    }

    package var totals: Totals { shared.totals.withLock { $0 } }

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
            generation: checkpoint.generation, offset: checkpoint.offset, path: checkpoint.path, state: progress.state)
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
        let now = SystemClock.now()
        let source = configuration.sources[follower.sourceIndex]
        let result = follower.turn(budgetBytes: FollowPipeline.turnBytes) { chunk in
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
        let settled = follower.takeSettled()
        if isNews(progress, of: follower.fileKey) || !rollup.isEmpty || !settled.isEmpty {
            queue.add(rollup, progress, settled: settled)
        }
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

    /// Adds the files whose state is not what the store was last told, and says it once for those that are not read.
    private func storeFileStates() {
        let changed = shared.stored.withLock { stored in
            var gone = stored.filter { $0.value.state == .unreadable }
            var changed = tailer.files().filter { file in
                let key = BatchQueue.FileKey(identity: file.checkpoint.identity, path: file.checkpoint.path)
                gone[key] = nil
                return stored.updateValue(file, forKey: key)?.state != file.state
            }
            for (key, var file) in gone {
                // It is read under its own identity now, or is not there any more.
                file.state = .finished
                file.note = ""
                stored[key] = nil
                changed.append(file)
            }
            return changed
        }
        for file in changed where file.state == .unreadable {
            log.warning("\(file.checkpoint.path) is not read: \(file.note); tried again when it changes")
        }
        queue.add(changed)
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
}
