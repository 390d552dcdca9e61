import Testing

@testable import Events

/// What is taken of a request that reports events, and what is said of the rest.
struct EventReportTests {
    private let now = CivilTime(year: 2026, month: 11, day: 22, hour: 12, minute: 0, second: 0).utc

    private func read(_ text: String, _ form: EventReport.Form = .json) throws -> EventReport {
        try EventReport.read(Array(text.utf8), as: form, now: now)
    }

    @Test func `all that can be said of an event is taken`() throws {
        let report = try read(
            """
            {"node": "db-7", "tag": "backup", "summary": "it failed\\n\\tat a.B(C.java:1)", "severity": "major",
             "time": "2026-11-22T10:00:00.5Z", "attempt": 3, "ratio": -1.5e3, "final": true, "what": "\\u00fc", "no": null}
            """)
        #expect(
            report.events == [
                ReportedEvent(
                    node: "db-7", tag: "backup", summary: "it failed\n\tat a.B(C.java:1)", severity: .major,
                    time: Timestamp(microseconds: 1_795_341_600_500_000),
                    fields: ["attempt": "3", "ratio": "-1.5e3", "final": "true", "what": "ü"])
            ])
        #expect(report.faults.isEmpty)
    }

    @Test(arguments: [
        "1795341600", "1795341600000", "1.7953416e9", "\"2026-11-22T10:00:00Z\"", "\"2026-11-22T11:00:00+01:00\"",
    ])
    func `a time may be written in several ways`(_ time: String) throws {
        let report = try read("{\"summary\": \"x\", \"time\": \(time)}")
        #expect(report.events.first?.time == Timestamp(seconds: 1_795_341_600))
    }

    /// What is wrong, in which field.
    static let faulty: [(text: String, field: String?)] = [
        ("{}", "summary"), ("{\"summary\": \"\"}", "summary"), ("{\"summary\": \" \\n\"}", "summary"),
        ("{\"summary\": 7}", "summary"), ("{\"summary\": null}", "summary"), ("{\"summary\": [\"x\"]}", "summary"),
        ("{\"summary\": \"x\", \"summary\": \"y\"}", "summary"),
        ("{\"summary\": \"x\", \"severity\": \"bad\"}", "severity"),
        ("{\"summary\": \"x\", \"severity\": 3}", "severity"),
        ("{\"summary\": \"x\", \"node\": \"a b\"}", "node"), ("{\"summary\": \"x\", \"node\": \"\"}", "node"),
        ("{\"summary\": \"x\", \"tag\": \"a b\"}", "tag"), ("{\"summary\": \"x\", \"tag\": true}", "tag"),
        ("{\"summary\": \"x\", \"time\": \"yesterday\"}", "time"),
        ("{\"summary\": \"x\", \"time\": \"2026-11-22 10:00:00\"}", "time"),
        ("{\"summary\": \"x\", \"time\": \"2026-13-22T10:00:00Z\"}", "time"),
        ("{\"summary\": \"x\", \"time\": \"2026-11-24T10:00:00Z\"}", "time"),
        ("{\"summary\": \"x\", \"time\": -1}", "time"), ("{\"summary\": \"x\", \"time\": 1e99}", "time"),
        ("{\"summary\": \"x\", \"a b\": 1}", "a b"), ("{\"summary\": \"x\", \"\": 1}", ""),
        ("{\"summary\": \"x\", \"a\": {\"b\": 1}}", "a"), ("{\"summary\": \"x\", \"a\": [1]}", "a"),
        ("{\"summary\": \"x\", \"a\": 01}", "a"), ("{\"summary\": \"x\", \"a\": nan}", "a"),
        ("{\"summary\": \"x\"", nil), ("{\"summary\": \"x\"} {}", nil), ("7", nil), ("\"x\"", nil),
    ]

    @Test(arguments: faulty.indices)
    func `a fault is told with its field`(_ index: Int) throws {
        let (text, field) = Self.faulty[index]
        let report = try read(text)
        #expect(report.events.isEmpty)
        #expect(report.faults.map(\.field) == [field])
        #expect(report.faults.allSatisfy { $0.message.hasSuffix(".") && $0.index == 0 })
    }

    @Test func `all faults of all elements are told at once, and the others are taken`() throws {
        let report = try read(
            """
            [{"summary": "one"}, {"severity": "bad", "node": ""}, 7, {"summary": "two"}, [], null,
             {"summary": "x", "time": 1e99}]
            """)
        #expect(report.events.map(\.summary) == ["one", "two"])
        #expect(
            report.faults.map { "\($0.index) \($0.field ?? "-")" } == [
                "1 severity", "1 node", "1 summary", "2 -", "4 -", "5 -", "6 time",
            ])
    }

    @Test func `a line is an element, blank lines are none`() throws {
        let report = try read("{\"summary\": \"one\"}\r\n\n{\"summary\": 2}\n  \n{\"summary\": \"three\"}", .lines)
        #expect(report.events.map(\.summary) == ["one", "three"])
        #expect(report.faults.map(\.index) == [1])
    }

    @Test(arguments: ["", " \n", "[]", "[{\"summary\": \"x\"}", "[{\"summary\": \"x\"},]", "[{} {}]", "[1,2"])
    func `what holds no element, or is no JSON, is refused whole`(_ text: String) {
        #expect(throws: EventReport.Malformed.self) { try read(text) }
    }

    @Test func `numbers, lengths and faults are bounded`() throws {
        let many = Array(repeating: "{\"summary\": \"x\"}", count: EventReport.eventsMax + 1)
        #expect(throws: EventReport.Malformed.self) { try read("[\(many.joined(separator: ","))]") }
        #expect(throws: EventReport.Malformed.self) { try read(many.joined(separator: "\n"), .lines) }
        let fields = (0...ReportedEvent.fieldsMax).map { "\"f\($0)\": 1" }.joined(separator: ",")
        #expect(try read("{\"summary\": \"x\", \(fields)}").faults.count == 1)
        let long = String(repeating: "x", count: ReportedEvent.fieldValueBytesMax + 1)
        #expect(try read("{\"summary\": \"x\", \"a\": \"\(long)\"}").faults.map(\.field) == ["a"])
        let faulty = Array(repeating: "{\"summary\": 1}", count: 150)
        let report = try read("[\(faulty.joined(separator: ","))]")
        #expect(report.faults.count == EventReport.faultsMax && report.faultsLeftOut == 50)
    }

    @Test func `any bytes are borne`() {
        var random = SplitMix(state: 11)
        let text = Array("[{\"summary\": \"x\\u00fc\", \"time\": 1e3, \"a\": [{}], \"b\": \"\\\\\"}, {}]".utf8)
        var read = 0
        for round in 0..<2_000 {
            var bytes = Array(text[..<Int(random.next() % UInt64(text.count + 1))])
            if !bytes.isEmpty {
                bytes[Int(random.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: random.next())
            }
            if let report = try? EventReport.read(bytes, as: round % 2 == 0 ? .json : .lines, now: now) {
                read += report.count
            }
        }
        #expect(read > 100)
    }
}
