import Events
import Glibc
import Synchronization
import Testing

@testable import Tail

/// The tailer as it runs: a watching thread, two that read, and a writer that rotates.
struct ThreadTests {
    @Test func `written and rotated while it is read: every line once`() throws {
        let folder = try TemporaryFolder()
        let source = SourceFiles(name: "s", include: [try Glob(folder("*.log"))], start: .beginning)
        let tailer = try Tailer(TailConfiguration(sources: [source]), checkpoints: [])
        // From here on the directory is watched: what comes and goes before that, nobody can know.
        try tailer.look()
        let tally = Tally(expected: 20 * 300 + 20 * 2)
        let watching = Thread { do { try tailer.run() } catch { Issue.record("\(error)") } }
        let reading = (0..<2).map { _ in Thread { ThreadTests.read(tailer, tally) } }
        for round in 0..<20 {
            let text = (0..<300).map { "round \(round) line \($0)\n" }.joined()
            folder.append("a.log", text)
            if round % 3 == 0 { folder.rename("a.log", "a.log.\(round)") }
            folder.append("b\(round).log", "x \(round)\ny \(round)\n")
        }
        #expect(tally.wait())
        tailer.stop()
        for thread in reading + [watching] { thread.join() }
        #expect(tally.counts.values.allSatisfy { $0 == 1 } && tally.counts.count == 6_040)
    }

    @Test func `stop lets every thread go, also those that wait, and those that come later`() throws {
        let folder = try TemporaryFolder()
        let source = SourceFiles(name: "s", include: [try Glob(folder("*.log"))])
        let tailer = try Tailer(TailConfiguration(sources: [source]), checkpoints: [])
        let watching = Thread { do { try tailer.run() } catch { Issue.record("\(error)") } }
        let waiting = (0..<3).map { _ in Thread { #expect(tailer.next() == nil) } }
        tailer.stop()
        for thread in waiting + [watching] { thread.join() }
        #expect(tailer.next() == nil)
        try tailer.run()
    }

    private static func read(_ tailer: Tailer, _ tally: Tally) {
        while let follower = tailer.next() {
            var lines: [String] = []
            let result = follower.turn(budgetBytes: 4_096) { chunk in
                lines += String(decoding: chunk.bytes, as: UTF8.self).split(separator: "\n").map(String.init)
                return chunk.bytes.count
            }
            tailer.release(follower, result)
            tally.add(lines)
        }
    }
}

/// Counts lines and tells, through a pipe, when as many as expected have come.
private final class Tally: Sendable {
    private let expected: Int
    private let state = Mutex((total: 0, counts: [String: Int]()))
    private let reached: [Int32]

    init(expected: Int) {
        self.expected = expected
        var ends: [Int32] = [0, 0]
        #expect(pipe(&ends) == 0)
        reached = ends
    }

    deinit { for end in reached { close(end) } }

    var counts: [String: Int] { state.withLock { $0.counts } }

    func add(_ lines: [String]) {
        let isReached = state.withLock { state in
            let before = state.total
            state.total += lines.count
            for line in lines { state.counts[line, default: 0] += 1 }
            return before < expected && state.total >= expected
        }
        if isReached { _ = write(reached[1], "x", 1) }
    }

    /// False when it takes a minute: then it will not come.
    func wait() -> Bool {
        var end = pollfd(fd: reached[0], events: Int16(POLLIN), revents: 0)
        return poll(&end, 1, 60_000) == 1
    }
}

/// A POSIX thread with a closure.
private final class Thread {
    private var thread = pthread_t()
    private final class Body {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    init(_ run: @escaping @Sendable () -> Void) {
        let body = Unmanaged.passRetained(Body(run)).toOpaque()
        let code = pthread_create(
            &thread, nil,
            { pointer in
                if let pointer { Unmanaged<Body>.fromOpaque(pointer).takeRetainedValue().run() }
                return nil
            }, body)
        #expect(code == 0)
    }

    func join() { pthread_join(thread, nil) }
}
