import Events
import Glibc
import Testing

@testable import Tail

struct CopyTruncateTests {
    private func lines(_ range: Range<Int>) -> String {
        range.map { "line \($0) of this log\n" }.joined()
    }

    @Test(arguments: [["a.log"], ["a.log*"], ["*"]])
    func `what was written between the last read and the cut is read from the copy, once`(globs: [String]) throws {
        let folder = try TemporaryFolder()
        folder.write("a.log", lines(0..<5))
        let tail = try TailHarness(folder, globs)
        try tail.settle()
        folder.append("a.log", lines(5..<9) + "half")
        folder.run("cp a.log a.log.1; : > a.log")
        folder.append("a.log", lines(9..<12))
        try tail.settle(afterMillis: 5_000)
        #expect(tail.read(folder("a.log")) == lines(0..<9) + "half⏎\n" + lines(9..<12))
        #expect(tail.text.values.filter { !$0.isEmpty }.count == 1)
        #expect(tail.bytesLost == 0)
        #expect(tail.notes.contains { $0.contains("its rest from \(folder("a.log.1"))") })
    }

    @Test func `a copy seen before the cut is not read either`() throws {
        let folder = try TemporaryFolder()
        folder.write("a.log", lines(0..<5))
        let tail = try TailHarness(folder, ["a.log*"])
        try tail.settle()
        folder.run("head -c 30 a.log > a.log.1")
        try tail.settle()
        folder.run("cp a.log a.log.1")
        try tail.settle()
        folder.append("a.log", lines(5..<6))
        try tail.settle()
        folder.write("a.log", lines(6..<7))
        try tail.settle()
        folder.run("mv a.log.1 a.log.2; cp a.log a.log.1; : > a.log")
        try tail.settle(afterMillis: 5_000)
        #expect(tail.read(folder("a.log")) == lines(0..<7))
        #expect(tail.lines == 7)
        #expect(tail.progress(folder("a.log.2"))?.state == .skipped)
    }

    @Test func `copied and cut while down: the rest comes from the copy, and nothing twice after one more restart`()
        throws
    {
        let folder = try TemporaryFolder()
        folder.write("a.log", lines(0..<5))
        let tail = try TailHarness(folder, ["a.log*"])
        try tail.settle()
        folder.append("a.log", lines(5..<9))
        folder.run("cp a.log a.log.1; : > a.log")
        folder.append("a.log", lines(9..<12))
        try tail.restart()
        try tail.settle(afterMillis: 5_000)
        try tail.restart()
        folder.append("a.log", lines(12..<13))
        try tail.settle(afterMillis: 5_000)
        #expect(tail.read(folder("a.log")) == lines(0..<13))
        #expect(tail.lines == 13)
    }

    @Test func `a log that only begins like its relative is read, a moment later`() throws {
        let folder = try TemporaryFolder()
        folder.write("a.log", "started\nfine\n")
        let tail = try TailHarness(folder, ["a.log*"])
        try tail.settle()
        folder.write("a.log.err", "started\n")
        try tail.settle()
        #expect(tail.read(folder("a.log.err")) == "")
        folder.append("a.log.err", "broken\n")
        try tail.settle()
        #expect(tail.read(folder("a.log.err")) == "started\nbroken\n")
        folder.write("a.log.2", "star")
        try tail.settle(afterMillis: 1_000)
        folder.append("a.log.2", "s in the sky\n")
        try tail.settle()
        #expect(tail.read(folder("a.log.2")) == "stars in the sky\n")
    }

    @Test func `without a copy the loss is counted as far as it is known`() throws {
        let folder = try TemporaryFolder()
        folder.write("a.log", lines(0..<1_000))
        let tail = try TailHarness(folder) { $0.blockBytes = 1_024 }
        tail.budgetBytes = 1_024
        try tail.tailer.look()
        tail.takeTurn()
        folder.write("a.log", "")
        try tail.settle()
        let size = Int64(lines(0..<1_000).utf8.count)
        #expect(tail.bytesLost == size - 1_024)
        #expect(tail.lines == Int64(tail.read(folder("a.log")).split(separator: "\n").count))
    }
}
