import Agent
import Synchronization

/// A line on standard error, on a terminal only, that is redrawn while a long past is read.
final class CatchUpLine: Sendable {
    private static let intervalMillis: UInt32 = 250
    /// How often it is looked whether there is something to show.
    private static let idleMillis: UInt32 = 1_000

    private let stopping = Atomic(false)
    private let thread = Mutex<WorkerThread?>(nil)

    /// Starts it, or returns nil where standard error is no terminal.
    static func start(for pipeline: FollowPipeline, on terminal: Terminal) -> CatchUpLine? {
        guard terminal.isTerminal else { return nil }
        let line = CatchUpLine()
        let worker = WorkerThread(name: "progress") { line.show(pipeline, terminal) }
        line.thread.withLock { $0 = worker }
        return line
    }

    /// Ends and wipes it.
    func stop() {
        stopping.store(true, ordering: .relaxed)
        thread.withLock { thread in
            thread?.join()
            thread = nil
        }
    }

    private func show(_ pipeline: FollowPipeline, _ terminal: Terminal) {
        var isShown = false
        while !stopping.load(ordering: .relaxed) {
            SystemClock.pause(millis: isShown ? CatchUpLine.intervalMillis : CatchUpLine.idleMillis)
            if let standing = pipeline.catchUp {
                let text = "catching up: " + standing.description(now: SystemClock.now())
                // Back at its beginning, so that whatever is written next wipes it.
                terminal.write(terminal.freshLine + text.elided(to: (terminal.width ?? 80) - 1) + "\r")
                isShown = true
            } else if isShown {
                terminal.write(terminal.freshLine)
                isShown = false
            }
        }
        if isShown { terminal.write(terminal.freshLine) }
    }
}
