import Events
import Patterns
import Testing

@testable import Scan

/// The prefilter and the cutting of blocks are tricks: whatever they do, the events are those that PCRE2 finds by asking
/// every rule on every line of every record.
@Suite struct SameAnswerTests {
    /// What is compared of an event.
    struct Found: Equatable, CustomStringConvertible {
        let rule: String
        let offset: Int64
        let length: Int
        let firstLine: Int64
        let lastLine: Int64
        let fingerprint: Fingerprint

        var description: String { "\(rule)@\(offset)+\(length) lines \(firstLine)-\(lastLine)" }
    }

    static let packs: [Pack] = {
        let text = #"""
            pack: trial
            patterns:
              - id: trial.anchored
                match: '^ERR (?<code>\d+)$'
                fingerprint: [pattern, code]
              - id: trial.look
                match: '(?<!no )error(?! ignored)'
              - id: trial.every-line
                match: '\bx\Ky'
              - id: trial.tail
                match: 'failed: (?<rest>.*)$'
                fingerprint: [pattern, message]
              - id: trial.class
                match: 'a[^b]c'
              - id: trial.case
                match: '(?i)FaTaL'
              - id: trial.literal
                match: '(?i)during handling of (?:the|an) above'
              - id: trial.trace
                match: '^\s+at \w'
                fingerprint: [exception, frames]
            discard:
              - match: 'healthcheck'
            """#
        // Asked first, and only about lines of its program or of none.
        let tenant = #"""
            pack: tenant
            programs: [b, 'post*']
            patterns:
              - id: tenant.error
                match: 'error$'
              - id: tenant.post
                match: 'post \w'
            """#
        return [("tenant.yaml", tenant), ("trial.yaml", text)].map { PackLoader.load($1, path: $0).pack! }
    }()

    static let words = [
        "ERR 12", "ERR 12x", "error", "no error", "error ignored", "xy", "x y", "failed: disk 7", "failed: ", "a\tc",
        "abc", "FATAL", "fatal", "healthcheck error", "2026-11-22 10:00:00 ERROR failed: x",
        "\tat com.example.A.b(A.java:3)",
        "java.lang.IllegalStateException: no error", "Caused by: java.io.IOException: x", "", " ",
        "Traceback (most recent call last):",
        "  File \"a.py\", line 1, in f", "ValueError: bad", "2026-11-22 10:00:01 INFO quiet", "\u{0}\u{1}", "é",
        "quiet",
        "\r", "ERR 13\r", "goroutine 1 [running]:", "panic: x",
        "main.f(0x1)", "[signal SIGSEGV: x]", "  + Exception Group Traceback (most recent call last):",
        "> File \"a.py\"",
        "During handling of the above exception, another exception occurred:", "Unhandled exception:", "quiet:",
        "#0 x (a.c:1)", "at f (/x.js:1:2)", "f@http://x/y.js:1:2", "Stack trace:", "[stacktrace]", "}", "\"}",
        "thread 'x' panicked at a.rs:1:2:", "note: run with `RUST_BACKTRACE=1`", "** (RuntimeError) error",
        "==================", "------------[ cut here ]------------", "----------------", "WARNING: DATA RACE",
        "==1==ERROR: AddressSanitizer: error", "==1== error", "==1==", "==1==ABORTING", "READ of size 4",
        "SUMMARY: AddressSanitizer: error", "BUG: KASAN: error", "Oops: 0000 error", "RIP: 0010:f", "Call Trace:",
        "---[ end trace 0 ]---", "[   12.345678] WARNING: at x error", "[   12.345679]  f+0x1/0x2",
        "[   12.345680] error",
        "web_1  | error", "web_1  |   at x", "web_1  | Traceback (most recent call last):", "db_1   | error",
        "Nov 22 10:00:00 a b[1]: error", "Nov 22 10:00:00 a c[1]: error", "Nov 22 10:00:00 a postfix/smtp[1]: post 1",
        "Nov 22 10:00:00 a cups[1]: post 1 error", "Nov 22 10:00:00 a b[1]:   at x", "Nov 22, 2026 10:00:00 AM a.B run",
        "SEVERE: error", "2026-11-22 10:00:00 UTC [1] ERROR:  x", "2026-11-22 10:00:00 UTC [1] DETAIL:  x",
    ]

    static func randomLog(seed: UInt64) -> [UInt8] {
        var random = SeededGenerator(seed: seed)
        var log: [UInt8] = []
        for _ in 0..<Int.random(in: 1..<60, using: &random) {
            for _ in 0..<Int.random(in: 1...2, using: &random) {
                log += Array(words.randomElement(using: &random)!.utf8)
            }
            log.append(UInt8(ascii: "\n"))
        }
        if Bool.random(using: &random) { log.removeLast() }
        return log
    }

    /// Feeds `log` in blocks of `blockBytes`, holding back what the scanner does not account for.
    static func scan(_ log: [UInt8], prefilter: Prefilter, set: PatternSet, blockBytes: Int) -> [Found] {
        let scanner = RecordScanner(set, prefilter: prefilter)
        var state = FileScanState(zone: .utc, reference: Timestamp(seconds: 1_795_000_000))
        var found: [Found] = []
        var start = 0
        var end = 0
        while start < log.count {
            end = min(log.count, end + blockBytes)
            let isLast = end == log.count
            let whole = isLast ? end : (log[start..<end].lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? start)
            guard whole > start else { continue }
            log.withUnsafeBytes { buffer in
                let chunk = Chunk(
                    bytes: UnsafeRawBufferPointer(rebasing: buffer[start..<whole]), offset: Int64(start),
                    line: Int64(1 + log[..<start].count { $0 == UInt8(ascii: "\n") }), ending: isLast ? .ended : .more)
                start += scanner.scan(chunk, &state) { scanned in
                    found.append(
                        Found(
                            rule: set.rules[scanned.record.rule].name, offset: scanned.offset,
                            length: scanned.record.bytes.count, firstLine: scanned.firstLine,
                            lastLine: scanned.lastLine, fingerprint: scanned.fingerprint))
                }
            }
            if isLast { break }
        }
        return found
    }

    @Test func `with the prefilter, without it, and at every block size`() {
        let set = PatternSet(packs: Self.packs)
        let on = Prefilter(set)
        let off = Prefilter(set, isEnabled: false)
        #expect(on.perLine.map { set.rules[$0.rule].name } == ["trial.every-line"])
        for seed in 0..<200 as Range<UInt64> {
            let log = Self.randomLog(seed: seed)
            let expected = Self.scan(log, prefilter: off, set: set, blockBytes: log.count)
            for blockBytes in [1, 2, 3, 7, 16, 61, 100, log.count] {
                let got = Self.scan(log, prefilter: on, set: set, blockBytes: blockBytes)
                #expect(got == expected, "seed \(seed), blocks of \(blockBytes)")
            }
        }
    }

    /// A rule that matches every line, so that every record is an event.
    static let everyRecord: PatternSet = {
        let text = #"""
            pack: all
            patterns:
              - id: all.lines
                match: '\S'
                fingerprint: [message]
            """#
        return PatternSet(packs: [PackLoader.load(text, path: "all.yaml").pack!])
    }()

    @Test(arguments: RecordCase.traces + RecordCase.reports)
    func `wherever a log is cut, its records are the same`(example: RecordCase) {
        let set = Self.everyRecord
        let prefilter = Prefilter(set)
        let log = Array(example.lines.map(\.text).joined(separator: "\n").utf8)
        let expected = Self.scan(log, prefilter: prefilter, set: set, blockBytes: log.count)
        #expect(expected.count >= example.lines.count { $0.begins && !$0.text.isEmpty })
        // A first block of every size, and blocks of that size.
        for size in 1..<log.count {
            #expect(Self.scan(log, prefilter: prefilter, set: set, blockBytes: size) == expected, "blocks of \(size)")
        }
    }

    @Test func `the rule is the one that the reference finds in the record`() {
        let set = PatternSet(packs: Self.packs)
        let on = Prefilter(set)
        let reference = ReferenceMatcher(set)
        var compared = 0
        for seed in 1_000..<1_200 as Range<UInt64> {
            let log = Self.randomLog(seed: seed)
            for found in Self.scan(log, prefilter: on, set: set, blockBytes: log.count) {
                let record = Array(log[Int(found.offset)..<(Int(found.offset) + found.length)])
                let match = record.withUnsafeBytes { reference.match($0) }
                #expect(match.map { set.rules[$0.rule].name } == found.rule, "seed \(seed)")
                compared += 1
            }
        }
        #expect(compared > 500)
    }

    @Test func `no line that a rule matches is missed`() {
        let set = PatternSet(packs: Self.packs)
        let scratch = PrefilterScratch(Prefilter(set))
        let reference = ReferenceMatcher(set)
        for seed in 2_000..<2_200 as Range<UInt64> {
            let log = Self.randomLog(seed: seed)
            log.withUnsafeBytes { buffer in
                let candidates = Array(scratch.candidates(in: buffer))
                for line in ReferenceMatcher.lines(of: buffer) {
                    for rule in set.rules.indices
                    where reference.matches(rule, UnsafeRawBufferPointer(rebasing: buffer[line])) {
                        let isThere = candidates.contains { candidate in
                            Int(candidate.rule) == rule && Int(candidate.position) >= line.lowerBound
                                && Int(candidate.position) <= line.upperBound
                        }
                        #expect(isThere, "seed \(seed): \(set.rules[rule].name) at \(line)")
                    }
                }
            }
        }
    }
}
