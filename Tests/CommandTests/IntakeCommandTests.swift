import Foundation
import Glibc
import Testing

/// Events that come over sockets, taken by the built program.
@Suite(.serialized) struct IntakeCommandTests {
    private let folder = TemporaryFolder()

    private var store: String { folder("margay.db") }

    private func configure(_ rest: String = "") throws {
        try folder.write(
            "margay.yaml",
            """
            store: \(store)
            node: here
            learning: off
            packs: [\(Program.root.appendingPathComponent("patterns").path)]
            console: { listen: '127.0.0.1:0' }
            \(rest)
            """)
    }

    private func start(_ name: String = "errors") throws -> Process {
        let process = Program.process(["watch", "--config", folder("margay.yaml")])
        process.standardOutput = FileHandle(forWritingAtPath: try folder.write("output", ""))
        process.standardError = FileHandle(forWritingAtPath: try folder.write(name, ""))
        try process.run()
        try eventually("it follows") { try said(name).contains("following ") }
        return process
    }

    private func said(_ name: String = "errors") throws -> String {
        try String(contentsOfFile: folder(name), encoding: .utf8)
    }

    /// The port behind `word` in what was said at the start.
    private func port(_ word: String, _ name: String = "errors") throws -> Int {
        let text = try said(name)
        let place = try #require(text.range(of: word), "\(text)")
        let digits = text[place.upperBound...].prefix { $0.isNumber }
        return try #require(Int(digits))
    }

    private func stop(_ process: Process, _ signal: Int32) -> Int32 {
        kill(process.processIdentifier, signal)
        process.waitUntilExit()
        return process.terminationReason == .uncaughtSignal ? -process.terminationStatus : process.terminationStatus
    }

    private func issues(_ query: String = "") throws -> [[String: Any]] {
        try Program.run("issues", "--all", "--format", "json", "--store", store, query).objects
    }

    private func counted() throws -> Int { try Program.counted(store) }

    private func source(_ name: String) throws -> [String: Any] {
        let run = try Program.run("sources", "--format", "json", "--store", store)
        return run.objects.first { ($0["file"] as? String) == name } ?? [:]
    }

    // MARK: HTTP

    /// The status of a POST; nil where there was no answer.
    private func post(_ body: String, port: Int, key: String? = nil) -> Int? {
        guard let client = TestClient(port: port) else { return nil }
        var head = "POST /api/v1/events HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nContent-Type: application/json\r\n"
        if let key { head += "Idempotency-Key: \(key)\r\n" }
        client.send(head + "Content-Length: \(body.utf8.count)\r\nConnection: close\r\n\r\n" + body)
        let words = client.receiveAll().split(separator: " ", maxSplits: 2)
        return words.count > 1 ? Int(words[1]) : nil
    }

    @Test func `an event is an issue, new, with its node, fields and severity`() throws {
        try configure()
        let process = try start()
        let console = try port("http://127.0.0.1:")
        let body = """
            {"node": "db-7", "tag": "backup", "summary": "tape 7 is torn", "severity": "major", "tape": 7, \
            "password": "hunter2"}
            """
        #expect(post(body, port: console) == 202)
        // Stored when it is answered.
        let issue = try #require(try issues().first)
        #expect(issue["title"] as? String == "tape <num> is torn")
        #expect(issue["severity"] as? String == "major" && issue["novelty"] as? String == "new")
        #expect(issue["nodes"] as? [String] == ["db-7"])
        let shown = try Program.run("show", issue["id"] as? String ?? "", "--format", "json", "--store", store)
        let sample = try #require((shown.objects.first?["samples"] as? [[String: Any]])?.first)
        let fields = sample["fields"] as? [String: String]
        #expect(fields?["tape"] == "7" && fields?["password"] == "<secret>")
        #expect(try source("events")["lines"] as? Int == 1)
        #expect(stop(process, SIGTERM) == 0)
    }

    @Test func `a tag chooses the pack that a file of that program would have`() throws {
        try configure()
        let process = try start()
        let summary =
            "2026/11/22 10:00:00 [error] 12#0: *3 upstream timed out (110: Connection timed out) while reading"
        #expect(post("{\"tag\": \"nginx\", \"summary\": \"\(summary)\"}", port: try port("http://127.0.0.1:")) == 202)
        let issue = try #require(try issues().first)
        #expect(issue["pack"] as? String == "nginx")
        #expect(stop(process, SIGTERM) == 0)
    }

