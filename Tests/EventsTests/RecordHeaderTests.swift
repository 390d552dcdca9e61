import Testing

@testable import Events

@Suite struct RecordHeaderTests {
    /// A line, and what its header says. `fields` names what was found, in the order of the initialiser.
    struct Case: Sendable, CustomTestStringConvertible {
        var line: String
        var level: LogLevel?
        var message: String
        var fields: String
        var hasTime = true

        init(_ line: String, _ level: LogLevel?, _ message: String, _ fields: String = "", time hasTime: Bool = true) {
            self.line = line
            self.level = level
            self.message = message
            self.fields = fields
            self.hasTime = hasTime
        }

        var testDescription: String { line }
    }

    static let reference = CivilTime(year: 2026, month: 11, day: 22, hour: 12).utc

    static func parse(_ bytes: [UInt8]) -> RecordHeader {
        var scanner = TimestampScanner(zone: .utc, reference: reference)
        return bytes.withUnsafeBytes { RecordHeader.parse($0, &scanner) }
    }

    private static func fields(_ header: RecordHeader, _ bytes: [UInt8]) -> String {
        let ranges = [
            ("host", header.host), ("program", header.program), ("process", header.process), ("thread", header.thread),
            ("logger", header.logger),
        ]
        return ranges.compactMap { name, range in
            range.map { "\(name)=\(String(decoding: bytes[$0], as: UTF8.self))" }
        }.joined(separator: " ")
    }

    private func check(_ expected: Case) {
        let bytes = Array(expected.line.utf8)
        let header = Self.parse(bytes)
        #expect(header.level == expected.level)
        #expect(String(decoding: bytes[header.messageStart...], as: UTF8.self) == expected.message)
        #expect(Self.fields(header, bytes) == expected.fields)
        #expect((header.time != nil) == expected.hasTime)
        #expect((header.level == nil) == (header.levelRange == nil))
    }

    static let system = [
        Case("(node:811) Warning: up", .warning, "up", "program=node process=811", time: false),
        Case("(node:811) up and running", nil, "up and running", "program=node process=811", time: false),
        Case("E: no lock", .error, "no lock", time: false), Case("W: no key", .warning, "no key", time: false),
        Case("November 22, 2026 10:00: Failed Login: no key", nil, "Failed Login: no key"),
        Case("Nov 22 10:00:00 web sshd[12]: up", nil, "up", "host=web program=sshd process=12"),
        Case("Nov  2 10:00:00 web kernel: [   12.345678] up", nil, "up", "host=web program=kernel"),
        Case("Nov 22 10:00:00 web sshd(pam_unix)[12]: up", nil, "up", "host=web program=sshd process=12"),
        Case("Nov 22 10:00:00 web syslogd 1.4.1: restart.", nil, "restart.", "host=web program=syslogd"),
        Case("Nov 22 10:00:00 web  -- root[12]: up", nil, "up", "host=web program=root process=12"),
        Case("Nov 22 10:00:00 #8#/#8# crond[12]: up", nil, "up", "host=#8#/#8# program=crond process=12"),
        Case("Nov 22 10:00:00 web -- MARK --", nil, "-- MARK --", "host=web"),
        Case("Nov 22 10:00:00 sshd[12]: up", nil, "up", "program=sshd process=12"),
        Case("Nov 22 10:00:00 web last message repeated 2 times", nil, "last message repeated 2 times", "host=web"),
        Case("Nov 22 10:00:00 web sshd[12]: error: PAM: no", .error, "PAM: no", "host=web program=sshd process=12"),
        Case("Nov 22 10:00:00 web cron[1]: (root) CMD (ls)", nil, "(root) CMD (ls)", "host=web program=cron process=1"),
        Case("<27>Nov 22 10:00:00 web app[1]: up", .error, "up", "host=web program=app process=1"),
        Case("<14>Nov 22 10:00:00 web app[1]: ERROR up", .error, "up", "host=web program=app process=1"),
        Case("<34>1 2026-11-22T10:00:00Z web su - ID47 - up", .critical, "up", "host=web program=su"),
        Case(
            "<11>1 2026-11-22T10:00:00Z web app 12 - [a b=\"]\\\"\"][c] up", .error, "up",
            "host=web program=app process=12"),
        Case("<34>1 - - - - - - up", .critical, "up", time: false),
        Case("<3>up", .error, "up", time: false),
        Case("<3>[   12.345678] up", .error, "up", time: false),
        Case("[   12.345678] up", nil, "up", time: false),
        Case("[   12.345678][  T123] up", nil, "up", "thread=T123", time: false),
        Case(
            "2026-11-22T10:00:00.123456+00:00 web app[12]: up", nil, "up", "host=web program=app process=12"),
        Case("2026-11-22T10:00:00.123456+00:00 web kernel: up", nil, "up", "host=web program=kernel"),
        Case(
            "Nov 22 10:00:00 web named[12]: 2025-08-07T06:05:04.321Z queries: info: up", .info, "up",
            "host=web program=named process=12 logger=queries"),
        Case(
            "- 1600000000 2020.09.13 d1 Sep 13 05:26:40 d1/d1 crond(pam)[2]: up", nil, "up",
            "host=d1/d1 program=crond process=2"),
        Case(
            "- 1600000000 2020.09.13 R1 2020-09-13-05.26.40.123456 R1-M1 ABC DEF INFO up", .info, "up"),
    ]

