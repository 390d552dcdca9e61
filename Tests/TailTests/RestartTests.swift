import Events
import Testing

@testable import Tail

struct RestartTests {
    @Test func `after a restart reading goes on where it stood`() throws {
        let folder = try TemporaryFolder()
        folder.write("a.log", "one\nha")
        let tail = try TailHarness(folder)
        try tail.settle()
        try tail.restart()
        folder.append("a.log", "lf\ntwo\n")
        try tail.settle()
        #expect(tail.read(folder("a.log")) == "one\nhalf\ntwo\n")
        #expect(tail.chunks.last?.line == 2)
    }

    @Test func `a record open at the restart is handed out again from its first byte`() throws {
        let folder = try TemporaryFolder()
        folder.write("a.log", "fine\nError\n at f\n")
        let tail = try TailHarness(folder)
        tail.consume = { $0.ending == .more ? 5 : $0.bytes.count }
        try tail.settle()
        tail.consume = { $0.ending == .more ? 0 : $0.bytes.count }
        try tail.restart()
        folder.append("a.log", " at g\n")
        try tail.settle(afterMillis: 1_000)
        #expect(tail.read(folder("a.log")) == "fine\nError\n at f\n at g\n")
        #expect(tail.chunks.last?.offset == 5 && tail.chunks.last?.line == 2)
    }

    @Test func `what was renamed while down is finished, and the new file is read from its first byte`() throws {
        let folder = try TemporaryFolder()
        folder.write("a.log", "one\n")
        let tail = try TailHarness(folder, start: .end)
        try tail.settle()
        folder.append("a.log", "two\n")
        try tail.settle()
        folder.append("a.log", "three\n")
        folder.rename("a.log", "a.log-20261122")
        folder.write("a.log", "four\n")
        folder.write("b.log", "appeared while down\n")
        try tail.restart()
        try tail.settle(afterMillis: 60_000)
        #expect(tail.read(folder("a.log")).split(separator: "\n").sorted() == ["four", "three", "two"])
        #expect(tail.read(folder("b.log")) == "appeared while down\n")
    }

    @Test(arguments: ["x\n", "other\nlines\nand more of them\n"])
    func `a file rewritten while down is read from its first byte`(content: String) throws {
        let folder = try TemporaryFolder()
        folder.write("a.log", "one\ntwo\n")
        let tail = try TailHarness(folder)
        try tail.settle()
        folder.write("a.log", content)
        try tail.restart()
        try tail.settle()
        #expect(tail.read(folder("a.log")) == "one\ntwo\n" + content)
        #expect(tail.progress(folder("a.log"))?.checkpoint.generation == 1)
        #expect(tail.notes.last == "not the file that was read to byte 8 before the restart, read from the beginning")
    }

    @Test(
        arguments: ["gzip a.log.1", "cp a.log.1 a.log.2; rm a.log.1", "gzip -c a.log.1 | head -c 40 > x; rm a.log.1"],
        ["*.log", "a.log*"])
    func `what was rotated and compressed while down is finished from the archive`(
        command: String, glob: String
    ) throws {
        let folder = try TemporaryFolder()
        folder.write("a.log", (0..<100).map { "line \($0)\n" }.joined())
        let tail = try TailHarness(folder, [glob])
        try tail.settle()
        folder.append("a.log", (100..<200).map { "line \($0)\n" }.joined())
        folder.rename("a.log", "a.log.1")
        folder.run(command)
        folder.write("a.log", "new\n")
        try tail.restart()
        try tail.settle(afterMillis: 60_000)
        let isGone = command.contains("head")
        #expect(tail.lines == (isGone ? 101 : 201))
        let lines = tail.text.values.flatMap { String(decoding: $0, as: UTF8.self).split(separator: "\n") }
        #expect(Set(lines).count == lines.count)
        try tail.restart()
        try tail.settle(afterMillis: 60_000)
        #expect(tail.lines == (isGone ? 101 : 201))
    }

    @Test func `a name that holds another file is not taken for the old one`() throws {
        let folder = try TemporaryFolder()
        folder.write("a.log", "one\n")
        let tail = try TailHarness(folder)
        try tail.settle()
        folder.remove("a.log")
        folder.write("a.log", "one\ntwo\n")
        try tail.restart()
        try tail.settle()
        #expect(tail.read(folder("a.log")) == "one\none\ntwo\n")
    }
}