    /// The promise: what was acknowledged is there, and what is repeated with its key counts once.
    @Test func `kill -9 between posts loses nothing that was acknowledged`() throws {
        try configure()
        var acknowledged = 0
        var sent = 0
        for round in 0..<4 {
            let process = try start("errors-\(round)")
            let console = try port("http://127.0.0.1:", "errors-\(round)")
            let killer = Thread { [identifier = process.processIdentifier] in
                usleep(UInt32(40_000 + round * 37_000))
                kill(identifier, SIGKILL)
            }
            killer.start()
            while process.isRunning {
                sent += 1
                let body = "[{\"summary\": \"one of two\"}, {\"summary\": \"two of two\"}]"
                guard post(body, port: console, key: "key-\(sent)") == 202 else { break }
                acknowledged += 1
            }
            process.waitUntilExit()
        }
        #expect(acknowledged > 0)
        let process = try start("last")
        let console = try port("http://127.0.0.1:", "last")
        let before = try counted()
        #expect(before >= 2 * acknowledged && before <= 2 * sent)
        // Everything again: what was counted is not counted again, what was lost is.
        for number in 1...sent {
            #expect(
                post(
                    "[{\"summary\": \"one of two\"}, {\"summary\": \"two of two\"}]", port: console,
                    key: "key-\(number)") == 202)
        }
        #expect(try counted() == 2 * sent)
        #expect(stop(process, SIGTERM) == 0)
    }

    @Test func `a console without a watch says who takes events`() throws {
        try configure()
        #expect(stop(try start(), SIGTERM) == 0)
        let process = Program.process(["console", "--store", store, "--listen", "127.0.0.1:0"])
        process.standardError = FileHandle(forWritingAtPath: try folder.write("console", ""))
        try process.run()
        try eventually("it listens") { try said("console").contains("http://127.0.0.1:") }
        #expect(post("{\"summary\": \"x\"}", port: try port("http://127.0.0.1:", "console")) == 503)
        #expect(stop(process, SIGTERM) == 0)
    }

    // MARK: Syslog

    @Test func `messages of both protocols and framings become events of their nodes`() throws {
        try configure("syslog: { udp: 127.0.0.1:0, tcp: 127.0.0.1:0 }")
        let process = try start()
        let datagrams = try #require(TestClient(port: try port("udp 127.0.0.1:"), isDatagrams: true))
        let lines = try #require(TestClient(port: try port("tcp 127.0.0.1:")))
        let counted = try #require(TestClient(port: try port("tcp 127.0.0.1:")))
        datagrams.send("<11>Nov 22 10:00:00 web-1 shop[7]: cannot post order 12")
        datagrams.send("<14>Nov 22 10:00:00 web-1 shop[7]: all is well")
        lines.send("<11>Nov 22 10:00:00 web-2 shop: cannot post order 13\n")
        // A trace, line by line.
        lines.send("<11>Nov 22 10:00:00 web-2 app: java.lang.IllegalStateException: closed\n")
        lines.send("\tat a.B.c(B.java:1)\n\tat a.B.d(B.java:2)\n")
        let structured = "<11>1 2026-11-22T10:00:00Z web-3 shop - - [x@1 order=\"14\"] cannot post order 14"
        for byte in "\(structured.utf8.count) \(structured)".utf8 { counted.send([byte]) }
        try eventually("all messages are there") { try source("syslog")["lines"] as? Int == 7 }
        #expect(stop(process, SIGTERM) == 0)
        let found = try issues()
        #expect(found.count == 2)
        let shop = try #require(found.first { $0["count"] as? Int == 3 })
        #expect(Set(shop["nodes"] as? [String] ?? []) == ["web-1", "web-2", "web-3"])
        #expect(shop["files"] as? [String] == ["syslog:shop"])
        let trace = try #require(found.first { $0["count"] as? Int == 1 })
        #expect((trace["sample"] as? String)?.contains("a.B.d") == true)
        #expect(try source("syslog")["messages_lost"] as? Int == 0)
    }

    @Test func `of ten thousand datagrams each is counted or told as lost`() throws {
        try configure("syslog: { udp: 127.0.0.1:0 }")
        let process = try start()
        let datagrams = try #require(TestClient(port: try port("udp 127.0.0.1:"), isDatagrams: true))
        for number in 0..<10_000 { datagrams.send("<11>Nov 22 10:00:00 web-1 app: lost job \(number)") }
        #expect(stop(process, SIGTERM) == 0)
        let row = try source("syslog")
        let lost = row["messages_lost"] as? Int ?? -1
        #expect((row["lines"] as? Int ?? 0) + lost == 10_000)
        let jobs = try issues().filter { $0["pack"] as? String != "margay" }
        #expect(jobs.reduce(0) { $0 + ($1["count"] as? Int ?? 0) } + lost == 10_000)
    }

    @Test func `two writers by TCP, one of them hostile, and nothing is lost`() throws {
        try configure("syslog: { tcp: 127.0.0.1:0 }")
        let process = try start()
        let place = try port("tcp 127.0.0.1:")
        let (first, second) = (try #require(TestClient(port: place)), try #require(TestClient(port: place)))
        let long = "<11>" + String(repeating: "\u{1B}[31m<script>\0", count: 100_000)
        for number in 0..<2_000 {
            first.send("<11>Nov 22 10:00:00 web-1 app: lost job \(number)\n")
            if number % 1_000 == 0 { second.send(Array(long.utf8) + [0xFF, 0xFE, 0x0A]) }
        }
        first.close()
        second.close()
        try eventually("all messages are there") { try source("syslog")["lines"] as? Int == 2_002 }
        #expect(stop(process, SIGTERM) == 0)
        let jobs = try issues().filter { ($0["nodes"] as? [String]) == ["web-1"] }
        #expect(jobs.reduce(0) { $0 + ($1["count"] as? Int ?? 0) } == 2_000)
        #expect((try source("syslog")["bytes_lost"] as? Int ?? 0) > 2_000_000)
        #expect(try Program.run("status", "--store", store).status == 1)
    }

    @Test func `one fault in a file, by syslog and by HTTP is one issue`() throws {
        let log = try folder.write("app.log", "")
        try configure("syslog: { udp: 127.0.0.1:0 }\nsources:\n  - { paths: \(log), packs: [core] }")
        let process = try start()
        let handle = try #require(FileHandle(forWritingAtPath: log))
        try handle.write(contentsOf: Data("Nov 22 10:00:00 here shop[7]: ERROR cannot post order 11\n".utf8))
        let datagrams = try #require(TestClient(port: try port("udp 127.0.0.1:"), isDatagrams: true))
        datagrams.send("<11>Nov 22 10:00:00 web-1 shop[7]: ERROR cannot post order 12")
        let body = "{\"tag\": \"shop\", \"summary\": \"ERROR cannot post order 13\"}"
        #expect(post(body, port: try port("http://127.0.0.1:")) == 202)
        try eventually("three events") { try counted() == 3 }
        #expect(stop(process, SIGTERM) == 0)
        #expect(try issues().count == 1)
    }

    @Test func `a port that is taken is told with what to do`() throws {
        try configure("syslog: { tcp: 127.0.0.1:0 }")
        let process = try start()
        let place = try port("tcp 127.0.0.1:")
        let other = TemporaryFolder()
        try other.write("margay.yaml", "store: \(other("margay.db"))\nsyslog: { tcp: 127.0.0.1:\(place) }\n")
        let second = try Program.run("watch", "--config", other("margay.yaml"))
        #expect(second.status == 2)
        #expect(second.errors.contains("syslog cannot listen on tcp 127.0.0.1:\(place): another program has this port"))
        #expect(stop(process, SIGTERM) == 0)
    }
}

/// A connection to this machine, or a socket for datagrams.
private final class TestClient {
    private var descriptor: Int32

    init?(port: Int, isDatagrams: Bool = false) {
        descriptor = socket(AF_INET, Int32((isDatagrams ? SOCK_DGRAM : SOCK_STREAM).rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(port)).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        if result != 0 { return nil }
    }

    deinit { close() }

    func close() {
        if descriptor >= 0 { Glibc.close(descriptor) }
        descriptor = -1
    }

    func send(_ text: String) { send(Array(text.utf8)) }

    func send(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if count <= 0 { return }
            rest = rest.dropFirst(count)
        }
    }

    func receiveAll() -> String {
        var all: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            if count <= 0 { return String(decoding: all, as: UTF8.self) }
            all += buffer[..<count]
        }
    }
}