    /// Lines of traces inside of wrappers keep their indentation.
    static let wrapped = [
        Case("Nov 22 10:00:00 web app[1]:     at x", nil, "    at x", "host=web program=app process=1"),
        Case("Nov 22 10:00:00 web app[1]: \tat x", nil, "\tat x", "host=web program=app process=1"),
        Case("<11>1 2026-11-22T10:00:00Z web app 12 - -  at x", .error, " at x", "host=web program=app process=12"),
        Case("2026-11-22T10:00:00Z stderr F   at x", nil, "  at x"),
        Case("2026-11-22T10:00:00Z stdout F [Sun Nov 22 10:00:00 2026] [error] up", .error, "up"),
        Case("[   12.345678]  do_page_fault+0x1", nil, " do_page_fault+0x1", time: false),
        Case("web_1  |     at x", nil, "    at x", time: false),
    ]

    static let libraries = [
        Case(
            "2026-11-22 10:00:00,123 ERROR [main] com.example.App - up", .error, "up",
            "thread=main logger=com.example.App"),
        Case(
            "2026-11-22 10:00:00,123 [main] ERROR com.example.App: up", .error, "up",
            "thread=main logger=com.example.App"),
        Case("2026-11-22 10:00:00,123 - WARN  [a[b]/0:X@7] - up: x", .warning, "up: x", "thread=a[b]/0:X@7"),
        Case(
            "2026-11-22 10:00:00.123 ERROR 12 --- [main] o.e.App   : up", .error, "up",
            "process=12 thread=main logger=o.e.App"),
        Case(
            "2026-11-22T10:00:00.123Z ERROR 12 --- [shop] [           main] o.e.App   : up", .error, "up",
            "process=12 thread=main logger=o.e.App"),
        Case(
            "2026-11-22T10:00:00.123Z ERROR 12 --- [shop] [nio-8080-exec-1] "
                + "[0123456789abcdef0123456789abcdef-0123456789abcdef] o.e.App : up", .error, "up",
            "process=12 thread=nio-8080-exec-1 logger=o.e.App"),
        Case(
            "2026-11-22T10:00:00.123Z ERROR 12 --- [l-1 housekeeper] [                                    ] o.e.App : up",
            .error, "up", "process=12 thread=l-1 housekeeper logger=o.e.App"),
        Case(
            "2026-11-22T10:00:00.123Z ERROR 12 --- [           main] o.e.App : [x] up", .error, "[x] up",
            "process=12 thread=main logger=o.e.App"),
        Case("2026-11-22 10:00:00,123 - app.db - ERROR - up", .error, "up", "logger=app.db"),
        Case("2026-11-22 10:00:00,123 - root - WARNING - up", .warning, "up", "logger=root"),
        Case("ERROR:app.db:up: x", .error, "up: x", "logger=app.db", time: false),
        Case("2026-11-22 10:00:00 ERROR app: up", .error, "up", "logger=app"),
        Case("2026-11-22 10:00:00 ERROR java.io.IOException: up", .error, "java.io.IOException: up"),
        Case("2026-11-22 10:00:00 ERROR up and down", .error, "up and down"),
        Case("2026-11-22 10:00:00 INFO  o.e.App [] - up", .info, "up", "logger=o.e.App"),
        Case(
            "2026-11-22 10:00:00 INFO  [o.e.App] (Thread Pool -- 27) up", .info, "up",
            "thread=Thread Pool -- 27 logger=o.e.App"),
        Case("[2026-11-22 10:00:00,123] INFO [Broker Client x] up (a.B)", .info, "[Broker Client x] up (a.B)"),
        Case("[2026-11-22T10:00:00Z ERROR main] up", .error, "up", "logger=main"),
        Case(
            "[2026-11-22 10:00:00,123: ERROR/ForkPoolWorker-1] up", .error, "up", "process=ForkPoolWorker-1"),
        Case("[2026-11-22 10:00:00,123: INFO/MainProcess] up", .info, "up", "process=MainProcess"),
        Case("fail: Shop.Web.Cart[7]", .error, "", "logger=Shop.Web.Cart", time: false),
        Case(
            "\u{1B}[41m\u{1B}[30mcrit\u{1B}[39m\u{1B}[49m: Shop.Web.Cart[0]", .critical, "", "logger=Shop.Web.Cart",
            time: false),
        Case("2026-11-22 10:00:00 dbug: Shop.Web.Cart[-7]", .debug, "", "logger=Shop.Web.Cart"),
        Case("fail: the cart [7", nil, "fail: the cart [7", time: false),
        Case("[10:00:00 ERR] up [x]", .error, "up [x]"),
        Case("[10:00:00 FTL]", .critical, ""),
        Case(
            "2026-11-22 10:00:00.1234|ERROR|Shop.Program|up: x|y", .error, "up: x|y", "logger=Shop.Program"),
        Case("2026-11-22 10:00:00.1234 | ERROR | Shop.Program | up", .error, "up", "logger=Shop.Program"),
        Case("2026-11-22 10:00:00.1234|ERROR|up and | down", .error, "up and | down"),
        Case("2026-11-22 10:00:00.1234|ERROR|ShopException|up", .error, "ShopException|up"),
        Case("[WARNING/MainProcess] up", .warning, "up", "process=MainProcess", time: false),
        Case("[2026-11-22 10:00:00] local.ERROR: up", .error, "up", "logger=local"),
        Case("22-Nov-2026 10:00:00.123 SEVERE [main] o.e.App up", .error, "up", "thread=main logger=o.e.App"),
        Case("16/05/04 03:02:01 INFO executor.Executor: up", .info, "up", "logger=executor.Executor"),
        Case("091110 030201 148 WARN dfs.Node$X: up", .warning, "up", "process=148 logger=dfs.Node$X"),
        Case("20261122-21:14:28:505|Steps|4711|up 3", nil, "up 3", "process=4711 logger=Steps"),
        Case("[10.31 08:09:10] agent.exe *64 - up", nil, "up", "program=agent.exe"),
        Case("E1122 10:00:00.123456   12 app.go:7] up", .error, "up", "thread=12 logger=app.go:7"),
        Case("2026/11/22 10:00:00 up: x", nil, "up: x"),
        Case("2026/11/22 10:00:00 main.go:42: up", nil, "up", "logger=main.go:42"),
        Case("time=\"2026-11-22T10:00:00Z\" level=error msg=\"up\"", .error, "\"up\""),
        Case(
            "INFO   | unit 2   | 2026/11/22 10:00:00 | 2026-11-22 10:00:00,077 [t-1] DEBUG a.b.C - up", .debug, "up",
            "thread=t-1 logger=a.b.C"),
        Case("11-22 10:00:00.123  1000 23402 E Tag     : up", .error, "up", "process=1000 thread=23402 logger=Tag"),
        Case("2026-11-22T10:00:00Z stderr F ERROR up", .error, "up"),
        Case("[main] WARN a.b.C - up", .warning, "up", "thread=main logger=a.b.C", time: false),
        Case("[ERROR] up", .error, "up", time: false),
        Case("ERROR: up", .error, "up", time: false),
        Case("WARNING up", .warning, "up", time: false),
        Case("\u{1B}[31mERROR\u{1B}[0m up", .error, "up", time: false),
        Case("2026-11-22 10:00:00 \u{1B}[31mERROR\u{1B}[0m \u{1B}[1mapp\u{1B}[0m up", .error, "app\u{1B}[0m up"),
        Case("web_1  | 2026-11-22 10:00:00 ERROR up", .error, "up"),
        Case("web_1  | up", nil, "up", time: false),
    ]

