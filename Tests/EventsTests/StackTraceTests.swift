import Testing

@testable import Events

/// A record and what is read from it.
struct TraceCase: CustomTestStringConvertible, Sendable {
    let name: String
    let language: String
    let classes: [String]
    let message: String
    let keys: [String]
    let title: String
    let record: String
    var testDescription: String { name }
}

@Suite struct StackTraceTests {
    private func parse(_ record: String) -> StackTrace? {
        Array(record.utf8).withUnsafeBytes { StackTrace.parse($0) }
    }

    private func fingerprint(_ record: String) -> Fingerprint? {
        guard let trace = parse(record) else { return nil }
        var builder = FingerprintBuilder()
        trace.addFingerprint(to: &builder)
        return builder.finish()
    }

    @Test(arguments: TraceCase.all)
    func `a trace is read`(_ example: TraceCase) throws {
        let trace = try #require(parse(example.record))
        #expect(trace.language == example.language)
        #expect(trace.exceptions.map(\.className) == example.classes)
        #expect(trace.innermost.message == example.message)
        #expect(trace.keyFrames.map { $0.split(separator: "\u{0}").joined(separator: "!") } == example.keys)
        #expect(trace.title() == example.title)
    }

    @Test(arguments: TraceCase.all)
    func `the prefix of a log shipper changes nothing`(_ example: TraceCase) throws {
        let expected = try #require(parse(example.record))
        let lines = example.record.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.count > 1 else { return }
        for prefix in [
            "app-1  | ", "2024-03-01T09:00:00.037000000Z stderr F ", "Mar  1 09:00:00 web01 app[4211]: ",
            "2024-03-01T09:00:00+01:00 web01 app[4211]: ", "\u{1b}[31m",
        ] {
            let wrapped = lines.map { prefix + $0 }.joined(separator: "\n")
            #expect(parse(wrapped) == expected, "\(prefix)")
        }
    }

    @Test(arguments: TraceCase.all)
    func `carriage returns and a final newline change nothing`(_ example: TraceCase) {
        #expect(parse(example.record.replacing("\n", with: "\r\n") + "\r\n") == parse(example.record))
    }

    @Test(arguments: TraceCase.all)
    func `a trace cut anywhere is read without harm`(_ example: TraceCase) {
        let bytes = Array(example.record.utf8)
        for end in 0...bytes.count {
            let trace = bytes[..<end].withUnsafeBytes { StackTrace.parse($0) }
            #expect(trace?.exceptions.isEmpty != true)
        }
    }

    @Test(arguments: [
        "", "\n\n\n", "an ordinary line", "at the end of the day (see page.12)", "GET /index.php?id=#0 200",
        "2026-11-22 10:00:00 INFO started at 10:00 line 12",
        "[notice] workerEnv.init() ok /etc/httpd/conf/workers2.properties",
        "Error: 5 of 7 failed", "from here: in there",
    ])
    func `what is no trace is none`(record: String) {
        #expect(parse(record) == nil)
    }

    private static let base = """
        java.io.IOException: disk /dev/sda1 full
        \tat com.acme.Store.write(Store.java:12)
        \tat com.acme.Store$$Lambda$14/0x00007f1.run(Unknown Source)
        \tat com.acme.Job$1.run(Job.java:40)
        \tat java.lang.Thread.run(Thread.java:748)
        """

    @Test(arguments: [
        ("Store.java:12", "Store.java:99"), ("Lambda$14/0x00007f1", "Lambda$202/0x00009ab"), ("/dev/sda1", "/dev/sdb2"),
        ("Job$1", "Job$7"), ("Thread.java:748", "Thread.java:834"), ("java.lang.Thread.run", "java.lang.Thread.exec"),
    ])
    func `what a build or a host changes leaves the key`(old: String, new: String) {
        let changed = StackTraceTests.base.replacing(old, with: new)
        #expect(changed != StackTraceTests.base)
        #expect(fingerprint(changed) == fingerprint(StackTraceTests.base))
    }

