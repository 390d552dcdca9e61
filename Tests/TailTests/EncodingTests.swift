import Events
import Glibc
import Testing

@testable import Tail

/// Text that is not UTF-8 on disk comes out as UTF-8, while every checkpoint counts bytes of the file.
struct EncodingTests {
    private static let text = "one ਊ\r\né€ two\n\n😀 three\n"

    @Test(arguments: WrittenEncoding.all, [1, 16, 17, 1_000])
    func `the same lines come out whatever the size of a read`(encoding: WrittenEncoding, blockBytes: Int) throws {
        let folder = try TemporaryFolder()
        let text = encoding.holdable(
            (0..<60).map { "\($0) " + String(repeating: "é😀ਊ", count: $0 % 3) + "\n" }.joined())
        folder.write("a.log", encoding.mark + encoding.bytes(text))
        let tail = try TailHarness(folder, encoding) { $0.blockBytes = blockBytes }
        tail.budgetBytes = blockBytes
        try tail.settle()
        #expect(tail.read(folder("a.log")) == text)
        #expect(tail.lines == 60 && tail.bytesLost == 0 && tail.notes.isEmpty)
        let checkpoint = try #require(tail.checkpoints.first)
        #expect(checkpoint.offset == Int64(encoding.mark.count + encoding.bytes(text).count))
        #expect(tail.chunks.first?.offset == Int64(encoding.mark.count))
    }

    @Test(arguments: WrittenEncoding.all)
    func `it may be appended in two parts, split anywhere`(encoding: WrittenEncoding) throws {
        let text = encoding.holdable(EncodingTests.text)
        let bytes = encoding.mark + encoding.bytes(text)
        let isTold = encoding.hasMark || encoding.configured != .automatic || encoding.form == .utf8
        // A single byte of an unmarked file is read at once, as what it is most often: the first of UTF-8.
        for split in (isTold ? 0 : 2)...bytes.count {
            let folder = try TemporaryFolder()
            folder.write("a.log", Array(bytes[..<split]))
            let tail = try TailHarness(folder, encoding)
            try tail.settle()
            folder.append("a.log", Array(bytes[split...]))
            try tail.settle()
            #expect(tail.read(folder("a.log")) == text, "split at \(split)")
            #expect(tail.lines == 4 && tail.bytesLost == 0)
        }
    }

    @Test(arguments: WrittenEncoding.all)
    func `it may be resumed at every line`(encoding: WrittenEncoding) throws {
        let lines = ["one ਊ\r\n", "é€ two\n", "\n", "😀 three\n"].map { encoding.holdable($0) }
        for taken in 0...lines.count {
            let folder = try TemporaryFolder()
            folder.write("a.log", encoding.mark + encoding.bytes(lines.joined()))
            let tail = try TailHarness(folder, encoding)
            let first = lines[..<taken].joined()
            tail.consume = { _ in first.utf8.count }
            try tail.settle()
            let before = Int64(encoding.mark.count + encoding.bytes(first).count)
            #expect(tail.checkpoints.map(\.offset) == [before])
            #expect(tail.checkpoints.map(\.lines) == [Int64(taken)])
            try tail.restart()
            tail.consume = { $0.bytes.count }
            folder.append("a.log", encoding.bytes("last\n"))
            try tail.settle()
            #expect(tail.read(folder("a.log")) == lines.joined() + "last\n", "resumed after \(taken) lines")
            #expect(tail.chunks.last?.line == Int64(taken) + 1 && tail.chunks.last?.offset == before)
            #expect(tail.notes.isEmpty)
        }
    }

    @Test(arguments: WrittenEncoding.wide)
    func `half a unit waits for its other half over a restart, and is counted as lost at the end`(
        encoding: WrittenEncoding
    ) throws {
        let folder = try TemporaryFolder()
        let bytes = encoding.mark + encoding.bytes("one\ntwo\n")
        folder.write("a.log", Array(bytes.dropLast()))
        let tail = try TailHarness(folder, encoding)
        try tail.settle()
        try tail.restart()
        try tail.settle()
        #expect(tail.read(folder("a.log")) == "one\n")
        folder.append("a.log", Array(bytes.suffix(1)) + [0x41])
        try tail.settle()
        #expect(tail.read(folder("a.log")) == "one\ntwo\n" && tail.bytesLost == 0)
        folder.remove("a.log")
        try tail.settle(afterMillis: 60_000)
        #expect(tail.read(folder("a.log")) == "one\ntwo\n" && tail.bytesLost == 1)
    }

