import Events
import Patterns
import Scan
import Tail
import Testing

/// Records within container logs, read as `watch` reads them: whatever a read ends with, the same records come out with
/// the same places in the file.
@Suite struct ContainerRecordTests {
    /// What is compared of an event.
    private struct Found: Equatable {
        let rule: String
        let offset: Int64
        let length: Int
        let lines: ClosedRange<Int64>
        let fingerprint: Fingerprint
        let time: Timestamp?
        let output: ProgramOutput?
    }

    private static let set: PatternSet = {
        let text = #"""
            pack: trial
            patterns:
              - id: trial.trace
                match: '^\s+at \w'
                fingerprint: [exception, frames]
              - id: trial.error
                match: 'error'
                fingerprint: [message]
            """#
        return PatternSet(packs: [PackLoader.load(text, path: "trial.yaml").pack!])
    }()

    private static let words = [
        "error 1", "quiet", "2026-11-22 10:00:00 ERROR error two", "\tat com.example.A.b(A.java:3)",
        "java.lang.IllegalStateException: no", "Caused by: java.io.IOException: x", "",
        "2026-11-22 10:00:01 INFO quiet", "Traceback (most recent call last):", "  File \\\"a.py\\\", line 1, in f",
        "ValueError: bad", "quiet\\nerror within\\n\\tat com.example.B.c(B.java:4)", "\\u0000error\\ud800",
    ]

    /// A Docker log of both outputs, some lines in parts, some not wrapped; it ends with whole lines.
    private static func randomLog(seed: UInt64) -> String {
        var random = SeededNumbers(seed: seed)
        var log = ""
        var isOpen = [false, false]
        func line(_ text: String, _ output: Int, isPartial: Bool) {
            let name = ["stdout", "stderr"][output]
            let ending = isPartial ? "" : "\\n"
            let time = "2026-11-22T09:00:0\(Int.random(in: 0...9, using: &random))Z"
            log += #"{"log":"\#(text)\#(ending)","stream":"\#(name)","time":"\#(time)"}"# + "\n"
        }
        for _ in 0..<Int.random(in: 1..<40, using: &random) {
            if Int.random(in: 0..<15, using: &random) == 0 { log += "error foreign\n" }
            let output = Int.random(in: 0...1, using: &random)
            isOpen[output] = Int.random(in: 0..<4, using: &random) == 0
            line(words.randomElement(using: &random)!, output, isPartial: isOpen[output])
        }
        for output in 0...1 where isOpen[output] { line("end", output, isPartial: false) }
        return log
    }

    /// Reads `blockBytes` at a time and holds back what is not accounted for.
    private static func scan(_ log: [UInt8], blockBytes: Int) -> [Found] {
        let layout = log.withUnsafeBytes { TextLayout.assumed(by: $0, encoding: .automatic, format: .docker).layout }
        var decoder = LineDecoder(layout, lineBytesMax: 1 << 20)
        let text = DecodedText()
        let scanner = RecordScanner(set, prefilter: Prefilter(set))
        var state = FileScanState(zone: .utc, reference: Timestamp(seconds: 1_795_000_000))
        var found: [Found] = []
        var start = 0
        var end = 0
        var line: Int64 = 1
        while end < log.count {
            end = min(log.count, end + blockBytes)
            let isLast = end == log.count
            log[start..<end].withUnsafeBytes { bytes in
                guard let whole = layout.linesEnd(in: bytes) else { return }
                let raw = UnsafeRawBufferPointer(rebasing: bytes[..<whole])
                decoder.decode(raw, into: text, isFinal: isLast)
                let chunk = Chunk(
                    bytes: text.bytes, offset: Int64(start), line: line, ending: isLast ? .ended : .more,
                    places: text.places)
                let count = scanner.scan(chunk, &state) { scanned in
                    found.append(
                        Found(
                            rule: set.rules[scanned.record.rule].name, offset: scanned.offset, length: scanned.length,
                            lines: scanned.firstLine...scanned.lastLine, fingerprint: scanned.fingerprint,
                            time: scanned.time, output: scanned.output))
                }
                let taken = text.rawBytes(ofText: count)
                decoder.account(for: taken, of: text)
                line += Int64(decoder.newlines(in: UnsafeRawBufferPointer(rebasing: raw[..<taken])))
                start += taken
            }
        }
        return found
    }

    @Test func `whatever a read ends with, records and places are the same`() {
        var compared = 0
        for seed in 0..<150 as Range<UInt64> {
            let log = Array(Self.randomLog(seed: seed).utf8)
            let expected = Self.scan(log, blockBytes: log.count)
            for blockBytes in [1, 30, 61, 100, 350] {
                let found = Self.scan(log, blockBytes: blockBytes)
                #expect(found == expected, "seed \(seed), blocks of \(blockBytes)")
            }
            let starts = [0] + log.indices.filter { log[$0] == UInt8(ascii: "\n") }.map { $0 + 1 }
            for record in expected {
                #expect(starts[Int(record.lines.lowerBound) - 1] == Int(record.offset))
                #expect(starts[Int(record.lines.upperBound)] - 1 == Int(record.offset) + record.length)
                #expect(record.time != nil || record.output == nil)
            }
            compared += expected.count
        }
        #expect(compared > 500)
    }
}

/// The same numbers for the same seed.
private struct SeededNumbers: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1 }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}
