import Testing

@testable import Events

/// Bytes that nobody meant to be a log line: no trap, no range outside of the line, whatever they are.
@Suite struct HostileHeaderTests {
    /// Pieces of headers, to be set together at random.
    private static let pieces = [
        "2026-11-22", "10:00:00", ",123", "T", "Z", "+02:00", " UTC", "Nov", "Sun ", "22", "[", "]", "(", ")", "<34>",
        "1 ", "ERROR",
        "error", ":", " ", "|", "-", "---", "web", "app[12]:", "\u{1B}[31m", "\u{1B}", "{\"level\":\"", "\"", "ts=",
        "1795341600",
        "12:M ", "E1122 ", "\u{0}", "é", "a.b.C", "stdout F ", "[   12.345678]", "msg=", "level=", "\\", "\r", "\t",
        "/", "*64",
    ]

    @Test(arguments: 0..<8)
    func `random pieces of headers keep every range inside of the line`(seed: Int) {
        var random = SplitMix(state: UInt64(seed))
        var scanner = TimestampScanner(zone: .utc, reference: RecordHeaderTests.reference)
        for _ in 0..<5_000 {
            var bytes: [UInt8] = []
            for _ in 0..<random.next(below: 14) {
                if random.next(below: 12) == 0 {
                    bytes.append(UInt8(random.next(below: 256)))
                } else {
                    bytes += Self.pieces[random.next(below: Self.pieces.count)].utf8
                }
            }
            expectSound(bytes, &scanner, "seed \(seed): \(bytes)")
        }
    }

    @Test func `every first two bytes are borne`() {
        var scanner = TimestampScanner(zone: .utc, reference: RecordHeaderTests.reference)
        for first in 0...255 {
            for second in 0...255 { expectSound([UInt8(first), UInt8(second)], &scanner, "\(first) \(second)") }
        }
    }

    @Test(arguments: [
        "1", "[", "(", "1 ", "1:", "<", "-", "|", "{\"", "\u{1B}[", "Nov ", "1795341600 ", "E ", "ERROR:", "a.", "[",
    ])
    func `a long line of one thing is borne`(piece: String) {
        var scanner = TimestampScanner(zone: .utc, reference: RecordHeaderTests.reference)
        for head in ["", "2026-11-22 10:00:00 ", "<34>1 2026-11-22T10:00:00Z a b c d ", "Nov 22 10:00:00 web "] {
            expectSound(Array((head + String(repeating: piece, count: 300_000)).utf8), &scanner, head)
        }
    }

    @Test func `an empty line has no header`() {
        var scanner = TimestampScanner(zone: .utc, reference: RecordHeaderTests.reference)
        let empty = UnsafeRawBufferPointer(start: nil, count: 0)
        #expect(RecordHeader.parse(empty, &scanner) == RecordHeader())
        #expect(scanner.scan(empty) == nil)
        #expect(!RecordHeader.startsRecord(empty))
        #expect(LogLevel(word: empty) == nil)
    }

    private func expectSound(_ bytes: [UInt8], _ scanner: inout TimestampScanner, _ note: String) {
        let header = bytes.withUnsafeBytes { RecordHeader.parse($0, &scanner) }
        _ = bytes.withUnsafeBytes { RecordHeader.startsRecord($0) }
        let ranges = [
            header.time?.range, header.levelRange, header.host, header.program, header.process, header.thread,
            header.logger,
        ]
        let isSound = ranges.allSatisfy { range in
            range.map { $0.lowerBound >= 0 && $0.upperBound <= bytes.count && !$0.isEmpty } ?? true
        }
        if !isSound || !(0...bytes.count).contains(header.messageStart) {
            Issue.record("\(header) of \(note.prefix(400))")
        }
    }
}
