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

    @Test(arguments: RecordCase.traces + RecordCase.prefixed + RecordCase.reports)
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

    /// Whoever is named in front of a line: a pod, a process in syslog, an application in RFC 5424, a thread in a header.
    @Test(arguments: [
        ("[pod/shop-0/app] ", "[pod/shop-1/app] "), ("Nov 22 10:00:00 a shop[811]: ", "Nov 22 10:00:00 a shop[812]: "),
        ("Nov 22 10:00:00 a shop[811]: ", "Nov 22 10:00:00 b shop[811]: "),
        ("<13>1 2026-11-22T10:00:00Z a shop 811 - - ", "<13>1 2026-11-22T10:00:00Z a shop 812 - - "),
        ("2026-11-22T10:00:00.123456+01:00 a x[811]: ", "2026-11-22T10:00:00.123456+01:00 a y[811]: "),
        ("a-1  | ", "a-2  | "),
    ])
    func `lines of two writers are never one record`(one: String, other: String) {
        check(
            [
                (one + "java.lang.IllegalStateException: no price", true),
                (one + "\tat com.example.Price.of(Price.java:12)", false),
                (other + "java.lang.IllegalStateException: no price", true),
                (one + "\tat com.example.Shop.run(Shop.java:7)", true),
                (other + "\tat com.example.Price.of(Price.java:12)", true),
                (other + "\tat com.example.Shop.run(Shop.java:7)", false),
            ], "two writers")
    }

    @Test func `records of two threads are kept apart by their headers`() {
        check(
            [
                ("2026-11-22 10:00:00 ERROR [thread-1] Order - cannot price", true),
                ("java.lang.IllegalStateException: no price", false),
                ("2026-11-22 10:00:00 ERROR [thread-2] Order - cannot ship", true),
                ("java.lang.IllegalStateException: no box", false),
                ("\tat com.example.Box.of(Box.java:12)", false),
                ("2026-11-22 10:00:01 INFO [thread-1] Order - next", true),
            ], "threads")
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

    @Test(arguments: [
        // Lines, bytes of each; how many lines the record has when a limit closes it, and whether one does.
        (lines: 3_000, bytes: 40, kept: RecordFinder.recordLinesMax, isCut: true),
        (lines: 600, bytes: 1_000, kept: RecordFinder.recordBytesMax / 1_001 + 2, isCut: true),
        (lines: 9, bytes: 100_000, kept: 4, isCut: true), (lines: 2, bytes: 200_000, kept: 2, isCut: false),
        (lines: RecordFinder.recordLinesMax - 1, bytes: 40, kept: RecordFinder.recordLinesMax - 1, isCut: false),
    ])
    func `lines and bytes of a record are bounded`(lines: Int, bytes: Int, kept: Int, isCut: Bool) {
        var text = Array("2026-11-22 10:00:00 ERROR deep\n".utf8)
        let frame = Array("\tat com.example.Deep.call(".utf8)
        for _ in 1..<lines { text += frame + Array(repeating: UInt8(ascii: "x"), count: bytes - frame.count) + [0x0a] }
        text += Array("2026-11-22 10:00:01 INFO after\n".utf8)
        text.withUnsafeBytes { buffer in
            let finder = RecordFinder(bytes: buffer)
            let found = finder.record(from: 0)
            let count = buffer[..<found.end].reduce(1) { $1 == 0x0a ? $0 + 1 : $0 }
            #expect(found.isCut == isCut && count == kept, "\(count) lines")
            // From a line behind the limit on, the same record is found and not another one.
            #expect(finder.record(around: buffer.lineStart(of: found.end, floor: 0), floor: 0).start == 0)
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
