import Events
import Testing

@testable import Tail

struct JournalEntryTests {
    private func entry(_ fields: String, messageBytesMax: Int = 1_000) -> JournalEntry? {
        let text = #"{"__CURSOR":"s=1;i=2","__REALTIME_TIMESTAMP":"1795341600123456"\#(fields)}"#
        return Array(text.utf8).withUnsafeBytes { JournalEntry($0, messageBytesMax: messageBytesMax) }
    }

    @Test func `the fields that matter are read`() throws {
        let found = try #require(
            entry(
                #","PRIORITY":"3","SYSLOG_FACILITY":"1","SYSLOG_IDENTIFIER":"app","_PID":"12","SYSLOG_PID":"99""#
                    + #","_HOSTNAME":"web-1","_SYSTEMD_UNIT":"app.service","MESSAGE":"größer\nzwei\n\n""#))
        #expect(found.cursor == "s=1;i=2")
        #expect(found.time == Timestamp(microseconds: 1_795_341_600_123_456))
        #expect([found.priority, found.facility] == [3, 1])
        #expect([found.identifier, found.process, found.host] == ["app", "12", "web-1"])
        #expect(found.stream == "app.service")
        #expect(String(decoding: found.message, as: UTF8.self) == "größer\nzwei")
    }

    struct Message: CustomTestStringConvertible {
        var json: String
        var bytes: [UInt8]
        var isOmitted = false
        var testDescription: String { json }
    }

    @Test(arguments: [
        Message(json: #""a\u0000b""#, bytes: [0x61, 0, 0x62]),
        Message(json: "[102,255,10]", bytes: [102, 255]),
        Message(json: #"["first","second"]"#, bytes: Array("first".utf8)),
        Message(json: "[[104,105],[1]]", bytes: Array("hi".utf8)),
        Message(json: "null", bytes: [], isOmitted: true),
        Message(json: "12", bytes: []),
        Message(json: #""12345678901""#, bytes: Array("1234567890".utf8)),
    ])
    func `a message comes in many forms`(_ message: Message) throws {
        let found = try #require(entry(",\"MESSAGE\":\(message.json)", messageBytesMax: 10))
        #expect(found.message == message.bytes)
        #expect(found.isOmitted == message.isOmitted)
        #expect(found.bytesLost == (message.json.count == 13 ? 1 : 0))
    }

    @Test(arguments: [
        (#""_SYSTEMD_UNIT":"a.service","SYSLOG_IDENTIFIER":"x""#, "a.service"),
        (#""_SYSTEMD_UNIT":"session-12.scope","SYSLOG_IDENTIFIER":"sudo""#, "sudo"),
        (#""_SYSTEMD_UNIT":"run-r1234.service","_COMM":"make""#, "make"),
        (#""_SYSTEMD_UNIT":"user@1000.service","_SYSTEMD_USER_UNIT":"sync.service""#, "sync.service"),
        (#""_TRANSPORT":"kernel","SYSLOG_IDENTIFIER":"kernel""#, "kernel"),
        (#""PRIORITY":"9""#, "unknown"),
    ])
    func `a stream has the name that lasts`(fields: String, name: String) throws {
        let found = try #require(entry("," + fields))
        #expect(found.stream == name)
        #expect(found.priority == (fields.contains("PRIORITY") ? 7 : 6))
    }

    @Test(arguments: [
        "", "{}", "-- Journal begins at Sun 2026-11-22 --", #"{"__CURSOR":"a"}"#,
        #"{"__REALTIME_TIMESTAMP":"1"}"#, #"{"__CURSOR":"","__REALTIME_TIMESTAMP":"1"}"#,
        #"{"__CURSOR":"a","__REALTIME_TIMESTAMP":"1""#, #"{"__CURSOR":"a","__REALTIME_TIMESTAMP":"soon"}"#,
    ])
    func `what is no entry is none`(text: String) {
        let found = Array(text.utf8).withUnsafeBytes { JournalEntry($0, messageBytesMax: 10) }
        #expect(found == nil)
    }

    @Test func `journalctl is asked for what is configured`() {
        var source = JournalSource()
        source.units = ["a.service", "b"]
        source.matches = ["_TRANSPORT=kernel"]
        source.priority = "warning"
        source.directory = "/srv/journal"
        let common = [
            "journalctl", "--output=json", "--follow", "--no-pager", "--no-tail", "--all",
            "--output-fields=" + JournalSource.fields.joined(separator: ","), "--directory=/srv/journal",
            "--unit=a.service", "--unit=b", "--priority=warning",
        ]
        #expect(source.arguments(from: .oldest) == common + ["_TRANSPORT=kernel"])
        let moment = Timestamp(microseconds: 1_795_341_600_000_042)
        #expect(
            source.arguments(from: .since(moment)) == common + ["--since=@1795341600.000042", "_TRANSPORT=kernel"])
        #expect(source.arguments(from: .cursor("s=1;i=2")) == common + ["--cursor=s=1;i=2", "_TRANSPORT=kernel"])
    }

    @Test(arguments: [
        JournalPosition.oldest, .since(Timestamp(microseconds: 12)), .cursor("s=1;i=2"),
    ])
    func `a position survives as text`(position: JournalPosition) {
        #expect(JournalPosition(text: position.text) == position)
    }

    @Test(
        arguments: [
            ("s=a;i=10;b=1", "s=a;i=1f;b=1", 14), ("s=a;i=10", "s=b;i=1f", nil), ("s=a;i=10", "s=a;i=10", nil),
            ("x", "y", nil), ("s=a;i=1", "s=a;i=ffffffffffffffffff", nil),
        ] as [(String, String, Int64?)])
    func `entries between cursors are counted where that can be told`(first: String, second: String, count: Int64?) {
        #expect(JournalPosition.entriesBetween(first, second) == count)
    }
}
