import Events
import Glibc
import Testing

@testable import Tail

/// FIFOs, whose bytes come once: writers come and go, and nothing may be lost or glued on the way.
struct PipeTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func makeFIFO(_ name: String = "app.log") -> String {
        let path = folder(name)
        #expect(mkfifo(path, 0o600) == 0)
        return path
    }

    /// Opens for writing as a program would, though without waiting: there must be a reader already.
    private func openWriter(_ path: String) throws -> Int32 {
        let descriptor = open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC)
        try #require(descriptor >= 0, "no reader: \(errno)")
        return descriptor
    }

    private func put(_ text: String, into descriptor: Int32) {
        let bytes = Array(text.utf8)
        #expect(write(descriptor, bytes, bytes.count) == bytes.count)
    }

    @Test func `writers come and go, and each line is read once`() throws {
        let path = makeFIFO()
        let harness = try TailHarness(folder)
        try harness.settle()
        for round in 0..<5 {
            let writer = try openWriter(path)
            put("round \(round) a\n", into: writer)
            try harness.settle()
            put("round \(round) b\n", into: writer)
            close(writer)
            try harness.settle()
        }
        #expect(harness.read(path) == (0..<5).map { "round \($0) a\nround \($0) b\n" }.joined())
        #expect(harness.lines == 10)
        #expect(harness.failures.isEmpty)
    }

    @Test func `half a line at the end of a writer is a line, and nothing is glued to it`() throws {
        let path = makeFIFO()
        let harness = try TailHarness(folder)
        try harness.settle()
        var writer = try openWriter(path)
        put("whole\nhalf", into: writer)
        try harness.settle()
        #expect(harness.read(path) == "whole\n")
        close(writer)
        try harness.settle()
        #expect(harness.read(path) == "whole\nhalf⏎\n")
        writer = try openWriter(path)
        put("next\n", into: writer)
        try harness.settle()
        #expect(harness.read(path) == "whole\nhalf⏎\nnext\n")
        #expect(harness.lines == 3)
        close(writer)
    }

    @Test func `a FIFO without writers costs no turns`() throws {
        let path = makeFIFO()
        let harness = try TailHarness(folder)
        try harness.settle()
        let writer = try openWriter(path)
        put("a\n", into: writer)
        close(writer)
        try harness.settle()
        let turns = harness.turns
        for _ in 0..<20 {
            harness.clock.advance(millis: 100)
            try harness.settle()
        }
        #expect(harness.turns == turns)
        #expect(harness.read(path) == "a\n")
    }

    @Test func `an open record is taken as complete when the pipe is quiet`() throws {
        let path = makeFIFO()
        let harness = try TailHarness(folder)
        harness.consume = { $0.ending == .more ? 0 : $0.bytes.count }
        try harness.settle()
        let writer = try openWriter(path)
        put("ERROR a\n\tat b\n", into: writer)
        try harness.settle()
        #expect(harness.read(path) == "")
        try harness.settle(afterMillis: 300)
        #expect(harness.read(path) == "ERROR a\n\tat b\n")
        #expect(harness.endings.last == .quiet)
        close(writer)
    }

    @Test func `a FIFO that is deleted is read until its writers are gone`() throws {
        let path = makeFIFO()
        let harness = try TailHarness(folder)
        try harness.settle()
        let writer = try openWriter(path)
        put("a\n", into: writer)
        try harness.settle()
        unlink(path)
        try harness.settle(afterMillis: 60_000)
        put("b\n", into: writer)
        try harness.settle()
        close(writer)
        try harness.settle()
        #expect(harness.read(path) == "a\nb\n")
        #expect(harness.progress(path) == nil)
        // One of the same name is another one.
        _ = makeFIFO()
        try harness.settle()
        let next = try openWriter(path)
        put("c\n", into: next)
        try harness.settle()
        #expect(harness.read(path) == "a\nb\nc\n")
        close(next)
    }

    @Test func `what is held is kept however little memory there is`() throws {
        let path = makeFIFO()
        let harness = try TailHarness(folder) {
            $0.heldBytesTotalMax = 0
            $0.blockBytes = 1_024
        }
        try harness.settle()
        let writer = try openWriter(path)
        let long = String(repeating: "x", count: 20_000)
        put(long, into: writer)
        try harness.settle()
        put("\nnext\n", into: writer)
        try harness.settle()
        #expect(harness.read(path) == long + "\nnext\n")
        close(writer)
    }

    @Test func `a line beyond the limit is cut, and what was cut is counted`() throws {
        let path = makeFIFO()
        let harness = try TailHarness(folder) { $0.lineBytesMax = 1_000 }
        try harness.settle()
        let writer = try openWriter(path)
        put(String(repeating: "x", count: 5_000) + "\nnext\n", into: writer)
        try harness.settle()
        #expect(harness.read(path) == String(repeating: "x", count: 1_000) + "\nnext\n")
        #expect(harness.bytesLost == 4_000)
        close(writer)
    }

    @Test(arguments: [1, 3, 4_096]) func `UTF-16 is told and decoded, in pieces of any size`(size: Int) throws {
        let path = makeFIFO()
        let harness = try TailHarness(folder)
        try harness.settle()
        let writer = try openWriter(path)
        var bytes: [UInt8] = [0xFF, 0xFE]
        for unit in "größer\nzweite 🙂\n".utf16 { bytes += [UInt8(unit & 0xFF), UInt8(unit >> 8)] }
        var start = 0
        while start < bytes.count {
            let piece = Array(bytes[start..<min(bytes.count, start + size)])
            #expect(write(writer, piece, piece.count) == piece.count)
            try harness.settle()
            start += size
        }
        close(writer)
        try harness.settle()
        #expect(harness.read(path) == "größer\nzweite 🙂\n")
    }

    @Test func `at the end, what has arrived is taken, whole or not`() throws {
        let path = makeFIFO()
        let harness = try TailHarness(folder)
        harness.consume = { $0.ending == .more ? 0 : $0.bytes.count }
        try harness.settle()
        let writer = try openWriter(path)
        put("held\nhalf", into: writer)
        try harness.settle()
        put(" a line\nunread", into: writer)
        let pipes = harness.tailer.pipesAtEnd()
        #expect(pipes.count == 1)
        var text: [UInt8] = []
        let result = try #require(pipes.first).turn(budgetBytes: 1 << 20) { chunk in
            guard chunk.ending != .more else { return 0 }
            text += chunk.bytes
            return chunk.bytes.count
        }
        #expect(result == .finished)
        #expect(String(decoding: text, as: UTF8.self) == "held\nhalf a line\nunread")
        close(writer)
    }

    @Test func `a restart does not look for a place in a pipe`() throws {
        let path = makeFIFO()
        let harness = try TailHarness(folder)
        try harness.settle()
        var writer = try openWriter(path)
        put("before\n", into: writer)
        try harness.settle()
        close(writer)
        try harness.restart()
        try harness.settle()
        writer = try openWriter(path)
        put("after\n", into: writer)
        try harness.settle()
        #expect(harness.read(path) == "before\nafter\n")
        #expect(harness.bytesLost == 0)
        #expect(harness.notes.isEmpty)
        close(writer)
    }
}
