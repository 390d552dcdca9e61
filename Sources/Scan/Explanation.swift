package import Events
import PCRE2
package import Patterns

/// Why a record is what it is: which patterns were asked, what they answered, and what came of the one that matched.
package struct Explanation: Sendable {
    /// A pattern that was asked about a line.
    package struct Asked: Sendable {
        package var rule: String
        /// Line of the input, from 1.
        package var line: Int
        /// `matched`, `did not match`, or why it was given up.
        package var answer: String
        package var isMatch: Bool
    }

    /// The record as text, invalid UTF-8 repaired.
    package var text: String
    package var firstLine: Int
    package var lastLine: Int
    /// Rules of all packs in use, discards among them.
    package var ruleCount: Int
    /// Those that the prefilter let through, in asking order, up to the first that matched.
    package var asked: [Asked]
    /// Rules that would have matched too, had they been asked first.
    package var alsoMatching: [String]
    /// The rule that has the record; nil where none does.
    package var rule: String?
    package var isDiscard = false
    /// What the header told, by name.
    package var header: [(name: String, value: String)] = []
    package var time: Timestamp?
    package var event: Recognised?

    /// What a pattern made of the record.
    package struct Recognised: Sendable {
        package var meaning: Interpretation
        package var severityReason: String
        package var captures: [(name: String, value: String)]
        /// The message before masking, after the pack's masks, and its skeleton.
        package var message: Interpreter.MessageForms
        /// Parts of the fingerprint, in words.
        package var parts: [String]
        package var fingerprint: Fingerprint
    }
}

/// Explains records, one after the other. For people: slow, and it allocates.
package final class Explainer {
    private let set: PatternSet
    private let scratch: PrefilterScratch
    private let interpreter: Interpreter
    private let captures = MatchScratch()
    private let rule: RecordRule?

    package init(_ set: PatternSet, prefilter: Prefilter) {
        self.set = set
        scratch = PrefilterScratch(prefilter)
        interpreter = Interpreter(set)
        rule = RecordRule(set)
    }

    /// Explains the records of `bytes` from the first on, as long as `wants` is true of what came before.
    package func explain(_ bytes: UnsafeRawBufferPointer, zone: TimeZoneRules, wants: (Int) -> Bool) -> [Explanation] {
        var found: [Explanation] = []
        var start = 0
        var line = 1
        while start < bytes.count, wants(found.count) {
            let bounds: RecordFinder.Found
            if let rule {
                bounds = RuledRecordFinder(bytes: bytes, rule: rule).record(from: start)
            } else {
                bounds = RecordFinder(bytes: bytes).record(from: start)
            }
            let record = UnsafeRawBufferPointer(rebasing: bytes[bounds.start..<bounds.end])
            let lines = ReferenceMatcher.lines(of: record)
            found.append(explain(record, lines, firstLine: line, zone))
            line += UnsafeRawBufferPointer(rebasing: bytes[start..<min(bounds.end + 1, bytes.count)]).newlineCount
            start = bounds.end + 1
        }
        return found
    }

    private func explain(
        _ record: UnsafeRawBufferPointer, _ lines: [Range<Int>], firstLine: Int, _ zone: TimeZoneRules
    ) -> Explanation {
        var times = TimestampScanner(zone: zone, reference: Timestamp(microseconds: 0))
        let head = UnsafeRawBufferPointer(rebasing: record[lines.first ?? 0..<0])
        let header = RecordHeader.parse(head, &times)
        var explanation = Explanation(
            text: String(decoding: record, as: UTF8.self), firstLine: firstLine,
            lastLine: firstLine + lines.count - 1, ruleCount: set.rules.count, asked: [], alsoMatching: [])
        explanation.header = header.named(in: head)
        explanation.time = header.time?.time
        var winner: (rule: Int, line: Range<Int>)?
        let candidates = scratch.candidates(in: record).sorted { ($0.rule, $0.position) < ($1.rule, $1.position) }
        for candidate in candidates {
            guard let index = lines.lastIndex(where: { $0.lowerBound <= Int(candidate.position) }) else { continue }
            let rule = set.rules[Int(candidate.rule)]
            let line = UnsafeRawBufferPointer(rebasing: record[lines[index]])
            let outcome = captures.match(rule.expression, in: line)
            let isMeant = outcome != .matched || rule.isMeant(for: line)
            if winner != nil {
                if outcome == .matched, isMeant, explanation.alsoMatching.last != rule.name {
                    explanation.alsoMatching.append(rule.name)
                }
                continue
            }
            explanation.asked.append(
                Explanation.Asked(
                    rule: rule.name, line: firstLine + index,
                    answer: isMeant ? outcome.words : "matched, but its pack is not for this program",
                    isMatch: outcome == .matched && isMeant))
            if outcome == .matched, isMeant { winner = (Int(candidate.rule), lines[index]) }
        }
        guard let winner else { return explanation }
        explanation.rule = set.rules[winner.rule].name
        explanation.isDiscard = set.rules[winner.rule].isDiscard
        if !explanation.isDiscard { explanation.event = recognised(record, winner, header) }
        return explanation
    }

    private func recognised(
        _ bytes: UnsafeRawBufferPointer, _ winner: (rule: Int, line: Range<Int>), _ header: RecordHeader
    ) -> Explanation.Recognised {
        let rule = set.rules[winner.rule]
        let line = UnsafeRawBufferPointer(rebasing: bytes[winner.line])
        _ = captures.match(rule.expression, in: line)
        let record = RecognisedRecord(rule: winner.rule, bytes: bytes, line: winner.line)
        let groups = rule.expression.names.compactMap { name, number in
            captures.capture(number).map { (name, String(decoding: line[$0], as: UTF8.self)) }
        }
        let key = interpreter.fingerprint(of: record, captures: captures, header: header).fingerprint
        let meaning = interpreter.interpret(record, captures: captures, header: header)
        let reason =
            rule.pattern?.severity == .level
            ? "by the level that was captured, through the pack's levels" : "as the pattern says"
        return Explanation.Recognised(
            meaning: meaning, severityReason: reason, captures: groups,
            message: interpreter.messageForms(of: record, header: header), parts: rule.fingerprintWords,
            fingerprint: key)
    }
}

extension RecordHeader {
    /// What it found, as text.
    fileprivate func named(in line: UnsafeRawBufferPointer) -> [(name: String, value: String)] {
        let all: [(String, Range<Int>?)] = [
            ("time", time?.range), ("level", levelRange), ("host", host), ("program", program), ("process", process),
            ("thread", thread), ("logger", logger),
        ]
        return all.compactMap { name, range in
            range.flatMap { $0.upperBound <= line.count ? (name, String(decoding: line[$0], as: UTF8.self)) : nil }
        }
    }
}

extension MatchScratch.Outcome {
    fileprivate var words: String {
        switch self {
        case .matched: "matched"
        case .notMatched: "did not match"
        case .gaveUp(let reason): "given up: \(reason)"
        }
    }
}
