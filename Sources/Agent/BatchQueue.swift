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
    private var trouble: String?
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
        /// Events about other hosts, by their names.
        var others: [String: Rollup] = [:]
        /// Requests that wait to be told that their events are stored.
        var receipts: [IntakeReceipt] = []
        var turns = 0

        var isEmpty: Bool { turns == 0 }
        var isFull: Bool { turns >= BatchQueue.turnsMax || issueCount >= BatchQueue.issuesMax }
        private var issueCount: Int { others.values.reduce(rollup.issueCount) { $0 + $1.issueCount } }
    }

    /// One log on disk.
    struct FileKey: Hashable {
        let identity: FileIdentity
        let path: String
    }

    /// Adds the outcome of one turn: counts and the checkpoints that account for them, of the file and of others that the
    /// turn has `settled`. Waits while there is no room. `others` are events about other hosts, by their names.
    func add(
        _ rollup: Rollup, _ progress: FileProgress, settled: [FileProgress] = [], others: [String: Rollup] = [:]
    ) {
        monitor.locked {
            while !isClosed, awaited?.isEmpty == true, pending.isFull { monitor.wait() }
            awaited?.remove(progress.checkpoint.identity)
            for other in settled { pending.add(other) }
            pending.add(rollup, progress, others)
            monitor.notify()
        }
    }

    /// Adds reported events, whose sender waits for `receipt` to be settled. Never waits: whoever adds them holds back
    /// what is too much. Returns why nothing was added; nil where it was.
    func add(
        _ rollup: Rollup, _ progress: FileProgress, others: [String: Rollup], receipt: IntakeReceipt
    ) -> IntakeVerdict? {
        monitor.locked {
            if isClosed { return .stopped }
            if let trouble { return .refused(trouble) }
            pending.add(rollup, progress, others)
            pending.receipts.append(receipt)
            monitor.notify()
            return nil
        }
    }

    /// Says why the store takes nothing, until it takes a batch again (nil). Nobody is let wait for that: returns whose
    /// events are here, though they stay and may be counted later.
    func setTrouble(_ reason: String?) -> [IntakeReceipt] {
        monitor.locked {
            trouble = reason
            return reason == nil ? [] : pending.receipts
        }
    }

    /// What nobody will take any more, because the writer is over.
    func abandoned() -> [IntakeReceipt] {
        monitor.locked {
            isClosed = true
            defer { pending.receipts = [] }
            return pending.receipts
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
    mutating func add(_ rollup: Rollup, _ progress: FileProgress, _ others: [String: Rollup]) {
        if self.rollup.isEmpty { self.rollup = rollup } else { self.rollup.merge(rollup) }
        for (node, other) in others {
            if self.others[node] == nil { self.others[node] = other } else { self.others[node]?.merge(other) }
        }
        add(progress)
        turns += 1
    }

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
        merged.messagesLost += earlier.messagesLost
        if merged.note.isEmpty { merged.note = earlier.note }
        files[key] = merged
    }
}
