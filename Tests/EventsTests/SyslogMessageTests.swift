import Testing

@testable import Events

/// What is read from the header of a message that came over a network.
struct SyslogMessageTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var text: String
        var priority: Int?
        var time: String?
        var host: String?
        var program: String?
        var process: String?
        var message: String

        var testDescription: String { name }
    }

    static let cases = [
        Case(
            name: "RFC 3164", text: "<34>Oct 11 22:14:15 mymachine su: 'su root' failed", priority: 34,
            time: "2026-10-11T22:14:15Z", host: "mymachine", program: "su", message: "'su root' failed"),
        Case(
            name: "RFC 3164 with a process", text: "<27>Nov  2 10:00:00 web-1 nginx[811]: \tat the limit", priority: 27,
            time: "2026-11-02T10:00:00Z", host: "web-1", program: "nginx", process: "811", message: "\tat the limit"),
        Case(
            name: "no host, as a local library writes it", text: "<13>Nov 22 10:00:00 app[7]: hello", priority: 13,
            time: "2026-11-22T10:00:00Z", program: "app", process: "7", message: "hello"),
        Case(
            name: "no time", text: "<11>app: disk is full", priority: 11, program: "app", message: "disk is full"),
        Case(name: "a priority alone", text: "<11>disk is full", priority: 11, message: "disk is full"),
        Case(name: "nothing", text: "disk is full", message: "disk is full"),
        Case(
            name: "rsyslog's time", text: "<27>2026-11-22T10:00:00.123456+01:00 web-1 app: x", priority: 27,
            time: "2026-11-22T09:00:00.123456Z", host: "web-1", program: "app", message: "x"),
        Case(
            name: "RFC 5424", text: "<165>1 2026-10-11T22:14:15.003Z a.example evntslog 12 ID47 - all is well",
            priority: 165, time: "2026-10-11T22:14:15.003Z", host: "a.example", program: "evntslog", process: "12",
            message: "all is well"),
        Case(
            name: "RFC 5424 with data and a mark",
            text: "<165>1 2026-10-11T22:14:15Z h app - - [a@1 b=\"x]\\\"y\"][c d=\"e\"] \u{FEFF}grüße", priority: 165,
            time: "2026-10-11T22:14:15Z", host: "h", program: "app", message: "grüße"),
        Case(name: "RFC 5424 of nothing", text: "<0>1 - - - - - -", priority: 0, message: ""),
        Case(
            name: "a router's sequence number", text: "<189>42: *Mar  1 00:00:10: %LINK-3-UPDOWN: down", priority: 189,
            time: "2026-03-01T00:00:10Z", message: "%LINK-3-UPDOWN: down"),
        Case(name: "no priority beyond 191", text: "<192>app: x", message: "<192>app: x"),
    ]

    @Test(arguments: cases)
    func `the parts of a message`(_ row: Case) {
        var bytes = Array(row.text.utf8)
        bytes.append(0)
        let text = bytes.dropLast()
        let now = CivilTime(year: 2026, month: 11, day: 23, hour: 0, minute: 0, second: 0).utc
        var scanner = TimestampScanner(zone: .utc, reference: now)
        let parsed = Array(text).withUnsafeBytes { SyslogMessage.parse($0, &scanner) }
        func word(_ range: Range<Int>?) -> String? { range.map { String(decoding: bytes[$0], as: UTF8.self) } }
        #expect(parsed.priority == row.priority)
        #expect(parsed.time?.description == row.time)
        #expect(word(parsed.host) == row.host)
        #expect(word(parsed.program) == row.program)
        #expect(word(parsed.process) == row.process)
        #expect(word(parsed.messageStart..<text.count) == row.message)
    }

    @Test func `structured data gives its parameters by name`() {
        let text = Array(#"[a@1 name="x\"y\]z\\" empty="" name="second"][b@2 other="ü"]"#.utf8)
        let found = text.withUnsafeBytes { SyslogMessage.parameters($0, 0..<text.count) }
        #expect(found == ["name": #"x"y]z\"#, "empty": "", "other": "ü"])
    }

    @Test func `any bytes are borne, whole and cut anywhere`() {
        var random = SplitMix(state: 7)
        let whole = Self.cases.map { Array($0.text.utf8) }
        var scanner = TimestampScanner(zone: .utc, reference: Timestamp(seconds: 1_795_000_000))
        var ranges = 0
        for text in whole {
            for end in 0...text.count {
                var bytes = Array(text[..<end])
                for _ in 0..<3 {
                    bytes.withUnsafeBytes { raw in
                        let parsed = SyslogMessage.parse(raw, &scanner)
                        let all = [parsed.host, parsed.program, parsed.process, parsed.structuredData].compactMap(
                            \.self)
                        #expect(all.allSatisfy { $0.upperBound <= raw.count && !$0.isEmpty })
                        #expect(parsed.messageStart <= raw.count)
                        if let range = parsed.structuredData { _ = SyslogMessage.parameters(raw, range) }
                        ranges += all.count
                    }
                    guard !bytes.isEmpty else { break }
                    bytes[Int(random.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: random.next())
                }
            }
        }
        #expect(ranges > 100)
    }
}
