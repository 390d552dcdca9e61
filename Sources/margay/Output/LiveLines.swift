import Agent
import Store
import Synchronization
import Triage

/// Keeps the lines of `LiveView` at the foot of a terminal, below what scrolls: issues stay in the terminal's history as
/// they are printed, which they would not with lines fixed at its head.
///
/// The cursor is left at the beginning of the first line, so that whatever is written next wipes them
/// (`Terminal.freshLine`), whoever writes it.
final class LiveLines: Sendable {
    private static let intervalMillis: UInt32 = 250
    /// How often the files are looked at: with thousands of them that is no small thing.
    private static let standingMillis: Int64 = 2_000
    private static let columnsDefault = 80

    private let stopping = Atomic(false)
    private let thread = Mutex<WorkerThread?>(nil)

    /// Starts it, or returns nil where standard error is no terminal.
    static func start(for pipeline: FollowPipeline, _ archive: Archive, on terminal: Terminal) -> LiveLines? {
        guard terminal.isTerminal, environmentVariable("TERM") != "dumb" else { return nil }
        let lines = LiveLines()
        let worker = WorkerThread(name: "live") { lines.show(pipeline, archive, terminal) }
        lines.thread.withLock { $0 = worker }
        return lines
    }

    /// Ends and wipes them.
    func stop() {
        stopping.store(true, ordering: .relaxed)
        thread.withLock { thread in
            thread?.join()
            thread = nil
        }
    }

    /// The lines of this moment, for who asks once.
    static func once(_ pipeline: FollowPipeline) -> [String] {
        var view = LiveView()
        view.add(moment(pipeline, pipeline.standing()))
        return view.lines
    }

    private static func moment(_ pipeline: FollowPipeline, _ standing: FollowPipeline.Standing) -> LiveView.Moment {
        LiveView.Moment(
            millis: SystemClock.monotonicMillis(), totals: pipeline.totals, standing: standing,
            catchUp: pipeline.catchUp?.description(now: SystemClock.now()) ?? "")
    }

    /// Of this node; nothing where the store cannot be read at this moment: the next look is soon.
    private static func learning(_ pipeline: FollowPipeline, _ archive: Archive) -> (sources: Int, issues: Int) {
        do throws(ArchiveError) {
            let learning = try archive.sources().filter { $0.node == pipeline.node && $0.learning.isLearning }
            return (learning.count, learning.reduce(0) { $0 + $1.learning.issues })
        } catch {
            return (0, 0)
        }
    }

    private func show(_ pipeline: FollowPipeline, _ archive: Archive, _ terminal: Terminal) {
        var view = LiveView()
        var standing = FollowPipeline.Standing()
        var learning = (sources: 0, issues: 0)
        var looked = Int64.min
        while !stopping.load(ordering: .relaxed) {
            let now = SystemClock.monotonicMillis()
            if looked == .min || now - looked >= LiveLines.standingMillis {
                standing = pipeline.standing()
                learning = LiveLines.learning(pipeline, archive)
                looked = now
            }
            var moment = LiveLines.moment(pipeline, standing)
            moment.learning = learning
            view.add(moment)
            let width = Terminal.columns(terminal.descriptor) ?? LiveLines.columnsDefault
            let lines = view.lines.map { terminal.coloured($0.elided(to: width - 1), "2") }
            terminal.write(
                terminal.freshLine + lines.joined(separator: "\n") + "\r\u{1B}[\(max(1, lines.count - 1))A")
            SystemClock.pause(millis: LiveLines.intervalMillis)
        }
        terminal.write(terminal.freshLine)
    }
}
