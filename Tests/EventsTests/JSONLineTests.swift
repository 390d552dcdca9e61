import Testing

@testable import Events

/// JSON log lines of the libraries that write them: level, message, and the trace that they carry as text.
@Suite struct JSONLineTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let line: String
        let level: LogLevel?
        let message: String?
        var exception: String?
        /// The innermost frame's function.
        var frame: String?
    }

    static let javaScript =
        #"TypeError: x is not a function\n    at pay (/app/pay.js:7:3)\n    at main (/app/main.js:1:1)"#
    static let java =
        #"java.io.IOException: no\n\tat com.example.A.b(A.java:3)\nCaused by: java.net.SocketException: gone\n\tat com.example.C.d(C.java:9)"#
    static let python =
        #"Traceback (most recent call last):\n  File \"/app/a.py\", line 3, in f\n    g()\nValueError: bad"#
    static let dotnet = #"System.InvalidOperationException: no\n   at Shop.Pay.Run() in /src/Pay.cs:line 5"#

    static let cases = [
        Case(
            testDescription: "pino",
            line:
                #"{"level":50,"time":1795341600000,"pid":7,"hostname":"web-1","err":{"type":"TypeError","message":"x is not a function","stack":"\#(javaScript)"},"msg":"payment failed"}"#,
            level: .error, message: "payment failed", exception: "TypeError", frame: "pay"),
        Case(
            testDescription: "bunyan, fatal, no trace",
            line:
                #"{"name":"shop","hostname":"web-1","pid":7,"level":60,"msg":"out of \"memory\"","time":"2026-11-22T10:00:00.000Z","v":0}"#,
            level: .critical, message: "out of \"memory\""),
        Case(
            testDescription: "zap",
            line:
                #"{"level":"error","ts":1795341600.12,"caller":"pay/pay.go:7","msg":"payment failed","error":"no route"}"#,
            level: .error, message: "payment failed"),
        Case(
            testDescription: "logrus",
            line: #"{"error":"no route","level":"warning","msg":"retry","time":"2026-11-22T10:00:00Z"}"#,
            level: .warning, message: "retry"),
        Case(
            testDescription: "ECS, flat",
            line:
                #"{"@timestamp":"2026-11-22T10:00:00.000Z","log.level":"ERROR","message":"payment failed","error.type":"java.io.IOException","error.stack_trace":"\#(java)"}"#,
            level: .error, message: "payment failed", exception: "java.io.IOException", frame: "d"),
        Case(
            testDescription: "ECS, nested",
            line:
                #"{"@timestamp":"2026-11-22T10:00:00.000Z","log":{"level":"ERROR"},"error":{"message":"no","stack_trace":"\#(java)"}}"#,
            level: .error, message: "no", exception: "java.io.IOException", frame: "d"),
        Case(
            testDescription: "Serilog's first form",
            line:
                #"{"Timestamp":"2026-11-22T10:00:00.1000000+00:00","Level":"Error","MessageTemplate":"Order {id} failed","RenderedMessage":"Order 7 failed","Exception":"\#(dotnet)","Properties":{"id":7}}"#,
            level: .error, message: "Order 7 failed", exception: "System.InvalidOperationException", frame: "Run"),
        Case(
            testDescription: ".NET's console",
            line:
                #"{"EventId":7,"LogLevel":"Critical","Category":"Shop.Pay","Message":"Order 7 failed","Exception":"\#(dotnet)","State":{"Message":"Order 7 failed","{OriginalFormat}":"Order {id} failed"}}"#,
            level: .critical, message: "Order 7 failed", exception: "System.InvalidOperationException", frame: "Run"),
        Case(
            testDescription: "Serilog",
            line:
                #"{"@t":"2026-11-22T10:00:00.1Z","@mt":"Order {id}","@m":"Order 7 failed","@l":"Error","@x":"\#(dotnet)"}"#,
            level: .error, message: "Order 7 failed", exception: "System.InvalidOperationException", frame: "Run"),
        Case(
            testDescription: "Google Cloud",
            line:
                #"{"severity":"CRITICAL","message":"disk \u00e9 full \ud83d\ude00","timestamp":"2026-11-22T10:00:00Z"}"#,
            level: .critical, message: "disk é full 😀"),
        Case(
            testDescription: "journald",
            line: #"{"__REALTIME_TIMESTAMP":"1795341600000000","PRIORITY":"3","_COMM":"cron","MESSAGE":"job failed"}"#,
            level: .error, message: "job failed"),
        Case(
            testDescription: "Python encoder",
            line: #"{"levelname":"ERROR","message":"failed","exc_info":"\#(python)"}"#,
            level: .error, message: "failed", exception: "ValueError", frame: "f"),
        Case(
            testDescription: "OpenTelemetry",
            line: #"{"severity_text":"ERROR","body":"x","exception.stacktrace":"\#(java)"}"#,
            level: .error, message: nil, exception: "java.io.IOException", frame: "d"),
        Case(
            testDescription: "deeper objects do not count",
            line: #"{"a":{"b":{"message":"no","stack":"\#(java)"}},"n":[{"msg":"no"}]}"#, level: nil, message: nil),
        Case(testDescription: "no object", line: "message", level: nil, message: nil),
    ]

    private func message(_ line: UnsafeRawBufferPointer, from start: Int) -> String? {
        guard let object = JSONLine(line, from: start), let range = object.message else { return nil }
        return withUnsafeTemporaryAllocation(byteCount: 4_096, alignment: 1) { target in
            let count = JSONLine.unescape(line, range, into: target)
            return String(decoding: UnsafeRawBufferPointer(target)[..<count], as: UTF8.self)
        }
    }

    @Test(arguments: cases)
    func `level, message and trace`(given: Case) {
        Array(given.line.utf8).withUnsafeBytes { line in
            var times = TimestampScanner(zone: .utc, reference: Timestamp(seconds: 1_795_341_600))
            #expect(RecordHeader.parse(line, &times).level == given.level)
            #expect(message(line, from: 0) == given.message)
            let trace = StackTrace.parse(line)
            #expect(trace?.outermost.className == given.exception)
            #expect(trace?.frames.first?.function == given.frame)
        }
    }

    @Test(arguments: [
        (#"{"status":500,"exception.class":"Gitlab::Git::CommandError"}"#, "Gitlab::Git::CommandError"),
        (#"{"message":"x","error":{"type":"java.io.IOException","class":"IOException"}}"#, "IOException"),
        (#"{"msg":"x","err":{"type":"TypeError"}}"#, "TypeError"),
        (#"{"message":"x","exception.class":"App\\Cart"}"#, #"App\\Cart"#),
        (#"{"message":"x","error.type":"timeout"}"#, nil), (#"{"message":"x","error.type":"No route"}"#, nil),
        (#"{"message":"x","error.type":"500 Error"}"#, nil), (#"{"message":"x","error.type":"<b>Error"}"#, nil),
        (#"{"message":"x","a":{"b":{"error.type":"TypeError"}}}"#, nil),
    ])
    func `the class of an exception`(line: String, expected: String?) {
        Array(line.utf8).withUnsafeBytes { bytes in
            let range = JSONLine(bytes, from: 0)?.className
            #expect(range.map { String(decoding: bytes[$0], as: UTF8.self) } == expected)
        }
    }

    @Test func `a line of syslog may hold the object`() {
        let line = #"Nov 22 10:00:00 web shop[12]: {"level":50,"msg":"x","err":{"stack":"\#(Self.javaScript)"}}"#
        Array(line.utf8).withUnsafeBytes { line in
            #expect(StackTrace.parse(line)?.outermost.className == "TypeError")
        }
    }

    /// Cut at every byte, and with every byte replaced: nothing is read out of bounds.
    @Test func `hostile objects`() {
        for given in Self.cases {
            let bytes = Array(given.line.utf8)
            for end in 0...bytes.count {
                bytes[..<end].withUnsafeBytes { line in
                    _ = message(line, from: 0)
                    _ = StackTrace.parse(line)
                }
            }
            for index in bytes.indices {
                for byte: UInt8 in [0, UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "{"), UInt8(ascii: "u")] {
                    var bytes = bytes
                    bytes[index] = byte
                    bytes.withUnsafeBytes { _ = message($0, from: 0) }
                }
            }
        }
        let deep = Array(String(repeating: "{\"a\":[", count: 100_000).utf8)
        #expect(deep.withUnsafeBytes { message($0, from: 0) } == nil)
    }

    @Test(arguments: [
        (#"a\nb\tc"#, "a\nb\tc"), (#"\u00e9"#, "é"), (#"\ud83d\ude00!"#, "😀!"), (#"\ud83d!"#, "\u{FFFD}!"),
        (#"\ude00"#, "\u{FFFD}"),
        (#"\u12"#, "12"), (#"\\\"\/"#, "\\\"/"), ("é", "é"), (#"x\"#, #"x\"#),
    ])
    func `escapes`(text: String, expected: String) {
        let bytes = Array(text.utf8)
        let got = bytes.withUnsafeBytes { line in
            withUnsafeTemporaryAllocation(byteCount: 100, alignment: 1) { target in
                let count = JSONLine.unescape(line, 0..<bytes.count, into: target)
                return String(decoding: UnsafeRawBufferPointer(target)[..<count], as: UTF8.self)
            }
        }
        #expect(got == expected)
    }
}