    @Test(arguments: [
        ("java.io.IOException", "java.io.EOFException"), ("Store.write", "Store.read"),
        ("com.acme.Job", "com.acme.Work"),
    ])
    func `another class or frame is another key`(old: String, new: String) {
        #expect(fingerprint(StackTraceTests.base.replacing(old, with: new)) != fingerprint(StackTraceTests.base))
    }

    @Test func `a recursion counts once however deep it went`() {
        func trace(depth: Int) -> String {
            "E: no\n".replacing("E", with: "java.lang.StackOverflowError")
                + String(repeating: "\tat com.acme.Tree.walk(Tree.java:5)\n", count: depth)
                + "\tat com.acme.Main.main(Main.java:1)"
        }
        #expect(fingerprint(trace(depth: 3)) == fingerprint(trace(depth: 40)))
    }

    @Test func `without a frame the skeleton of the message is the key`() {
        let first = "thread 'main' panicked at src/main.rs:2:5:\nlost 5 rows of table users"
        #expect(fingerprint(first) == fingerprint(first.replacing("5 rows", with: "77 rows")))
        #expect(fingerprint(first) != fingerprint(first.replacing("users", with: "orders")))
    }

    @Test func `a title hides secrets and is bounded`() throws {
        let long = String(repeating: "é", count: 900)
        let trace = try #require(
            parse(
                "java.lang.IllegalStateException: login password=hunter2 \(long)\n\tat a.B.c(B.java:1)"
            ))
        #expect(trace.title().hasPrefix("java.lang.IllegalStateException in B.c — login password=<secret>"))
        #expect(trace.title().utf8.count <= Normaliser.displayBytesMax)
    }

    @Test func `frames, exceptions and lines are bounded`() throws {
        let deep = "java.lang.Error: x\n" + (0..<5_000).map { "\tat a.B.m\($0)(B.java:1)\n" }.joined()
        #expect(try #require(parse(deep)).frames.count == StackTrace.framesMax)
        let chain = "java.lang.Error: x\n\tat a.B.c(B.java:1)\n" + (0..<500).map { "Caused by: a.E\($0)\n" }.joined()
        let trace = try #require(parse(chain))
        #expect(trace.exceptions.count == StackTrace.exceptionsMax)
        #expect(trace.outermost.className == "java.lang.Error" && trace.innermost.className == "a.E499")
        let late = String(repeating: "x\n", count: StackTrace.linesMax) + "java.lang.Error: x\n\tat a.B.c(B.java:1)"
        #expect(parse(late) == nil)
    }

    /// Lines of all traces spliced, cut and damaged at random; the seed is fixed.
    @Test func `damaged traces are read without harm`() {
        let lines = TraceCase.all.flatMap { $0.record.split(separator: "\n").map { Array($0.utf8) } }
        let signs = Array("()[]{}:.'\"#@/\\<>, \u{1b}-$0x".utf8)
        var state: UInt64 = 7
        func random(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        var traced = 0
        for _ in 0..<4_000 {
            var record: [UInt8] = []
            for _ in 0..<(1 + random(8)) {
                var line = lines[random(lines.count)]
                switch random(5) {
                case 0: line = Array(line.prefix(random(line.count + 1)))
                case 1: line = Array(line.suffix(random(line.count + 1)))
                case 2: if !line.isEmpty { line[random(line.count)] = signs[random(signs.count)] }
                case 3: line.insert(signs[random(signs.count)], at: random(line.count + 1))
                default: break
                }
                record += line + [0x0a]
            }
            guard let trace = record.withUnsafeBytes({ StackTrace.parse($0) }) else { continue }
            traced += 1
            var builder = FingerprintBuilder()
            trace.addFingerprint(to: &builder)
            #expect(trace.title().utf8.count <= Normaliser.displayBytesMax && !trace.exceptions.isEmpty)
        }
        #expect(traced > 1_000)
    }
}
