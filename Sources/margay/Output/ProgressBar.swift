import Agent
import Events
import Synchronization

/// A bar on standard error while a scan runs: bytes, rate and time left, on a terminal only.
final class ProgressBar: Sendable {
    /// Shorter scans show none.
    private static let delayMillis: Int64 = 300
    private static let intervalMillis: UInt32 = 100

    private let stopping = Atomic(false)
    private let thread = Mutex<WorkerThread?>(nil)

    /// Starts it, or returns nil where standard error is no terminal.
    static func start(for scan: LogScan, totalBytes: Int64?, on terminal: Terminal) -> ProgressBar? {
        guard terminal.isTerminal else { return nil }
        let bar = ProgressBar()
        let worker = WorkerThread(name: "progress") { bar.show(scan, totalBytes, terminal) }
        bar.thread.withLock { $0 = worker }
        return bar
    }

    /// Ends and wipes it.
    func stop() {
        stopping.store(true, ordering: .relaxed)
        thread.withLock { thread in
            thread?.join()
            thread = nil
        }
    }

    private func show(_ scan: LogScan, _ total: Int64?, _ terminal: Terminal) {
        let start = SystemClock.monotonicMillis()
        var isShown = false
        while !stopping.load(ordering: .relaxed) {
            SystemClock.pause(millis: Self.intervalMillis)
            let elapsed = SystemClock.monotonicMillis() - start
            guard elapsed >= Self.delayMillis else { continue }
            isShown = true
            terminal.write(
                "\r\u{1B}[K" + line(scan.bytesRead, of: total, millis: elapsed).elided(to: terminal.width ?? 80))
        }
        if isShown { terminal.write("\r\u{1B}[K") }
    }

    private func line(_ bytes: Int64, of total: Int64?, millis: Int64) -> String {
        let rate = bytes * 1_000 / max(1, millis)
        guard let total, total > 0, rate > 0 else { return "\(bytes.asBytes), \(rate.asBytes)/s" }
        let share = min(100, bytes * 100 / total)
        let filled = Int(share / 5)
        let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: 20 - filled)
        let left = max(0, total - bytes) / rate
        return "\(bar) \(share) %  \(bytes.asBytes) of \(total.asBytes), \(rate.asBytes)/s, \(left) s left"
    }
}
