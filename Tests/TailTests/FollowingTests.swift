import Events
import Glibc
import Testing

@testable import Tail

struct FollowingTests {
    @Test func `lines are handed out when they are whole, and once`() throws {
        let folder = try TemporaryFolder()
        folder.write("a.log", "one\ntw")
        let tail = try TailHarness(folder)
        try tail.settle()
        #expect(tail.read(folder("a.log")) == "one\n")
        folder.append("a.log", "o\nthree\n")
        try tail.settle()
        #expect(tail.read(folder("a.log")) == "one\ntwo\nthree\n")
        #expect(tail.chunks.map(\.offset) == [0, 4] && tail.chunks.map(\.line) == [1, 2])
        #expect(tail.lines == 3 && tail.bytesLost == 0)
    }

    @Test func `a file that appears later is read from its first byte, also in a directory that appears later`() throws
    {
        let folder = try TemporaryFolder()
        let tail = try TailHarness(folder, ["deep/**/*.log"], start: .end)
        try tail.settle()
        folder.run("mkdir -p deep/er/still && echo first > deep/er/still/a.log && echo x > deep/er/still/a.txt")
        try tail.settle()
        folder.run("echo second >> deep/er/still/a.log; mkdir deep/new; echo third > deep/new/b.log")
        try tail.settle()
        #expect(tail.read(folder("deep/er/still/a.log")) == "first\nsecond\n")
        #expect(tail.read(folder("deep/new/b.log")) == "third\n")
        #expect(tail.text.count == 2)
    }

    @Test(arguments: [
        (StartPolicy.beginning, "old\nhalf done\nnew\n"), (.end, "half done\nnew\n"),
    ])
    func `a file that was there before follows the start policy`(start: StartPolicy, expected: String) throws {
        let folder = try TemporaryFolder()
        folder.write("a.log", "old\nhalf")
        let tail = try TailHarness(folder, start: start)
        try tail.settle()
        folder.append("a.log", " done\nnew\n")
        try tail.settle()
        #expect(tail.read(folder("a.log")) == expected)
    }

    @Test func `two globs, a hard link and a symbolic link to one file are one reader`() throws {
        let folder = try TemporaryFolder()
        folder.write("a.log", "one\n")
        folder.run("ln a.log b.log; ln -s a.log c.log")
        let tail = try TailHarness(folder, ["*.log", "a*", "**/*.log"])
        try tail.settle()
        folder.append("b.log", "two\n")
        try tail.settle()
        #expect(tail.read(folder("a.log")) == "one\ntwo\n" && tail.text.count == 1)
    }

    @Test func `two files with equal bytes stay two files`() throws {
        let folder = try TemporaryFolder()
        for name in ["kern.log", "ufw.log", "x.log"] { folder.write(name, "same\n") }
        let tail = try TailHarness(folder)
        try tail.settle()
        #expect(tail.text.values.map { $0.count } == [5, 5, 5])
    }

    @Test func `what is excluded is not read`() throws {
        let folder = try TemporaryFolder()
        folder.write("a.log", "a\n")
        folder.write("debug.log", "b\n")
        let tail = try TailHarness(folder, exclude: ["debug*"])
        try tail.settle()
        folder.append("debug.log", "more\n")
        try tail.settle()
        #expect(Array(tail.text.keys) == [folder("a.log")])
    }

    @Test func `nothing happens when nothing changes`() throws {
        let folder = try TemporaryFolder()
        for index in 0..<50 { folder.write("\(index).log", "x\n") }
        let tail = try TailHarness(folder)
        try tail.settle()
        let turns = tail.turns
        tail.clock.advance(millis: 1_000_000)
        try tail.settle()
        #expect(turns == 50 && tail.turns == turns)
    }

    @Test func `an open record comes again longer, and is closed when the file has been quiet`() throws {
        let folder = try TemporaryFolder()
        folder.write("a.log", "Error\n")
        let tail = try TailHarness(folder) { $0.recordQuietMillis = 100 }
        tail.consume = { $0.ending == .more ? 0 : $0.bytes.count }
        try tail.settle(afterMillis: 99)
        folder.append("a.log", "  at f\n")
        try tail.settle(afterMillis: 99)
        #expect(tail.progress(folder("a.log"))?.checkpoint.offset == 0)
        try tail.settle(afterMillis: 1)
        #expect(tail.chunks.map { $0.bytes.count } == [6, 13, 13])
        #expect(tail.endings == [.more, .more, .quiet])
        #expect(tail.progress(folder("a.log"))?.checkpoint.offset == 13)
        #expect(tail.lines == 2)
    }

    @Test func `a file without permission is shown, and read when it is allowed`() throws {
        guard geteuid() != 0 else {
            // Root may read everything: then the call itself has to refuse.
            try refusedOpen()
            return
        }
        let folder = try TemporaryFolder()
        folder.write("a.log", "one\n")
        chmod(folder("a.log"), 0)
        let tail = try TailHarness(folder)
        try tail.settle()
        #expect(tail.progress(folder("a.log"))?.state == .unreadable)
        chmod(folder("a.log"), 0o644)
        try tail.settle()
        #expect(tail.read(folder("a.log")) == "one\n")
    }

    private func refusedOpen() throws {
        let folder = try TemporaryFolder()
        folder.write("a.log", "one\n")
        let forbidden = Flag()
        forbidden.set(true)
        var syscalls = Syscalls.live
        let open = syscalls.open
        syscalls.open = { path throws(SystemError) in
            if forbidden.isSet { throw SystemError(call: "open", number: EACCES) }
            return try open(path)
        }
        let source = SourceFiles(name: "s", include: [try Glob(folder("*.log"))], start: .beginning)
        let tail = try TailHarness(TailConfiguration(sources: [source]), syscalls: syscalls)
        try tail.settle()
        #expect(tail.progress(folder("a.log"))?.state == .unreadable)
        #expect(tail.progress(folder("a.log"))?.note == "open: Permission denied")
        forbidden.set(false)
        chmod(folder("a.log"), 0o640)
        try tail.settle()
        #expect(tail.read(folder("a.log")) == "one\n")
        #expect(tail.progress(folder("a.log"))?.state == .following)
    }

    @Test func `a compressed twin is left alone and says so`() throws {
        let folder = try TemporaryFolder()
        folder.write("a.log", "one\n")
        let tail = try TailHarness(folder, ["a.log*"])
        try tail.settle()
        folder.run("cp a.log b; gzip b; mv b.gz a.log.1.gz")
        try tail.settle()
        #expect(tail.text.keys.sorted() == [folder("a.log")])
        #expect(tail.progress(folder("a.log.1.gz"))?.state == .skipped)
    }
}
