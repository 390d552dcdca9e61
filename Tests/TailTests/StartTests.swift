import Events
import Testing

@testable import Tail

/// 2026-11-01T00:00:00Z.
private let origin: Int64 = 1_793_491_200

private func moment(_ seconds: Int) -> Timestamp { moment(Int64(seconds)) }

private func moment(_ seconds: Int64) -> Timestamp { Timestamp(seconds: origin + seconds) }

struct StartTests {
    /// How a log writes its lines.
    struct Form: CustomTestStringConvertible, Sendable {
        var name: String
        /// The record of a second, with its newlines.
        var record: @Sendable (Int64) -> String
        var zone = TimeZoneRules.utc
        /// What is handed out of a record.
        var shown: @Sendable (String) -> String = { $0 }

        var testDescription: String { name }

        private static func stamp(_ second: Int64) -> String { String(moment(second).description.dropLast()) }

        static let all: [Form] = [
            Form(name: "RFC 3339") { "\(moment($0)) INFO request \($0) of many, some of which take longer\n" },
            Form(name: "with stack traces") { second in
                "\(moment(second)) ERROR \(second)\n" + (second % 7 == 0 ? "\tat com.example.A.b(A.java:1)\n" : "")
            },
            Form(name: "with dates in the text") { second in
                "\(moment(second)) INFO \(second)\npaid back on 2031-01-01 00:00:00 or so\n"
            },
            Form(name: "without a time in most lines") { second in
                (second % 9 == 0 ? "\(moment(second)) INFO begin\n" : "") + "step \(second) of a job without a time\n"
            },
            Form(name: "without a zone, an hour east") { second in
                "\(stamp(second + 3_600).replacing("T", with: " ")) INFO \(second) in local time\n"
            },
            Form(name: "syslog, without a year") { second in
                let civil = CivilTime(utc: moment(second))
                let clock = [civil.hour, civil.minute, civil.second].map { ($0 < 10 ? "0" : "") + "\($0)" }
                return
                    "Nov \(civil.day < 10 ? " " : "")\(civil.day) \(clock.joined(separator: ":")) web app[7]: \(second)\n"
            },
            Form(name: "containers' JSON, the time behind a long message") { second in
                #"{"log":"\#(String(repeating: "x", count: 700)) \#(second)\n","stream":"stdout","time":"\#(moment(second))"}"#
                    + "\n"
            },
            Form(name: "Windows line ends") { "\(moment($0)) INFO \($0)\r\n" },
        ].map { form in
            var form = form
            if form.name.contains("an hour east") { form.zone = .fixed(offsetSeconds: 3_600) }
            if form.name.hasPrefix("containers") {
                form.shown = { $0.dropFirst(8).prefix { $0 != "\\" } + "\n" }
            }
            return form
        }
    }

    @Test(arguments: Form.all)
    func `reading begins at the first record at or after the moment, wherever that is`(_ form: Form) throws {
        let folder = try TemporaryFolder()
        let count: Int64 = 4_000
        let records = (0..<count).map(form.record)
        folder.write("a.log", records.joined())
        folder.run("touch -d @\(origin + count) a.log")
        for second in [0, 1, 8, 63, 64, 999, 1_000, 2_500, 3_989, 3_999] as [Int64] {
            let tail = try TailHarness(folder, start: .since(moment(second))) { $0.sources[0].zone = form.zone }
            try tail.settle(afterMillis: 1_000)
            // Where most lines have no time, the next that has one begins.
            let first = form.name.hasPrefix("without a time") ? (second + 8) / 9 * 9 : second
            let expected = records[Int(min(first, count))...].map(form.shown).joined()
            #expect(tail.read(folder("a.log")) == expected, "from second \(second)")
        }
    }

    @Test(arguments: WrittenEncoding.all)
    func `the moment is found in every encoding`(_ encoding: WrittenEncoding) throws {
        let folder = try TemporaryFolder()
        let records = (0..<3_000).map { "\(moment($0)) INFO grün \($0)\n" }
        folder.write("a.log", encoding.mark + encoding.bytes(records.joined()))
        let tail = try TailHarness(folder, encoding, start: .since(moment(1_777)))
        try tail.settle(afterMillis: 1_000)
        #expect(tail.read(folder("a.log")) == records[1_777...].joined())
    }

