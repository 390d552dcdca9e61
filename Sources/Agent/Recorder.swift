import Events
import Logging
import Scan
import Store
import Triage

/// The one writer: takes what scanners found, commits it in one transaction, and hands on what is news.
///
/// Runs on a thread of its own. Commits at once when things are quiet; under load it pauses after each commit, so that
/// the next one takes all that came meanwhile.
final class Recorder: Sendable {
    /// A pause is this many times as long as the commit before it: committing takes a fifth of the writer's time,
    static let pauseFactor: Int64 = 4
    /// but a pause is not longer than this, in milliseconds, or than the commit was: in a flood, half of the time. The
    /// longer the pause, the more events of an issue are one row to write.
    static let pauseMillisMax: Int64 = 80
    /// How long it waits before it tries a store again that refused a batch.
    static let retryMillis: Int64 = 1_000

    private let archive: Archive
    private let queue: BatchQueue
    private let node: String
    private let policy: NoveltyPolicy
    private let log: Logger
    private let onNotices: @Sendable ([Notice]) -> Void
    private let onCommit: @Sendable (Batch) -> Void
    private let onRest: @Sendable () -> Void
    private let onDamage: @Sendable () -> Void

    init(
        archive: Archive, queue: BatchQueue, node: String, policy: NoveltyPolicy, log: Logger,
        onNotices: @escaping @Sendable ([Notice]) -> Void, onCommit: @escaping @Sendable (Batch) -> Void,
        onRest: @escaping @Sendable () -> Void, onDamage: @escaping @Sendable () -> Void
    ) {
        self.archive = archive
        self.queue = queue
        self.node = node
        self.policy = policy
        self.log = log
        self.onNotices = onNotices
        self.onCommit = onCommit
        self.onRest = onRest
        self.onDamage = onDamage
    }

    /// Commits until the queue is closed and empty. `onRest` is called after each commit and the notices of it. `sequence` is the number of the first batch; `onFirst` is called
    /// when that is stored.
    func run(from sequence: UInt64, onFirst: () -> Void) {
        let first = sequence
        var sequence = sequence
        var nextCommit = Int64.min
        while true {
            let early = nextCommit == .min ? 0 : nextCommit - SystemClock.monotonicMillis()
            if early > 0 { _ = queue.waitForClose(millis: early) }
            guard let pending = queue.take() else { return }
            let began = SystemClock.monotonicMillis()
            let batch = Batch(
                node: node, sequence: sequence, issues: pending.rollup.deltas(),
                files: pending.files.values.sorted { $0.checkpoint.path < $1.checkpoint.path },
                sources: pending.sources, unread: pending.unread, time: SystemClock.now())
            guard commit(batch) else { return }
            if sequence == first { onFirst() }
            sequence += 1
            onRest()
            let ended = SystemClock.monotonicMillis()
            nextCommit = ended + Recorder.pause(after: ended - began)
        }
    }

    /// How long to wait after a commit of so many milliseconds.
    static func pause(after millis: Int64) -> Int64 {
        min(max(pauseMillisMax, min(millis, retryMillis)), millis * pauseFactor)
    }

    /// Tries until the store takes the batch. False when the agent was stopped before it did: nothing is lost then, for
    /// the checkpoints were not stored either.
    private func commit(_ batch: Batch) -> Bool {
        var failures = 0
        while true {
            do throws(ArchiveError) {
                let notices = try archive.apply(batch, policy: policy)
                if failures > 0 { log.notice("the store takes batches again after \(failures) attempts") }
                onCommit(batch)
                if !notices.isEmpty { onNotices(notices) }
                return true
            } catch  where error.code == .damaged {
                log.critical("\(error)")
                onDamage()
                return false
            } catch {
                failures += 1
                if failures == 1 { log.error("\(error); reading waits until the store takes the batch") }
                if queue.waitForClose(millis: Recorder.retryMillis), failures > 1 {
                    log.error("stopped while the store refused a batch; it is read again at the next start")
                    return false
                }
            }
        }
    }
}
