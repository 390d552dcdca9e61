package import Events
import PCRE2
package import Patterns

/// Counts events by issue: what a scanning round found, before it becomes a `Batch`.
///
/// Takes an event without making a String of it: counts, times and a copy of the bytes of the few records that are kept.
/// Words are made of those at the end, once for each issue. One for each thread; `merge` adds another.
package struct Rollup {
    /// New issues beyond this many are counted under one `other` issue for each pattern.
    package static let issuesMax = 50_000
    private var index = FingerprintIndex()
    private var issues: [IssueTally] = []
    /// Events counted.
    package private(set) var eventCount = 0

    package init() {}

    package var isEmpty: Bool { issues.isEmpty }
    package var issueCount: Int { issues.count }

    /// Counts one event of `file`. `fallback` is its time when the record has none. `hasLines` says whether the
    /// record's line numbers count from the head of the file. `facts` is what is known of the record besides its text.
    ///
    /// - Returns: whether it is the first event of its issue here.
    @discardableResult
    package mutating func add(
        _ scanned: ScannedRecord, of set: PatternSet, file: String, fallback: Timestamp, hasLines: Bool,
        facts: RecordFacts? = nil
    ) -> Bool {
        let time = scanned.time ?? fallback
        var fingerprint = scanned.fingerprint
        var known = index[fingerprint]
        if known == nil, issues.count >= Rollup.issuesMax {
            var builder = FingerprintBuilder()
            builder.add("other")
            builder.add(set.rules[scanned.record.rule].name)
            fingerprint = builder.finish()
            known = index[fingerprint]
        }
        eventCount += 1
        let slot = known ?? issues.count
        if known == nil {
            index.insert(fingerprint, slot: slot)
            issues.append(
                IssueTally(
                    fingerprint: fingerprint, set: set, rule: scanned.record.rule, severity: scanned.severity,
                    first: time))
        }
        let bytesMax = issues.count > IssueTally.longSamplesMax ? IssueTally.shortSampleBytesMax : Sample.textBytesMax
        issues[slot].note(time: time, file: file)
        issues[slot].keep(
            scanned, file: file, line: hasLines ? scanned.firstLine : nil, time: time, bytesMax: bytesMax,
            fields: facts?.fields ?? [:])
        if let facts, let severity = set.rules[scanned.record.rule].stated(facts.severity) {
            issues[slot].note(stated: severity)
        }
        return known == nil
    }

    /// Adds what another thread counted. The result does not depend on the order of merging.
    package mutating func merge(_ other: Rollup) {
        eventCount += other.eventCount
        for entry in other.issues {
            if let slot = index[entry.fingerprint] {
                issues[slot].merge(entry)
            } else {
                index.insert(entry.fingerprint, slot: issues.count)
                issues.append(entry)
            }
        }
    }

    /// The counts as deltas with words, in the order of first appearance. Forgets nothing.
    package func deltas() -> [IssueDelta] {
        var interpreters: [ObjectIdentifier: Interpreter] = [:]
        let captures = MatchScratch()
        return issues.map { entry in
            let key = ObjectIdentifier(entry.set)
            let interpreter = interpreters[key] ?? Interpreter(entry.set)
            interpreters[key] = interpreter
            return entry.delta(interpreter, captures)
        }
    }
}
