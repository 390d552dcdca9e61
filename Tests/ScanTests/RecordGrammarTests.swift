import Patterns
import Testing

@testable import Events
@testable import Scan

@Suite struct RecordGrammarTests {
    /// Cuts `bytes` from the first line on and compares with where the records are said to begin; then asks for the record
    /// around every line.
    private func check(_ lines: [(text: String, begins: Bool)], _ comment: Comment) {
        var bytes: [UInt8] = []
        var starts: [Int] = []
        for line in lines {
            if line.begins { starts.append(bytes.count) }
            bytes += Array(line.text.utf8) + [UInt8(ascii: "\n")]
        }
        bytes.withUnsafeBytes { buffer in
            let finder = RecordFinder(bytes: buffer)
            var found: [Int] = []
            var at = 0
            while at < buffer.count {
                let record = finder.record(from: at)
                found.append(at)
                at = record.end + 1
                // Blank lines that end a record belong to nobody; they begin none here.
                while at < buffer.count, !starts.contains(at), isBlank(buffer, at) { at = buffer.lineEnd(from: at) + 1 }
            }
            #expect(found == starts, comment)
            for (index, start) in starts.enumerated() {
                let end = index + 1 < starts.count ? starts[index + 1] : buffer.count
                for line in start..<end where line == start || buffer[line - 1] == UInt8(ascii: "\n") {
                    guard !isBlank(buffer, line) else { continue }
                    var record = finder.record(around: line, floor: 0)
                    // An open record was waiting for more at the end of the bytes; the line is not of it.
                    while record.end < line { record = finder.record(around: line, floor: record.end + 1) }
                    #expect(record.start == start, "\(comment), from byte \(line)")
                }
            }
        }
    }

    private func isBlank(_ buffer: UnsafeRawBufferPointer, _ start: Int) -> Bool {
        let shape = LineView(buffer.line(start, buffer.lineEnd(from: start))).shape
        return shape == .blank || shape == .markedBlank
    }

    @Test(arguments: RecordCase.traces + RecordCase.reports)
    func `cuts records, and finds each from any of its lines`(example: RecordCase) {
        check(example.lines, "as it is")
    }

    /// Docker compose, kubectl, syslog, journald and RFC 5424 put the same in front of each line of a program.
    static let prefixes = [
        "web_1  | ", "\u{1b}[36mweb_1  |\u{1b}[0m ", "[pod/shop-0/app] ", "Nov 22 10:00:00 app-1 shop[811]: ",
        "2026-11-22T10:00:00.123456+01:00 app-1 shop[811]: ", "<13>1 2026-11-22T10:00:00Z app-1 shop 811 - - ",
    ]

    @Test(arguments: RecordCase.traces, prefixes)
    func `a prefix on every line changes nothing`(example: RecordCase, prefix: String) {
        check(example.lines.map { (prefix + $0.text, $0.begins) }, "behind '\(prefix)'")
    }

    @Test(arguments: RecordCase.reports.suffix(3))
    func `a kernel's report behind syslog is one record`(example: RecordCase) {
        check(example.lines.map { ("Nov 22 10:00:00 app-1 kernel: " + $0.text, $0.begins) }, "syslog")
    }

    @Test func `a line of another writer ends the record`() {
        check(
            [
                ("web_1  | Traceback (most recent call last):", true),
                ("web_1  |   File \"a.py\", line 1, in f", false),
                ("db_1   |   indented", true), ("web_1  |     g()", true),
            ], "compose")
    }

    @Test func `the header of the first line alone may be a prefix`() {
        check(
            [
                ("Nov 22 10:00:00 app-1 shop[811]: cannot price", true),
                ("java.lang.IllegalStateException: no price", false),
                ("\tat com.example.Price.of(Price.java:12)", false), ("Nov 22 10:00:01 app-1 shop[811]: next", true),
            ], "syslog")
    }

    @Test func `a record beyond the limit is cut and its rest passed over`() {
        var text = "2026-11-22 10:00:00 ERROR deep\n"
        for index in 0..<5_000 { text += "\tat com.example.Deep.call\(index)(Deep.java:1)\n" }
        text += "2026-11-22 10:00:01 INFO after\n"
        Array(text.utf8).withUnsafeBytes { buffer in
            let found = RecordFinder(bytes: buffer).record(from: 0)
            #expect(found.isCut)
            var passing = PassingOver(isPassingOver: true)
            let next = passing.skip(buffer, from: found.end + 1)
            #expect(buffer[next...].starts(with: Array("2026-11-22 10:00:01".utf8)))
        }
    }

    @Test func `no record goes on over more lines without a shape than the finder looks back over`() {
        for count in 1...2 * RecordGrammar.looseLinesMax {
            var text = "2026-11-22 10:00:00 ERROR message of several lines\n"
            for index in 0..<count { text += "line \(index)\n" }
            text += "\tat com.example.Deep.call(Deep.java:1)\n"
            Array(text.utf8).withUnsafeBytes { buffer in
                let finder = RecordFinder(bytes: buffer)
                let last = buffer.lineStart(of: buffer.count - 2, floor: 0)
                let isOne = finder.record(from: 0).end == buffer.count - 1
                #expect(isOne == (count <= RecordGrammar.looseLinesMax))
                #expect((finder.record(around: last, floor: 0).start == 0) == isOne)
            }
        }
    }
}
