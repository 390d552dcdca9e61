import Events
import Testing

@testable import Tail

struct FairnessTests {
    @Test func `a hot file cannot starve the rest`() throws {
        let folder = try TemporaryFolder()
        folder.run("for i in $(seq 30); do : > $i.log; done; : > hot.log")
        let tail = try TailHarness(folder)
        tail.budgetBytes = 4_096
        try tail.settle()
        folder.run("head -c 400000 /dev/zero | tr '\\0' x | fold -w 99 > hot.log; echo >> hot.log")
        try tail.tailer.look()
        // The hot file has had its first turns when the others are written to.
        for _ in 0..<5 { tail.takeTurn() }
        folder.run("for i in $(seq 30); do echo one >> $i.log; done")
        try tail.tailer.look()
        var turns = 0
        while tail.text.count < 31, tail.takeTurn() { turns += 1 }
        #expect(tail.text.count == 31)
        // Each of the others had one turn, and the hot one no more than one between two of them.
        #expect(turns <= 61)
        #expect(tail.read(folder("hot.log")).utf8.count < 400_000)
    }

    @Test func `a file that appears is opened before anything else is read`() throws {
        let folder = try TemporaryFolder()
        folder.run("head -c 400000 /dev/zero | tr '\\0' x | fold -w 99 > hot.log; echo >> hot.log")
        let tail = try TailHarness(folder)
        tail.budgetBytes = 4_096
        try tail.tailer.look()
        tail.takeTurn()
        // Made, renamed out of sight of every glob and unlinked while the hot file has much to be read.
        folder.run("echo short > b.log")
        try tail.tailer.look()
        folder.run("rm b.log")
        try tail.settle()
        #expect(tail.read(folder("b.log")) == "short\n")
    }

    /// NFS tells of a file that another host has deleted by an error of the read, not of the open (ESTALE).
    @Test func `a file that is gone from under its descriptor is opened anew`() throws {
        let folder = try TemporaryFolder()
        folder.write("a.log", "one\n")
        var syscalls = Syscalls.live
        let isStale = Flag()
        syscalls.readAt = { descriptor, buffer, offset throws(SystemError) in
            if isStale.isSet { throw SystemError(call: "pread", number: 116) }
            return try Syscalls.live.readAt(descriptor, buffer, offset)
        }
        let source = SourceFiles(name: "s", include: [try Glob(folder("*.log"))], start: .beginning)
        let tail = try TailHarness(TailConfiguration(sources: [source]), syscalls: syscalls)
        try tail.settle()
        isStale.set(true)
        folder.append("a.log", "two\n")
        try tail.settle()
        #expect(tail.read(folder("a.log")) == "one\n")
        #expect(tail.failures.count + tail.notes.count > 0)
        isStale.set(false)
        try tail.settle(afterMillis: 6_000)
        try tail.settle(afterMillis: 6_000)
        #expect(tail.read(folder("a.log")) == "one\ntwo\n")
    }
}
