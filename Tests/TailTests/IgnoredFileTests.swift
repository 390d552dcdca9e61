import Events
import Synchronization
import Testing

@testable import Tail

/// Files to which nobody has written for long: not opened, and read from where they stood once somebody does.
struct IgnoredFileTests {
    private let folder: TemporaryFolder

    /// Everything written before 2020 is old.
    private static let limit = Timestamp(seconds: 1_577_836_800)

    init() throws { folder = try TemporaryFolder() }

    private func age(_ name: String) { folder.run("touch -d 2019-05-01 '\(name)'") }

    private func harness(_ globs: [String] = ["*.log"], start: StartPolicy = .beginning) throws -> TailHarness {
        try TailHarness(folder, globs, start: start) { $0.sources[0].ignoreBefore = IgnoredFileTests.limit }
    }

    @Test func `an old file is not opened, and shown with the reason`() throws {
        folder.write("old.log", "old\n")
        age("old.log")
        folder.write("young.log", "young\n")
        let opened = Opened()
        let tail = try TailHarness(try harness().configuration, syscalls: opened.syscalls)
        try tail.settle(afterMillis: 1_000)
        try tail.settle(afterMillis: 200_000)
        #expect(tail.read(folder("old.log")) == "" && tail.read(folder("young.log")) == "young\n")
        #expect(opened.paths == [folder("young.log")])
        let progress = try #require(tail.progress(folder("old.log")))
        #expect(progress.state == .skipped && progress.size == 4 && progress.checkpoint.offset == 4)
        #expect(progress.note.hasPrefix("ignore_older: last written to 2019-05-01T"))
    }

    /// What happens to an old file, and what of it is to be read.
    struct Situation: CustomTestStringConvertible, Sendable {
        var name: String
        var before = "old\n"
        var change: String
        var expected: [String]

        var testDescription: String { name }
    }

    static let situations: [Situation] = [
        Situation(name: "written to", change: "echo new >> a.log", expected: ["new\n"]),
        Situation(
            name: "a half line is finished", before: "old\nhalf", change: "echo ' line' >> a.log",
            expected: ["half line\n"]),
        Situation(name: "only touched", change: "touch a.log", expected: []),
        Situation(name: "renamed", change: "mv a.log b.log", expected: []),
        Situation(name: "renamed, then written to", change: "mv a.log b.log; echo new >> b.log", expected: ["new\n"]),
        Situation(
            name: "renamed to a name without a source, and a new one made", change: "mv a.log a.old; echo new > a.log",
            expected: ["new\n"]),
        Situation(name: "deleted, and a new one made", change: "rm a.log; echo 1 > a.log", expected: ["1\n"]),
        Situation(
            name: "cut, and written to", before: "a long old line\n", change: "echo new > a.log", expected: ["new\n"]),
        Situation(
            name: "replaced", change: "echo other > x; mv x a.log", expected: ["other\n"]),
        Situation(
            name: "another link to it", change: "ln a.log b.log; echo new >> b.log", expected: ["new\n"]),
        Situation(name: "permissions only", change: "chmod 600 a.log", expected: []),
    ]

