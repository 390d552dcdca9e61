import Events
import Glibc
import Testing

@testable import Tail

struct LineTests {
    @Test(arguments: [1, 7, 16, 64, 1_000])
    func `the same lines come out whatever the size of a read`(blockBytes: Int) throws {
        let folder = try TemporaryFolder()
        let text = (0..<500).map { String(repeating: "é\($0) ", count: $0 % 9) + "\r\n" }.joined()
        folder.write("a.log", text)
        let tail = try TailHarness(folder) { $0.blockBytes = blockBytes }
        tail.budgetBytes = blockBytes
        try tail.settle()
        #expect(tail.read(folder("a.log")) == text)
        #expect(tail.lines == 500)
    }

    @Test(arguments: [16, 50, 4_096])
    func `an over-long line is cut between characters, counted once, and the next line is whole`(block: Int) throws {
        let folder = try TemporaryFolder()
        folder.write("a.log", "first\n")
        let tail = try TailHarness(folder) {
            $0.lineBytesMax = 50
            $0.blockBytes = block
        }
        try tail.settle()
        for _ in 0..<100 {
            folder.append("a.log", "€€€€€")
            try tail.settle()
        }
        folder.append("a.log", "end\nlast\n")
        try tail.settle()
        #expect(tail.read(folder("a.log")) == "first\n" + String(repeating: "€", count: 16) + "\nlast\n")
        #expect(tail.bytesLost == 1_503 - 48 && tail.lines == 3)
        #expect(tail.notes.filter { $0.contains("cut") } == ["1 over-long line cut"])
        #expect(tail.progress(folder("a.log"))?.checkpoint.lines == 3)
    }

    @Test func `a restart inside an over-long line does not take its rest for a line`() throws {
        let folder = try TemporaryFolder()
        folder.write("a.log", String(repeating: "x", count: 100))
        let tail = try TailHarness(folder) { $0.lineBytesMax = 50 }
        try tail.settle()
        try tail.restart()
        folder.append("a.log", "rest\nnext\n")
        try tail.settle()
        #expect(tail.read(folder("a.log")) == String(repeating: "x", count: 50) + "\nnext\n")
    }

    @Test func `a gap of NULs is stepped over, also a hole of gigabytes`() throws {
        let folder = try TemporaryFolder()
        folder.write("a.log", "one\nhalf")
        let tail = try TailHarness(folder)
        try tail.settle()
        #expect(truncate(folder("a.log"), 3 << 30) == 0)
        folder.append("a.log", "two\n\0\0three\n")
        try tail.settle()
        #expect(tail.read(folder("a.log")) == "one\nhalf\ntwo\n\0\0three\n")
        #expect(tail.notes.last == "\((3 << 30) - 8) NUL bytes skipped" && tail.bytesLost == 0)
        #expect(tail.turns < 20)
    }

    @Test func `truncation by a writer that does not append leaves a hole, which is nothing`() throws {
        let folder = try TemporaryFolder()
        let writer = open(folder("a.log"), O_WRONLY | O_CREAT, 0o644)
        write(writer, "one\ntwo\n", 8)
        let tail = try TailHarness(folder)
        try tail.settle()
        #expect(truncate(folder("a.log"), 0) == 0)
        write(writer, "three\n", 6)
        close(writer)
        try tail.settle()
        #expect(tail.read(folder("a.log")) == "one\ntwo\nthree\n")
    }

    @Test func `a byte order mark is not part of the first line`() throws {
        let folder = try TemporaryFolder()
        folder.write("a.log", [0xEF, 0xBB, 0xBF] + Array("one\n".utf8))
        let tail = try TailHarness(folder)
        try tail.settle()
        try tail.restart()
        folder.append("a.log", "two\n")
        try tail.settle()
        #expect(tail.read(folder("a.log")) == "one\ntwo\n" && tail.chunks.first?.offset == 3)
    }

    @Test func `a record that never ends is closed at the limit of what is held`() throws {
        let folder = try TemporaryFolder()
        folder.write("a.log", String(repeating: "line\n", count: 1_000))
        let tail = try TailHarness(folder) {
            $0.lineBytesMax = 100
            $0.heldBytesMax = 200
        }
        tail.consume = { _ in 0 }
        try tail.settle()
        #expect(tail.chunks.allSatisfy { $0.bytes.count <= 300 })
        #expect(tail.lines > 900)
    }
}