    static let servers = [
        Case("2026/11/22 10:00:00 [error] 12#34: *5 up", .error, "*5 up", "process=12#34"),
        Case("[Sun Nov 22 10:00:00 2026] [error] [client 10.0.0.1] up", .error, "[client 10.0.0.1] up"),
        Case(
            "[Sun Nov 22 10:00:00.123456 2026] [core:notice] [pid 12:tid 34] AH00094: up", .notice, "AH00094: up",
            "process=12:tid 34 logger=core"),
        Case("2026-11-22 10:00:00 UTC [123] user@db ERROR:  column: x", .error, "column: x", "process=123"),
        Case("2026-11-22 10:00:00 UTC:10.0.0.1(50):u@d:[30]:LOG:  duration: 1", .info, "duration: 1"),
        Case("2026-11-22 10:00:00 UTC [123] STATEMENT:  SELECT 1", nil, "STATEMENT:  SELECT 1", "process=123"),
        Case("2026-11-22T10:00:00.1Z 0 [ERROR] [MY-010119] [Server] up", .error, "up", "process=0 thread=Server"),
        Case("2026-11-22 10:00:00 0 [Note] InnoDB: up", .notice, "up", "process=0 logger=InnoDB"),
        Case("12:M 22 Nov 2026 10:00:00.123 # up", .warning, "up", "process=12"),
        Case("[1:C] 22 Nov 2026 10:00:00.123 * up", .notice, "up", "process=1"),
        Case("2026-11-22T10:00:00.123+0000 E NETWORK  [conn1] up", .error, "up", "thread=conn1 logger=NETWORK"),
        Case("10.0.0.1 - frank [22/Nov/2026:10:00:00 +0000] \"GET /\" 200", nil, "\"GET /\" 200"),
        Case("[notice] 2026-11-22T10:00:00.1Z node@host <0.1.0> up", .notice, "node@host <0.1.0> up"),
        Case("22-Nov-2026 10:00:00.123 network: info: up", .info, "up", "logger=network"),
        Case(
            "{\"level\":\"error\",\"time\":\"2026-11-22T10:00:00Z\",\"msg\":\"up\"}", .error,
            "{\"level\":\"error\",\"time\":\"2026-11-22T10:00:00Z\",\"msg\":\"up\"}"),
        Case("{\"level\":50,\"time\":1795341600123}", .error, "{\"level\":50,\"time\":1795341600123}"),
    ]

