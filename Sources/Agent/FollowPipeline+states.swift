import Events
import Logging
import Store
import Synchronization
import Tail

/// What is told of files besides their events: how far behind they are, why nobody reads them, which are forgotten.
extension FollowPipeline {
    /// Adds to `progress` since when the file has not been at its end, and takes the turn into account for what is said
    /// of a long past. `begun` is the offset of the turn's first bytes.
    func noteBacklog(
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

    /// Tells the store what is known of paths that nobody reads, where that has changed, and says it once of those that
    /// cannot be read.
    ///
    /// On the watching thread, or after it: a file that was left alone is opened there, so that what is told here is
    /// never older than what a turn has told.
    func storeFileStates() {
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
            queue.add(
                HealthEvent(
                    .fileUnreadable, subject: file.source.isEmpty ? "some sources" : file.source,
                    "\(file.path) is not read: \(file.reason)", file: file.path))
        }
        queue.add(changed.ignored, unread: changed.unread)
    }

    /// How the files stand at this moment.
    package struct Standing: Sendable, Equatable {
        package var files = 0
        package var unreadable = 0
        /// Bytes written and not yet accounted for, as far as they have been looked at.
        package var lagBytes: Int64 = 0

        package init() {}
    }

    /// Costs a pass over all files. Any thread.
    package func standing() -> Standing {
        var standing = Standing()
        for file in tailer.files() where file.state == .following || file.state == .draining {
            standing.files += 1
            standing.lagBytes += max(0, file.size - file.checkpoint.offset)
        }
        standing.unreadable = shared.told.withLock { $0.unreadable.count }
        return standing
    }

    /// What cannot be gone on from does not stop the start.
    static func tellDamaged(_ damaged: [DamagedCheckpoint], _ log: Logger) {
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
    static func sweep(
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
