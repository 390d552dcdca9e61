import Events
import PCRE2
import Patterns

/// A record kept as bytes, of which words are made when the counting is done.
struct KeptRecord {
    var file: String
    var line: Int64?
    var offset: Int64
    var time: Timestamp
    var output: ProgramOutput?
    var bytes: [UInt8]
    var matchedLine: Range<Int>
    var rank: UInt64
    /// What was said of it besides its text.
    var fields: [String: String] = [:]

    /// Rank in the reservoir: the same record has the same rank on every host (splitmix64, Steele et al. 2014).
    static func rank(offset: Int64, fingerprint: Fingerprint) -> UInt64 {
        var mixed = UInt64(bitPattern: offset) &+ fingerprint.low &+ 0x9E37_79B9_7F4A_7C15
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// The first, the last and the best-ranked of many.
    static func best(of samples: [KeptRecord]) -> [KeptRecord] {
        guard samples.count > IssueDelta.samplesMax else { return samples }
        let ordered = samples.sorted { ($0.time, $0.file, $0.offset) < ($1.time, $1.file, $1.offset) }
        let middle = ordered.dropFirst().dropLast().sorted { $0.rank < $1.rank }.prefix(IssueDelta.samplesMax - 2)
        return [ordered[0]] + middle + [ordered[ordered.count - 1]]
    }

    /// The record as a sample.
    func sample(rule: Int, _ set: PatternSet, _ interpreter: Interpreter, _ captures: MatchScratch) -> Sample {
        let read = read(rule: rule, set, captures) { record, header in
            interpreter.fields(of: record, captures: captures, header: header)
        }
        let text = set.scrubbed(String(decoding: bytes.prefix(Sample.textBytesMax), as: UTF8.self))
        return Sample(
            file: file, line: line, offset: offset, time: time, text: text,
            fields: read.merging(shown(set)) { own, _ in own }.merging(output?.fields ?? [:]) { own, _ in own },
            rank: rank)
    }

    /// What was said of it besides its text, without secrets.
    private func shown(_ set: PatternSet) -> [String: String] {
        guard !fields.isEmpty else { return fields }
        let pairs = fields.map { name, value in
            (name, SecretScrubber.isSecret(named: name) ? "\(SecretScrubber.placeholder)" : set.scrubbed(value))
        }
        return Dictionary(pairs, uniquingKeysWith: { first, _ in first })
    }

    /// Matches it again and lends it with its header; its captures are in `captures`.
    func read<Result>(
        rule: Int, _ set: PatternSet, _ captures: MatchScratch, _ body: (RecognisedRecord, RecordHeader) -> Result
    ) -> Result {
        bytes.withUnsafeBytes { bytes in
            let record = RecognisedRecord(rule: rule, bytes: bytes, line: matchedLine)
            let matched = UnsafeRawBufferPointer(rebasing: bytes[matchedLine])
            _ = captures.match(set.rules[rule].expression, in: matched)
            var times = TimestampScanner(zone: .utc, reference: time)
            let first = UnsafeRawBufferPointer(rebasing: bytes[..<bytes.lineEnd(from: 0)])
            return body(record, RecordHeader.parse(first, &times))
        }
    }
}
