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
    private let costs: CostBook
    private let log: Logger
    private let onNotices: @Sendable ([Notice]) -> Void
    private let onCommit: @Sendable (Batch) -> Void
    private let onRest: @Sendable () -> Void
    private let onDamage: @Sendable () -> Void

    init(
        archive: Archive, queue: BatchQueue, node: String, policy: NoveltyPolicy, costs: CostBook, log: Logger,
        onNotices: @escaping @Sendable ([Notice]) -> Void, onCommit: @escaping @Sendable (Batch) -> Void,
        onRest: @escaping @Sendable () -> Void, onDamage: @escaping @Sendable () -> Void
    ) {
        self.archive = archive
        self.queue = queue
        self.node = node
        self.policy = policy
        self.costs = costs
        self.log = log
        self.onNotices = onNotices
        self.onCommit = onCommit
        self.onRest = onRest
        self.onDamage = onDamage
    }

    /// Commits until the queue is closed and empty. `sequence` is the number of the first batch; `onFirst` is called when
    /// that is stored, `onRest` after each commit and its notices.
    func run(from sequence: UInt64, onFirst: () -> Void) {
        let first = sequence
        var sequence = sequence
        var nextCommit = Int64.min
        var trouble = StoreTrouble()
        defer { for receipt in queue.abandoned() { receipt.settle(.stopped) } }
        while true {
            let early = nextCommit == .min ? 0 : nextCommit - SystemClock.monotonicMillis()
            if early > 0 { _ = queue.waitForClose(millis: early) }
            guard let pending = queue.take() else { return }
            let began = SystemClock.monotonicMillis()
            let batch = batch(pending, sequence: sequence, now: SystemClock.now())
            guard commit(batch, pending.receipts, &trouble) else {
                for receipt in pending.receipts { receipt.settle(.stopped) }
                return
            }
            for receipt in pending.receipts { receipt.settle(.stored) }
            if sequence == first { onFirst() }
            sequence += 1
            onRest()
            let ended = SystemClock.monotonicMillis()
            nextCommit = ended + Recorder.pause(after: ended - began)
        }
    }

    private func batch(_ pending: BatchQueue.Pending, sequence: UInt64, now: Timestamp) -> Batch {
        let files = pending.files.values.sorted { $0.checkpoint.path < $1.checkpoint.path }
        let lost = files.filter { $0.bytesLost > 0 }.map { file in
            HealthEvent(
                .bytesLost, subject: file.source, "\(file.bytesLost) bytes of \(file.checkpoint.path): \(file.note)",
                file: file.checkpoint.path)
        }
        let dropped = files.filter { $0.messagesLost > 0 }.map { file in
            HealthEvent(
                .messagesLost, subject: file.source, "\(file.messagesLost) messages: \(file.note)",
                file: file.checkpoint.path)
        }
        return Batch(
            node: node, sequence: sequence,
            issues: pending.rollup.deltas() + Recorder.deltas(pending.others)
                + HealthEvent.deltas(pending.health + lost + dropped, now: now), files: files,
            sources: pending.sources, unread: pending.unread, requests: pending.receipts.compactMap(\.request),
            costs: costs.take(now: SystemClock.monotonicMillis() / 1_000), time: now)
    }

    /// What is counted about other hosts, by their names.
    private static func deltas(_ others: [String: Rollup]) -> [IssueDelta] {
        others.sorted { $0.key < $1.key }.flatMap { node, rollup in
            rollup.deltas().map { delta in
                var delta = delta
                delta.node = node
                return delta
            }
        }
    }

    /// How long to wait after a commit of so many milliseconds.
    static func pause(after millis: Int64) -> Int64 {
        min(max(pauseMillisMax, min(millis, retryMillis)), millis * pauseFactor)
    }

    /// Tries until the store takes the batch. False when the agent was stopped before it did: nothing is lost then, for
    /// the checkpoints were not stored either.
    private func commit(
        _ batch: Batch, _ receipts: [IntakeReceipt], _ trouble: inout StoreTrouble
    ) -> Bool {
        var failures = 0
        while true {
            do throws(ArchiveError) {
                let recorded = try archive.record(batch, policy: policy, isDurable: !receipts.isEmpty)
                if failures > 0 {
                    _ = queue.setTrouble(nil)
                    log.notice("the store takes batches again after \(failures) attempts")
                    if let event = trouble.end(now: SystemClock.now(), attempts: failures) { queue.add(event) }
                }
                onCommit(batch)
                for source in recorded.learned { tellLearned(source) }
                let notices = trouble.untold(recorded.notices)
                if !notices.isEmpty { onNotices(notices) }
                return true
            } catch  where error.code == .damaged {
                log.critical("\(error)")
                onDamage()
                return false
            } catch {
                failures += 1
                if failures == 1 {
                    for receipt in receipts + queue.setTrouble(error.message) {
                        receipt.settle(.refused(error.message))
                    }
                    log.error("\(error); reading waits until the store takes the batch")
                    onNotices([trouble.begin(error, node: node, now: SystemClock.now())])
                }
                if queue.waitForClose(millis: Recorder.retryMillis), failures > 1 {
                    log.error("stopped while the store refused a batch; it is read again at the next start")
                    return false
                }
            }
        }
    }

    private func tellLearned(_ source: LearnedSource) {
        log.notice(
            """
            the source \(source.name) is learned: \(source.issues) issues of \(source.events) events, \(source.reason); \
            from now on what is new is told. See them: margay issues --all is:learned --sort count -n 20
            """)
    }
}
