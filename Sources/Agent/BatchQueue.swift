import Events
import Scan
import Tail

/// What scanners have found and the store has not yet got: counts and checkpoints, always together.
///
/// Bounded: when the store falls behind, scanners wait here, and the log file on disk is the queue.
final class BatchQueue: @unchecked Sendable {
    // Safe to share: what is `var` is touched within `monitor.locked` only.
    private var pending = Pending()
    private var isClosed = false
    /// Until these files have had a turn nothing is taken: nil before `begin`.
    private var awaited: Set<FileIdentity>?
    private let monitor = Monitor()

    /// Scanners wait once this many turns are pending,
    static let turnsMax = 256
    /// or this many issues.
    static let issuesMax = 20_000
    /// Further faults of our own are in the log only.
    static let healthMax = 1_000

    /// What waits for the store.
    struct Pending {
        var rollup = Rollup()
        /// By file: a later turn's progress replaces an earlier one's and takes over its counts.
        var files: [FileKey: FileProgress] = [:]
        var sources: [String] = []
        /// The latest list of paths that are not read, where it has changed.
        var unread: UnreadFiles?
        /// Faults of our own, at most `healthMax`.
        var health: [HealthEvent] = []
        var turns = 0

        var isEmpty: Bool { turns == 0 }
        var isFull: Bool { turns >= BatchQueue.turnsMax || rollup.issueCount >= BatchQueue.issuesMax }
    }

    /// One log on disk.
    struct FileKey: Hashable {
        let identity: FileIdentity
        let path: String
    }

    /// Adds the outcome of one turn: counts and the checkpoints that account for them, of the file and of others that the
    /// turn has `settled`. Waits while there is no room.
    func add(_ rollup: Rollup, _ progress: FileProgress, settled: [FileProgress] = []) {
        monitor.locked {
            while !isClosed, awaited?.isEmpty == true, pending.isFull { monitor.wait() }
            awaited?.remove(progress.checkpoint.identity)
            if pending.rollup.isEmpty { pending.rollup = rollup } else { pending.rollup.merge(rollup) }
            for other in settled { pending.add(other) }
            pending.add(progress)
            pending.turns += 1
            monitor.notify()
        }
    }

    /// Lets the first batch go once each of `files` has had a turn: it says from where each is read, and that `sources`
    /// are followed, in one. Before that a crash leaves no trace, and the next start is the first one again.
    func begin(sources: [String], awaiting files: Set<FileIdentity>) {
        monitor.locked {
            pending.sources = sources
            pending.turns += 1
            awaited = files.subtracting(pending.files.keys.map(\.identity))
            monitor.notify()
        }
    }

    /// Adds the state of files of which nothing was read, and, where it has changed, the list of paths that are not.
    func add(_ files: [FileProgress], unread: UnreadFiles? = nil) {
        guard !files.isEmpty || unread != nil else { return }
        monitor.locked {
            for file in files { pending.add(file) }
            if let unread { pending.unread = unread }
            pending.turns += 1
            monitor.notify()
        }
    }

    /// Adds a fault of our own. Never waits.
    func add(_ event: HealthEvent) {
        monitor.locked {
            guard pending.health.count < BatchQueue.healthMax else { return }
            pending.health.append(event)
            pending.turns += 1
            monitor.notify()
        }
    }

    /// Waits for something to store and takes all of it; nil when the queue is closed and empty.
    func take() -> Pending? {
        monitor.locked {
            while pending.isEmpty || awaited?.isEmpty != true, !isClosed { monitor.wait() }
            guard !pending.isEmpty else { return nil }
            let taken = pending
            pending = Pending()
            monitor.notify()
            return taken
        }
    }

    /// No more is added from now on; what is there can still be taken.
    func close() {
        monitor.locked {
            isClosed = true
            monitor.notify()
        }
    }

    /// Waits up to `millis` for the queue to close. Returns whether it is closed.
    func waitForClose(millis: Int64) -> Bool {
        let deadline = Tailer.monotonicNanos() + millis * 1_000_000
        return monitor.locked {
            while !isClosed, monitor.wait(untilNanos: deadline) {}
            return isClosed
        }
    }
}

extension BatchQueue.Pending {
    mutating func add(_ progress: FileProgress) {
        let key = BatchQueue.FileKey(identity: progress.checkpoint.identity, path: progress.checkpoint.path)
        guard let earlier = files[key] else {
            files[key] = progress
            return
        }
        var merged = progress
        merged.lines += earlier.lines
        merged.events += earlier.events
        merged.bytesLost += earlier.bytesLost
        if merged.note.isEmpty { merged.note = earlier.note }
        files[key] = merged
    }
}
