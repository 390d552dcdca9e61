import Events
import PCRE2
import Patterns
import Testing

@testable import Scan

/// A pattern that backtracks without end stops at its limit, is counted by name, and keeps the line from nobody else.
@Suite struct HostileLineTests {
    private static func set() throws -> PatternSet {
        let text = #"""
            pack: a
            patterns:
              - {id: a.runaway, match: '^ERR (a+)+(?!.)'}
              - {id: a.also, match: 'ERR (?:x|a|aa)*b!'}
              - {id: a.plain, match: '^ERR .*!$'}
            """#
        return PatternSet(packs: [try #require(PackLoader.load(text, path: "a.yaml").pack)])
    }

    private func log(lines: Int) -> [UInt8] {
        let hostile = "ERR " + String(repeating: "a", count: 200) + "!\n"
        return Array((String(repeating: hostile, count: lines) + "ERR aaa\n").utf8)
    }

    @Test(arguments: [true, false])
    func `it is given up, named, and the next pattern has the line`(isPrefiltered: Bool) throws {
        let set = try Self.set()
        let scanner = RecordScanner(set, prefilter: Prefilter(set, isEnabled: isPrefiltered))
        var state = FileScanState(zone: .utc, reference: Timestamp(seconds: 0))
        var found: [String: Int] = [:]
        log(lines: 20).withUnsafeBytes { bytes in
            _ = scanner.scan(Chunk(bytes: bytes, offset: 0, line: 1, ending: .ended), &state) {
                found[set.rules[$0.record.rule].name, default: 0] += 1
            }
        }
        #expect(found == ["a.plain": 20, "a.runaway": 1])
        let named = scanner.matchesGivenUp.map { (set.rules[$0.key].name, $0.value) }
        #expect(named.contains { $0 == ("a.runaway", 20) })
        let costs = scanner.takeCosts()
        let runaway = try #require(costs.first { $0.pattern == "a.runaway" })
        // One question in 64 is timed, of whichever pattern.
        #expect(runaway.givenUp == 20 && runaway.asked >= 21)
        let asked = costs.reduce(0) { $0 + $1.asked }
        #expect(costs.reduce(0) { $0 + $1.timed } == asked / 64)
        #expect(scanner.takeCosts() == [])
    }

    @Test func `the limit bounds the steps, whatever the line's length`() throws {
        let expression = try CompiledExpression("^(a+)+$")
        let scratch = MatchScratch(limits: .init(match: 1_000))
        for length in [50, 5_000, 500_000] {
            let line = [UInt8](repeating: UInt8(ascii: "a"), count: length) + [UInt8(ascii: "!")]
            let outcome = line.withUnsafeBytes { scratch.match(expression, in: $0) }
            guard case .gaveUp = outcome else {
                Issue.record("\(length) bytes: \(outcome)")
                continue
            }
        }
    }

    @Test func `what it costs is counted by pattern`() throws {
        let set = try Self.set()
        let timing = PatternTiming(set, prefilter: Prefilter(set))
        log(lines: 5).withUnsafeBytes { timing.measure($0) }
        let runaway = timing.costs[0]
        #expect(runaway.tries == 6)
        #expect(runaway.givenUp == 5)
        #expect(runaway.matches == 1)
        #expect(timing.costs[2].matches == 5)
        #expect(runaway.nanoseconds > timing.costs[2].nanoseconds)
    }

    @Test func `a record rule that gives up leaves the line where it is`() throws {
        let text = "pack: a\nrecord: {begins: '^(a+)+$'}\npatterns: [{id: a.x, match: '^# x'}]\n"
        let set = PatternSet(packs: [try #require(PackLoader.load(text, path: "a.yaml").pack)], everyRecord: true)
        let hostile = String(repeating: "a", count: 300) + "!\n"
        let found = SameAnswerTests.scan(
            Array(("aa\n# x\n" + hostile + "aa\nq\n").utf8), prefilter: Prefilter(set), set: set, blockBytes: 1_000)
        #expect(found.map { [$0.firstLine, $0.lastLine] } == [[1, 3], [4, 5]])
    }

    /// 1,000 strings of random bytes as packs, as expressions and as logs: nothing crashes, and each is answered.
    @Test func `random bytes as packs, expressions and logs`() throws {
        var random = SeededGenerator(seed: 20_261_122)
        let core = try Self.set()
        for round in 0..<1_000 {
            var bytes = (0..<Int.random(in: 0..<200, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            if round.isMultiple(of: 2) { bytes = bytes.map { $0 & 0x7F } }
            let text = String(decoding: bytes, as: UTF8.self)
            let whole = PackLoader.load(text, path: "x.yaml")
            #expect(whole.pack != nil || !whole.diagnostics.isEmpty)
            // The bytes as an expression, in a pack that is otherwise right; quotes doubled, lines joined.
            let quoted = text.replacing("'", with: "''").replacing("\n", with: " ").filter { !$0.isNewline }
            let pack = PackLoader.load("pack: a\npatterns:\n  - {id: a.b, match: '\(quoted)'}\n", path: "x.yaml")
            #expect(pack.pack != nil || pack.hasErrors)
            var set = core
            if let found = pack.pack, !found.patterns.isEmpty { set = PatternSet(packs: [found], everyRecord: true) }
            let on = SameAnswerTests.scan(bytes, prefilter: Prefilter(set), set: set, blockBytes: 64)
            let off = SameAnswerTests.scan(
                bytes, prefilter: Prefilter(set, isEnabled: false), set: set, blockBytes: 64)
            #expect(on == off, "round \(round)")
        }
    }
}
