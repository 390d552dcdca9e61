import Events
import Patterns
import Testing

@testable import Scan

/// A pack that says which lines form a record: the records are its own, wherever the file is cut.
@Suite struct RecordRuleTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let rule: String
        let log: String
        /// First and last line of each record.
        let records: [[Int64]]
    }

    static let cases = [
        Case(
            testDescription: "begins alone: all else goes on",
            rule: "begins: '^#'", log: "#1\na\n  b\n\n2026-11-22 10:00:00 ERROR x\n#2\n#3\nTypeError: y\n\n",
            records: [[1, 5], [6, 6], [7, 8]]),
        Case(
            testDescription: "continues: what it matches goes on, the grammar has the rest",
            rule: "continues: '^\\+'",
            log: "a\n+ b\n+ c\nd\n2026-11-22 10:00:00 ERROR x\n+ y\n\tat A.b(C.java:1)\n+ z\ne\n",
            records: [[1, 3], [4, 4], [5, 8], [9, 9]]),
        Case(
            testDescription: "both: begins comes first",
            rule: "begins: '^\\+start'\n  continues: '^\\+'", log: "+start\n+x\n+start\n+y\nplain\n+z\n",
            records: [[1, 2], [3, 4], [5, 6]]),
        Case(
            testDescription: "lines before the first beginning", rule: "begins: '^#'", log: "a\nb\n#1\nc\n",
            records: [[1, 2], [3, 4]]),
        Case(
            testDescription: "a header is no beginning where the pack says so",
            rule: "begins: '^TX'", log: "TX 1\n2026-11-22 10:00:00 step\n<3>odd\nTX 2\n", records: [[1, 3], [4, 4]]),
    ]

    static func set(_ rule: String, everyRecord: Bool = true) -> PatternSet {
        let text = "pack: a\nrecord:\n  \(rule)\npatterns: [{id: a.never, match: '^never$'}]\n"
        return PatternSet(packs: [PackLoader.load(text, path: "a.yaml").pack!], everyRecord: everyRecord)
    }

    @Test(arguments: cases)
    func `records are as the pack says, at every block size`(given: Case) {
        let set = Self.set(given.rule)
        let prefilter = Prefilter(set)
        for blockBytes in 1...given.log.utf8.count {
            let found = SameAnswerTests.scan(
                Array(given.log.utf8), prefilter: prefilter, set: set, blockBytes: blockBytes)
            #expect(found.map { [$0.firstLine, $0.lastLine] } == given.records, "blocks of \(blockBytes)")
        }
    }

    @Test(arguments: ["begins: '^(?:ERR|20)'", "continues: '^(?:x|q| )'", "begins: '^f'\n  continues: '^[a-e]'"])
    func `random logs give the same records at every block size`(rule: String) {
        let set = Self.set(rule)
        let prefilter = Prefilter(set)
        for seed in 0..<100 as Range<UInt64> {
            let log = SameAnswerTests.randomLog(seed: seed)
            let expected = SameAnswerTests.scan(log, prefilter: prefilter, set: set, blockBytes: log.count)
            for blockBytes in [1, 3, 16, 61] {
                let got = SameAnswerTests.scan(log, prefilter: prefilter, set: set, blockBytes: blockBytes)
                #expect(got == expected, "seed \(seed), blocks of \(blockBytes)")
            }
        }
    }

    @Test func `a record over the limit is closed, and the rest of it passed over`() {
        let set = Self.set("begins: '^#'")
        let log = "#1\n" + String(repeating: "x\n", count: 2_500) + "#2\ny\n"
        let found = SameAnswerTests.scan(
            Array(log.utf8), prefilter: Prefilter(set), set: set, blockBytes: log.utf8.count)
        #expect(found.map { [$0.firstLine, $0.lastLine] } == [[1, 1_000], [2_502, 2_503]])
    }

    @Test func `blocks are cut between two records of the pack`() {
        let set = Self.set("begins: '^#'")
        let log = Array("#1\n2026-11-22 10:00:00 a\n#2\nb\n".utf8)
        log.withUnsafeBytes { bytes in
            var cutter = RecordCutter(rule: RecordRule(set))
            #expect(cutter.cut(bytes, isLast: false) == RecordCutter.Cut(usable: 25, beginsInside: false))
        }
    }
}
