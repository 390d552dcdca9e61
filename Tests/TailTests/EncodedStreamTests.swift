import Testing

@testable import Tail

/// Finished logs that are not UTF-8 on disk.
struct EncodedStreamTests {
    private static let marked = WrittenEncoding.all.filter { $0.configured == .automatic }

    @Test(arguments: marked, [1, 3, 7, 4_096])
    func `the text of a finished log comes out as UTF-8, plain or compressed`(
        encoding: WrittenEncoding, step: Int
    ) throws {
        let folder = try TemporaryFolder()
        let text = "first\n" + String(repeating: "é€😀 abcdefgh\n", count: 3_000)
        folder.write("a.log", encoding.mark + encoding.bytes(text))
        folder.run("gzip -k a.log")
        for name in ["a.log", "a.log.gz"] {
            let stream = try LogStream(path: folder(name))
            #expect(try read(stream, by: step) == Array(text.utf8))
            #expect(stream.bytesTaken == stream.size && stream.damage == nil)
            #expect(stream.isSeekable == (name == "a.log" && encoding.form == .utf8 && !encoding.hasMark))
            #expect(stream.markBytes == (encoding.form == .utf8 ? encoding.mark.count : 0))
        }
        let raw = try LogStream(path: folder("a.log.gz"), asBytes: true)
        #expect(try read(raw, by: 4_096) == encoding.mark + encoding.bytes(text))
    }

    @Test func `what is cut off within a character ends in U+FFFD`() throws {
        let folder = try TemporaryFolder()
        folder.write("a.log", [0xFF, 0xFE, 0x41, 0, 0x3D, 0xD8, 0])
        #expect(try read(LogStream(path: folder("a.log")), by: 100) == Array("A\u{FFFD}\u{FFFD}".utf8))
    }

    @Test(arguments: [[0xFF, 0xFE], [0xFE, 0xFF], [0xEF, 0xBB, 0xBF], []] as [[UInt8]])
    func `a mark alone is no text`(mark: [UInt8]) throws {
        let folder = try TemporaryFolder()
        folder.write("a.log", mark)
        #expect(try read(LogStream(path: folder("a.log")), by: 100) == [])
    }

    private func read(_ stream: LogStream, by step: Int) throws -> [UInt8] {
        var text: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: step)
        while true {
            let count = try buffer.withUnsafeMutableBytes { try stream.read(into: $0) }
            if count == 0 { return text }
            text += buffer[..<count]
        }
    }
}
