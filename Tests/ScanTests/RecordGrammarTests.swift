import Testing

@testable import Scan

@Suite struct RecordGrammarTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let testDescription: String
        /// Lines; a `|` in front marks the first line of a record.
        let text: String
    }

    @Test(arguments: [
        Case(
            testDescription: "Java trace behind a header, with causes",
            text: """
                |2026-11-22 10:00:00 ERROR [main] Order - cannot price
                java.lang.IllegalStateException: no price
                \tat com.example.Price.of(Price.java:12)
                Caused by: java.io.IOException: closed
                \tat com.example.Net.read(Net.java:7)
                \t... 23 more
                |2026-11-22 10:00:01 INFO [main] Order - next
                """),
        Case(
            testDescription: "Python traceback with a chain",
            text: """
                |2026-11-22 10:00:00,123 ERROR worker failed
                Traceback (most recent call last):
                  File "a.py", line 1, in f
                    g()
                KeyError: 'x'

                During handling of the above exception, another exception occurred:

                Traceback (most recent call last):
                  File "a.py", line 3, in f
                    h()
                ValueError: bad
                |2026-11-22 10:00:01,000 INFO next
                """),
        Case(
            testDescription: "traceback without a header, then plain lines",
            text: """
                |starting
                |Traceback (most recent call last):
                  File "a.py", line 1, in f
                ValueError: bad
                |stopping
                |bye
                |2026-11-22 10:00:01 INFO next
                """),
        Case(
            testDescription: "Go panic",
            text: """
                |2026/11/22 10:00:00 listening
                |panic: runtime error: index out of range [3] with length 3

                goroutine 1 [running]:
                main.main()
                \t/src/main.go:9 +0x1d
                exit status 2
                """),
        Case(
            testDescription: "Node error with an object",
            text: """
                |TypeError: Cannot read properties of undefined (reading 'id')
                    at handler (/app/index.js:3:9)
                    at next (/app/router.js:8:1) {
                  code: 'E_BAD'
                }
                |listening on 3000
                """),
        Case(
            testDescription: "plain lines are records of one line",
            text: """
                |one
                |two
                |
                |three
                """),
    ])
    func `cuts records`(example: Case) {
        let lines = example.text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let isFirst = lines.map { $0.hasPrefix("|") }
        let plain = zip(lines, isFirst).map { $1 ? String($0.dropFirst()) : $0 }
        let bytes = Array((plain.joined(separator: "\n") + "\n").utf8)
        var starts: [Int] = []
        var position = 0
        for (line, first) in zip(plain, isFirst) {
            if first { starts.append(position) }
            position += line.utf8.count + 1
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
                while at < buffer.count, buffer[at] == UInt8(ascii: "\n"), !starts.contains(at) { at += 1 }
            }
            #expect(found == starts)
            // From whichever of its lines a record is found, it is the same.
            for (index, start) in starts.enumerated() {
                let end = index + 1 < starts.count ? starts[index + 1] : buffer.count
                for line in start..<end where line == start || buffer[line - 1] == UInt8(ascii: "\n") {
                    guard buffer[line] != UInt8(ascii: "\n") else { continue }
                    #expect(finder.record(around: line, floor: 0).start == start, "from byte \(line)")
                }
            }
        }
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
}