    @Test(arguments: WrittenEncoding.all)
    func `started at the end, it stands behind the last newline`(encoding: WrittenEncoding) throws {
        let folder = try TemporaryFolder()
        // The second line is longer than what is looked at in one go, and ends in half a character.
        let half = "h" + String(repeating: "a", count: 30_000)
        folder.write("a.log", encoding.mark + encoding.bytes("old\n" + half))
        let tail = try TailHarness(folder, encoding, start: .end)
        try tail.settle()
        folder.append("a.log", encoding.bytes("lf\nnew\n"))
        try tail.settle()
        #expect(tail.read(folder("a.log")) == half + "lf\nnew\n")
    }

    @Test(arguments: WrittenEncoding.all)
    func `it is rotated, truncated and rewritten`(encoding: WrittenEncoding) throws {
        let folder = try TemporaryFolder()
        folder.write("a.log", encoding.mark + encoding.bytes("one\n"))
        let tail = try TailHarness(folder, encoding)
        try tail.settle()
        folder.append("a.log", encoding.bytes("two\nha"))
        folder.rename("a.log", "a.log.1")
        folder.write("a.log", encoding.mark + encoding.bytes("three\n"))
        try tail.settle()
        folder.append("a.log.1", encoding.bytes("lf\n"))
        try tail.settle()
        folder.write("a.log", encoding.mark + encoding.bytes("4\n"))
        try tail.settle()
        folder.write("a.log", encoding.mark + encoding.bytes("other and longer\n"))
        try tail.settle(afterMillis: 60_000)
        let lines = tail.read(folder("a.log")).split(separator: "\n").sorted()
        #expect(lines == ["4", "half", "one", "other and longer", "three", "two"])
        #expect(tail.bytesLost == 0)
    }

    @Test(arguments: WrittenEncoding.all)
    func `copytruncate takes the mark away, and reading goes on`(encoding: WrittenEncoding) throws {
        let folder = try TemporaryFolder()
        folder.write("a.log", encoding.mark + encoding.bytes("one\n"))
        let tail = try TailHarness(folder, encoding, globs: ["a.log*"])
        try tail.settle()
        folder.append("a.log", encoding.bytes("two\n"))
        folder.run("cp a.log a.log.1 && : > a.log")
        folder.append("a.log", encoding.bytes("3\n"))
        try tail.settle(afterMillis: 2_000)
        // The other byte order goes on only where it is configured: without the mark, nothing but that is known.
        let isOther = encoding.hasMark && encoding.configured == .utf16LittleEndian
        #expect(tail.read(folder("a.log")).hasPrefix(isOther ? "one\ntwo\n" : "one\ntwo\n3\n"))
        try tail.restart()
        folder.append("a.log", encoding.bytes("four\n"))
        try tail.settle(afterMillis: 2_000)
        if !isOther { #expect(tail.read(folder("a.log")) == "one\ntwo\n3\nfour\n") }
        #expect(tail.bytesLost == 0)
    }

    @Test func `a log may become another encoding with its next generation`() throws {
        let folder = try TemporaryFolder()
        let tail = try TailHarness(folder)
        var text = ""
        for encoding in WrittenEncoding.all where encoding.configured == .automatic {
            folder.write("a.log", "")
            try tail.settle()
            folder.write("a.log", encoding.mark + encoding.bytes("as \(encoding.form)\n"))
            try tail.settle()
            text += "as \(encoding.form)\n"
        }
        #expect(tail.read(folder("a.log")) == text)
    }

    @Test(arguments: WrittenEncoding.all)
    func `what was rotated and compressed while down is finished from the archive`(encoding: WrittenEncoding) throws {
        let folder = try TemporaryFolder()
        let text = (0..<300).map { "line \($0)\n" }
        folder.write("a.log", encoding.mark + encoding.bytes(text[..<200].joined()))
        let tail = try TailHarness(folder, encoding)
        try tail.settle()
        folder.append("a.log", encoding.bytes(text[200...].joined()))
        folder.rename("a.log", "a.log.1")
        folder.run("gzip a.log.1")
        try tail.restart()
        try tail.settle(afterMillis: 60_000)
        #expect(tail.lines == 300)
        #expect(tail.text.values.flatMap { String(decoding: $0, as: UTF8.self).split(separator: "\n") }.count == 300)
    }
}
