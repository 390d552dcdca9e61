import Testing

@testable import Tail

/// Streams of syslog, cut into messages: the same however they come.
struct SyslogFramerTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var stream: String
        var messages: [String]
        var framing: SyslogFramer.Framing
        var isBroken = false

        var testDescription: String { name }
    }

    static let cases = [
        Case(
            name: "lines", stream: "<13>one\n<13>two\r\n\n<13>last", messages: ["<13>one", "<13>two", "<13>last"],
            framing: .lines),
        Case(
            name: "counted", stream: "7 <13>one10 <13>two\nxy4 <1>x", messages: ["<13>one", "<13>two\nxy", "<1>x"],
            framing: .counted),
        Case(
            name: "counted, and a newline behind each", stream: "7 <13>one\n7 <13>two\n",
            messages: ["<13>one", "<13>two"], framing: .counted),
        Case(
            name: "NULs behind lines", stream: "<13>one\0\n<13>two\0\n", messages: ["<13>one", "<13>two"],
            framing: .lines),
        Case(
            name: "lines that begin with numbers", stream: "42 bottles\n7\n12 <not counted\n",
            messages: ["42 bottles", "7", "12 <not counted"], framing: .lines),
        Case(
            name: "a number without end", stream: "1234567890 <13>x\n", messages: ["1234567890 <13>x"], framing: .lines),
        Case(name: "no priority", stream: "hello\nworld\n", messages: ["hello", "world"], framing: .lines),
        Case(
            name: "a length that is none", stream: "7 <13>one<13>two\n", messages: ["<13>one"], framing: .counted,
            isBroken: true),
        Case(name: "a counted message that was cut off", stream: "9 <13>on", messages: ["<13>on"], framing: .counted),
        Case(name: "nothing", stream: "", messages: [], framing: .lines),
        Case(name: "a number alone", stream: "42", messages: ["42"], framing: .lines),
    ]

    private func frame(_ pieces: [ArraySlice<UInt8>], max: Int = 8_192) -> (SyslogFramer, [SyslogFramer.Message]) {
        var framer = SyslogFramer(messageBytesMax: max)
        var found: [SyslogFramer.Message] = []
        for piece in pieces { Array(piece).withUnsafeBytes { framer.add($0) { found.append($0) } } }
        framer.end { found.append($0) }
        return (framer, found)
    }

    @Test(arguments: cases)
    func `a stream split at each byte gives the same messages`(_ row: Case) {
        let bytes = Array(row.stream.utf8)
        for cut in 0...bytes.count {
            let (framer, found) = frame([bytes[..<cut], bytes[cut...]])
            #expect(found.map { String(decoding: $0.bytes, as: UTF8.self) } == row.messages, "cut at \(cut)")
            #expect(framer.framing == row.framing)
            #expect(framer.isBroken == row.isBroken)
        }
        let (_, single) = frame(bytes.indices.map { bytes[$0...$0] })
        #expect(single.map { String(decoding: $0.bytes, as: UTF8.self) } == row.messages)
    }

    @Test(arguments: [false, true])
    func `a megabyte is cut at the limit, and the next message is whole`(isCounted: Bool) {
        let long = "<13>" + String(repeating: "x", count: 1_048_576)
        let next = "<13>next"
        let stream = isCounted ? "\(long.utf8.count) \(long)\(next.utf8.count) \(next)" : "\(long)\n\(next)\n"
        let bytes = Array(stream.utf8)
        let pieces = stride(from: 0, to: bytes.count, by: 65_536).map { bytes[$0..<min($0 + 65_536, bytes.count)] }
        let (_, found) = frame(pieces)
        #expect(found.map(\.bytes.count) == [8_192, next.utf8.count])
        #expect(found.map(\.bytesCut) == [long.utf8.count - 8_192, 0])
    }
}
