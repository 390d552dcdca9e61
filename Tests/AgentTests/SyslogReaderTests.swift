import Events
import Tail
import Testing

@testable import Agent

/// Whose messages are whose.
struct SyslogReaderTests {
    private let now = Timestamp(seconds: 1_795_341_600)

    private func reader() -> SyslogReader { SyslogReader(node: "here", zone: .utc, now: now) }

    private func message(_ text: String, from sender: String = "10.0.0.7", by connection: Int? = nil)
        -> SyslogSockets.Message
    {
        SyslogSockets.Message(bytes: Array(text.utf8), bytesCut: 0, sender: sender, connection: connection)
    }

    @Test func `the node is what the message says, else the sender, else this host`() {
        var reader = reader()
        #expect(reader.entry(of: message("<11>Nov 22 10:00:00 web-1 app: x"))?.node == "web-1")
        #expect(reader.entry(of: message("<11>app: x"))?.node == "10.0.0.7")
        #expect(reader.entry(of: message("<11>app: x", from: "127.0.0.1"))?.node == nil)
        #expect(reader.entry(of: message("<11>Nov 22 10:00:00 here app: x"))?.node == nil)
        #expect(reader.entry(of: message("<11>Nov 22 10:00:00 localhost app: x"))?.node == nil)
        #expect(reader.entry(of: message("<11>1 - - app - - - x", from: "fe80::1"))?.node == "fe80::1")
    }

    @Test func `priority, program, process, time and data are taken`() throws {
        var reader = reader()
        let text = "<165>1 2026-11-22T09:00:00Z web-1 my/app 42 - [a@1 b=\"c\"] gone wrong"
        let read = reader.entry(of: message(text))
        let entry = try #require(read)
        #expect(entry.priority == 5 && entry.facility == 20)
        #expect(entry.stream == "my/app" && entry.identifier == "my/app" && entry.process == "42")
        #expect(entry.time == Timestamp(seconds: 1_795_338_000))
        #expect(entry.facts?.fields == ["b": "c"])
        #expect(String(decoding: entry.message, as: UTF8.self) == "gone wrong")
        let plain = reader.entry(of: message("gone wrong"))
        let bare = try #require(plain)
        #expect(bare.priority == 5 && bare.facility == 1 && bare.stream == "unknown" && bare.time == now)
    }

    @Test func `a line without a priority goes on the connection's last message`() throws {
        var reader = reader()
        _ = reader.entry(of: message("<11>Nov 22 10:00:00 web-1 app[7]: boom", by: 1))
        _ = reader.entry(of: message("<14>Nov 22 10:00:00 web-2 other: fine", by: 2))
        let read = reader.entry(of: message("\tat a.B.c(B.java:1)", by: 1))
        let line = try #require(read)
        #expect(line.host == "web-1" && line.stream == "app" && line.process == "7" && line.priority == 3)
        #expect(String(decoding: line.message, as: UTF8.self) == "\tat a.B.c(B.java:1)")
    }

    @Test func `what Margay says itself is no event`() {
        var reader = reader()
        #expect(reader.entry(of: message("<11>Nov 22 10:00:00 web-1 margay[1]: new issue")) == nil)
    }

    @Test func `hosts and programs are bounded`() {
        var reader = reader()
        var nodes: Set<String> = []
        for number in 0..<(NameBook.nodesMax + 10) {
            if let entry = reader.entry(of: message("<11>Nov 22 10:00:00 h\(number) p\(number): x")) {
                nodes.insert(entry.host)
            }
        }
        #expect(nodes.count == NameBook.nodesMax + 1 && nodes.contains(NameBook.others))
        #expect(reader.notes.count == 2)
    }
}
