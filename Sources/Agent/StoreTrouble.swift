import Events
import Store
import Triage

/// A store that takes no batches: told at once, though it cannot be stored yet, and counted when it can.
struct StoreTrouble {
    private var since: Timestamp?
    private var reason = ""
    /// Keys that were told while they could not be stored: the store calls them new once more.
    private var told: Set<Fingerprint> = []

    /// The notice that says so at once.
    mutating func begin(_ error: ArchiveError, node: String, now: Timestamp) -> Notice {
        since = now
        reason = error.message
        let event = event("the store takes no batch: \(reason)")
        let delta = HealthEvent.deltas([event], now: now)[0]
        told.insert(delta.fingerprint)
        return Notice(
            issue: delta.fingerprint.id(), fingerprint: delta.fingerprint, pack: delta.pack, pattern: delta.pattern,
            severity: delta.severity, type: delta.type, title: delta.title, runbook: delta.runbook,
            verdict: NoveltyVerdict(novelty: .new, reason: event.sentence), count: 1, first: now, node: node, file: nil,
            sample: delta.samples.first)
    }

    /// What is stored once the store takes batches again; nil where there was nothing.
    mutating func end(now: Timestamp, attempts: Int) -> HealthEvent? {
        guard let since else { return nil }
        self.since = nil
        let seconds = max(0, (now.microseconds - since.microseconds) / Timestamp.microsecondsPerSecond)
        return event("the store took no batch for \(seconds) s, \(attempts) attempts: \(reason)")
    }

    /// Without those that were told when they could not be stored.
    mutating func untold(_ notices: [Notice]) -> [Notice] {
        guard !told.isEmpty else { return notices }
        return notices.filter { told.remove($0.fingerprint) == nil }
    }

    private func event(_ sentence: String) -> HealthEvent { HealthEvent(.storeRefused, subject: "store", sentence) }
}