    @Test func `a few records out of order mislead nobody`() throws {
        let folder = try TemporaryFolder()
        var random = SeededRandom(seed: 11)
        var seconds = (0..<6_000).map { Int64($0) }
        // Neighbours change places, and now and then a clock is far off.
        for index in stride(from: 1, to: 5_990, by: 3) where random.next(below: 2) == 0 {
            seconds.swapAt(index, index + 1)
        }
        for index in stride(from: 50, to: 5_950, by: 97) {
            seconds[index] += random.next(below: 2) == 0 ? 9_999 : -9_999
        }
        let records = seconds.map { "\(moment($0)) INFO request \($0)\n" }
        folder.write("a.log", records.joined())
        for second in stride(from: 100, to: 5_900, by: 371) as StrideTo<Int64> {
            let tail = try TailHarness(folder, start: .since(moment(second)))
            try tail.settle(afterMillis: 1_000)
            let first = tail.read(folder("a.log")).split(separator: "\n").first.map { String($0) + "\n" }
            let place = try #require(first.flatMap { records.firstIndex(of: $0) })
            #expect(abs(place - Int(second)) <= StartSearch.jury, "second \(second), record \(place)")
        }
    }

    @Test func `all records before the moment: from the end; all after it: from the first byte, lines counted`() throws
    {
        let folder = try TemporaryFolder()
        let text = (0..<3_000).map { "\(moment($0)) INFO \($0)\n" }.joined()
        folder.write("a.log", text)
        let late = try TailHarness(folder, start: .since(moment(3_000)))
        try late.settle()
        #expect(late.read(folder("a.log")) == "")
        folder.append("a.log", "\(moment(3_001)) new\n")
        try late.settle(afterMillis: 1_000)
        #expect(late.read(folder("a.log")) == "\(moment(3_001)) new\n")
        let early = try TailHarness(folder, start: .since(moment(-1)))
        try early.settle(afterMillis: 1_000)
        #expect(early.read(folder("a.log")).hasPrefix(text) && early.chunks.first?.line == 1)
    }