    @Test(arguments: situations, [false, true])
    func `it is picked up from where it ended when it was found`(_ situation: Situation, isDown: Bool) throws {
        folder.write("a.log", situation.before)
        age("a.log")
        let tail = try harness()
        try tail.settle()
        #expect(tail.text.isEmpty)
        if isDown {
            let checkpoints = tail.checkpoints
            folder.run(situation.change)
            // Killed and started again with what was stored.
            let next = try TailHarness(tail.configuration, checkpoints: checkpoints)
            try next.settle(afterMillis: 1_000)
            #expect(
                next.text.values.map { String(decoding: $0, as: UTF8.self) }.filter { !$0.isEmpty }
                    == situation.expected)
        } else {
            folder.run(situation.change)
            try tail.settle(afterMillis: 1_000)
            #expect(
                tail.text.values.map { String(decoding: $0, as: UTF8.self) }.filter { !$0.isEmpty }
                    == situation.expected)
        }
    }

    @Test func `a file with a checkpoint goes on at it`() throws {
        folder.write("a.log", "one\ntwo\n")
        let tail = try harness()
        try tail.settle(afterMillis: 1_000)
        #expect(tail.read(folder("a.log")) == "one\ntwo\n")
        age("a.log")
        let opened = Opened()
        tail.syscalls = opened.syscalls
        try tail.restart()
        try tail.settle(afterMillis: 1_000)
        #expect(opened.paths == [])
        #expect(tail.progress(folder("a.log"))?.state == .skipped)
        #expect(tail.checkpoints.first?.head.length == 8)
        folder.append("a.log", "three\n")
        try tail.settle(afterMillis: 1_000)
        #expect(tail.read(folder("a.log")) == "one\ntwo\nthree\n")
        // Once more over a restart in which nothing of it was read.
        age("a.log")
        try tail.restart()
        try tail.settle()
        try tail.restart()
        folder.append("a.log", "four\n")
        try tail.settle(afterMillis: 1_000)
        #expect(tail.read(folder("a.log")) == "one\ntwo\nthree\nfour\n")
    }

    @Test func `what was not read yet of an old file with a checkpoint is read`() throws {
        folder.write("a.log", "one\n")
        let tail = try harness()
        try tail.settle(afterMillis: 1_000)
        folder.append("a.log", "two\n")
        age("a.log")
        try tail.restart()
        try tail.settle(afterMillis: 1_000)
        #expect(tail.read(folder("a.log")) == "one\ntwo\n")
    }

    @Test func `an old file that appears later is new`() throws {
        let tail = try harness(start: .end)
        try tail.settle()
        folder.write("x", "old text\n")
        age("x")
        folder.rename("x", "a.log")
        try tail.settle(afterMillis: 1_000)
        #expect(tail.read(folder("a.log")) == "old text\n")
    }

    @Test func `a rotated log that was left alone is not taken for a lost part of the new one`() throws {
        folder.write("a.log.1", "long ago\n")
        age("a.log.1")
        folder.write("a.log", "now\n")
        let tail = try harness(["a.log*"])
        try tail.settle(afterMillis: 1_000)
        try tail.restart()
        folder.append("a.log", "and then\n")
        try tail.settle(afterMillis: 1_000)
        #expect(tail.read(folder("a.log")) == "now\nand then\n" && tail.read(folder("a.log.1")) == "")
    }

    @Test func `an old file that may not be read when it is written to is read when it may`() throws {
        folder.write("a.log", "old\n")
        age("a.log")
        var syscalls = Syscalls.live
        let isShut = Flag()
        isShut.set(true)
        syscalls.open = { path throws(SystemError) in
            if isShut.isSet { throw SystemError(call: "open", number: 13) }
            return try Syscalls.live.open(path)
        }
        let tail = try TailHarness(try harness().configuration, syscalls: syscalls)
        try tail.settle()
        folder.append("a.log", "new\n")
        try tail.settle(afterMillis: 6_000)
        try tail.settle(afterMillis: 200_000)
        #expect(tail.progress(folder("a.log"))?.state == .unreadable)
        isShut.set(false)
        try tail.settle(afterMillis: 6_000)
        try tail.settle(afterMillis: 1_000)
        #expect(tail.read(folder("a.log")) == "new\n")
    }
}

/// The files that were opened.
private final class Opened: Sendable {
    private let state = Mutex<Set<String>>([])

    var paths: Set<String> { state.withLock { $0 } }

    var syscalls: Syscalls {
        var syscalls = Syscalls.live
        syscalls.open = { path throws(SystemError) in
            _ = self.state.withLock { $0.insert(path) }
            return try Syscalls.live.open(path)
        }
        return syscalls
    }
}