    @Test(arguments: system) func `headers of the system are cut`(expected: Case) { check(expected) }

    @Test(arguments: wrapped) func `a wrapped line keeps its indentation`(expected: Case) { check(expected) }

    @Test(arguments: libraries) func `headers of logging libraries are cut`(expected: Case) { check(expected) }

    @Test(arguments: servers) func `headers of servers are cut`(expected: Case) { check(expected) }

    @Test(arguments: [
        "", "just a sentence", "Errors were found", "error while reading", "Fine weather", "I am here",
        "Information is power",
        "failed at 2026-11-22 10:00:00 with ERROR", "Caused by: java.lang.Error: up",
        "\tat com.example.App.run(App.java:1)",
        "log file missing", "Backup started 2026-11-22 10:00:00", "10 green bottles",
    ])
    func `a line without a header is all message`(line: String) {
        let header = Self.parse(Array(line.utf8))
        #expect(header.messageStart == 0)
        #expect(header.level == nil)
        #expect(header.host == nil && header.program == nil && header.thread == nil && header.logger == nil)
    }

    @Test(arguments: [
        ("2026-11-22 10:00:00 failed to load: ERROR in module", "failed to load: ERROR in module"),
        ("2026-11-22 10:00:00 10 files returned ERROR", "10 files returned ERROR"),
        ("2026-11-22 10:00:00 I am here", "I am here"),
        ("2026-11-22 10:00:00 fine weather", "fine weather"),
    ])
    func `a level inside of a sentence is none`(line: String, message: String) {
        let header = Self.parse(Array(line.utf8))
        #expect(header.level == nil)
        #expect(String(decoding: Array(line.utf8)[header.messageStart...], as: UTF8.self) == message)
    }

    @Test func `a time in the message is kept, and cuts nothing`() {
        let header = Self.parse(Array("failed at 2026-11-22 10:00:00".utf8))
        #expect(header.time?.time.description == "2026-11-22T10:00:00Z")
        #expect(header.messageStart == 0)
    }

    @Test func `the form of java util logging says that the level follows on the next line`() {
        #expect(Self.parse(Array("Nov 22, 2026 10:00:00 AM com.example.App run".utf8)).continuesOnNextLine)
        #expect(!Self.parse(Array("Nov 22, 2026 10:00:00 AM com.example.App run away".utf8)).continuesOnNextLine)
    }

    @Test func `the inner time is taken where the outer has no year`() {
        let header = Self.parse(Array("Nov 22 10:00:00 web app[1]: 2025-09-20T10:20:26Z up".utf8))
        #expect(header.time?.time.description == "2025-09-20T10:20:26Z")
    }
}