    @Test(arguments: [
        ("no dates at all\nanywhere\n", true), ("10:00:00 a clock and no date\n", true), ("", false),
        ("half a line", true),
    ])
    func `a file without dates is read whole if it was written to since, else not at all`(text: String, isTold: Bool)
        throws
    {
        let folder = try TemporaryFolder()
        folder.write("a.log", text)
        folder.run("touch -d @\(origin) a.log")
        let tail = try TailHarness(folder, start: .since(moment(0)))
        try tail.settle(afterMillis: 1_000)
        #expect(
            tail.text[folder("a.log")].map { String(decoding: $0, as: UTF8.self) } ?? ""
                == (text.hasSuffix("\n") ? text : ""))
        #expect(tail.notes.contains { $0.hasPrefix("no dates in it") } == isTold)
        let later = try TailHarness(folder, start: .since(moment(1)))
        try later.settle(afterMillis: 1_000)
        #expect(later.read(folder("a.log")) == "" && later.notes.isEmpty)
    }

    /// Stretches without times in the middle of a log.
    @Test(arguments: [
        ("a dump of 20 MB", #"head -c 20000000 /dev/zero | tr '\0' '\n' >> a.log"#),
        ("a line of 5 MB", #"head -c 5000000 /dev/zero | tr '\0' x >> a.log; echo >> a.log"#),
        ("a hole of 3 GB", "truncate -s 3G a.log; echo >> a.log"),
    ])
    func `what has no times is stepped over, and what is read for it is bounded`(name: String, make: String) throws {
        let folder = try TemporaryFolder()
        folder.write("a.log", (0..<5_000).map { "\(moment($0)) INFO \($0)\n" }.joined())
        folder.run(make)
        let after = (5_000..<10_000).map { "\(moment($0)) INFO \($0)\n" }.joined()
        folder.append("a.log", after)
        for (second, expected) in [(7_000, 7_000), (5_500, 5_500), (9_999, 9_999)] as [(Int64, Int64)] {
            let counter = ReadCounter()
            var lines = try counter.lines(of: folder("a.log"))
            let size = lines.size
            var search = StartSearch(moment: moment(second), lines: lines)
            let outcome = try search.run()
            lines = search.lines
            guard case .found(let offset) = outcome else {
                Issue.record("\(name), second \(second): \(outcome)")
                continue
            }
            let begin = (5_000..<expected).reduce(0) { $0 + "\(moment($1)) INFO \($1)\n".utf8.count }
            #expect(offset == size - Int64(after.utf8.count) + Int64(begin))
            #expect(lines.bytesRead < StartSearch.bytesMax + 2 * StartSearch.probeBytesMax)
        }
    }

    @Test func `where the search has to give up, it names a place before the moment`() throws {
        let folder = try TemporaryFolder()
        folder.write("a.log", (0..<100).map { "\(moment($0)) INFO \($0)\n" }.joined())
        folder.run("head -c 30000000 /dev/zero | tr '\\0' '\\n' >> a.log; head -c 200000 /dev/zero >> a.log")
        folder.append("a.log", "\n\(moment(200)) INFO 200\n")
        let counter = ReadCounter()
        var search = StartSearch(moment: moment(150), lines: try counter.lines(of: folder("a.log")))
        guard case .gaveUp(let offset) = try search.run() else {
            Issue.record("found what it cannot have read")
            return
        }
        #expect(offset < 3_200 && search.lines.bytesRead < StartSearch.bytesMax + 2 * Int(StartSearch.walkBytes))
    }

    @Test func `a moment is found with few reads in a large file`() throws {
        let folder = try TemporaryFolder()
        folder.write("a.log", (0..<200_000).map { "\(moment($0)) INFO request \($0) of a large file\n" }.joined())
        let counter = ReadCounter()
        var search = StartSearch(moment: moment(123_456), lines: try counter.lines(of: folder("a.log")))
        guard case .found(let offset) = try search.run() else {
            Issue.record("not found")
            return
        }
        #expect(search.lines.bytesRead < 512 * 1_024 && search.lines.size > 8_000_000 && offset > 0)
    }

    @Test func `an archive is no log to begin in`() throws {
        let folder = try TemporaryFolder()
        folder.write("a.txt", (0..<3_000).map { "\(moment($0)) INFO \($0)\n" }.joined())
        folder.run("gzip -c a.txt > a.log")
        for start in [StartPolicy.since(moment(0)), .end] {
            let tail = try TailHarness(folder, start: start)
            try tail.settle()
            #expect(tail.read(folder("a.log")) == "")
            #expect(tail.progress(folder("a.log"))?.state == .skipped)
        }
    }

    @Test func `killed after any turn, what is at or after the moment is read once`() throws {
        let folder = try TemporaryFolder()
        let records = (0..<3_000).map { "\(moment($0)) INFO request \($0)\n" }
        for kill in 1...8 {
            folder.write("a.log", records.joined())
            let tail = try TailHarness(folder, start: .since(moment(1_000))) { $0.blockBytes = 4_096 }
            tail.budgetBytes = 10_000
            try tail.tailer.look()
            for _ in 0..<kill { tail.takeTurn() }
            try tail.restart()
            folder.append("a.log", "\(moment(3_000)) the last\n")
            try tail.settle(afterMillis: 1_000)
            #expect(tail.read(folder("a.log")) == records[1_000...].joined() + "\(moment(3_000)) the last\n")
        }
    }

    @Test func `what is written while the place is searched is read`() throws {
        let folder = try TemporaryFolder()
        let records = (0..<3_000).map { "\(moment($0)) INFO request \($0)\n" }
        folder.write("a.log", records.joined())
        let path = folder("a.log")
        let written = Flag()
        let tail = try TailHarness(folder, start: .since(moment(2_990)))
        var syscalls = Syscalls.live
        syscalls.readAt = { descriptor, buffer, offset throws(SystemError) in
            if !written.isSet {
                written.set(true)
                shell("echo '\(moment(3_000)) INFO meanwhile' >> '\(path)'")
            }
            return try Syscalls.live.readAt(descriptor, buffer, offset)
        }
        let other = try TailHarness(tail.configuration, syscalls: syscalls)
        try other.settle(afterMillis: 1_000)
        #expect(other.read(path) == records[2_990...].joined() + "\(moment(3_000)) INFO meanwhile\n")
    }
}

/// Opens files for `StartSearch` without a follower.
private final class ReadCounter {
    private var descriptors: [Int32] = []

    deinit { for descriptor in descriptors { Syscalls.live.close(descriptor) } }

    func lines(of path: String) throws -> DatedLines {
        let descriptor = try Syscalls.live.open(path)
        descriptors.append(descriptor)
        return DatedLines(
            descriptor: descriptor, syscalls: .live, form: .utf8, textStart: 0,
            size: try Syscalls.live.status(descriptor).size, zone: .utc, reference: moment(0))
    }
}
