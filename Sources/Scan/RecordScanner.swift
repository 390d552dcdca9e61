package import Events
package import PCRE2
package import Patterns

/// What a scanner remembers of one file between chunks. Belongs to the file, not to the thread.
package struct FileScanState {
    /// Finds times, by the zone of the file's source.
    package var times: TimestampScanner
    /// The record before was closed by a limit; lines that carry it on are passed over.
    var passingOver = PassingOver()
    /// How the file's records have looked of late.
    var habit = RecordHabit()

    /// How long, in milliseconds, to wait at the end of the file for more of the last record; nil: as long as for any.
    package var recordQuietMillis: Int? { habit.quietMillis }

    /// `reference` decides what a time without a year or a date means, `zone` what one without a zone means.
    /// `beginsInside`: the first chunk begins with the remains of a record that a limit has closed (`RecordCutter`).
    package init(zone: TimeZoneRules, reference: Timestamp, beginsInside: Bool = false) {
        times = TimestampScanner(zone: zone, reference: reference)
        passingOver.isPassingOver = beginsInside
    }
}

/// A recognised record with all that is known of it before anybody makes words of it. Good for the length of a call.
package struct ScannedRecord {
    package let record: RecognisedRecord
    package let header: RecordHeader
    package let fingerprint: Fingerprint
    package let severity: Severity
    /// The record's own time, else that of the wrapper of its first line; nil where neither was understood.
    package let time: Timestamp?
    /// Of its first byte in the file.
    package let offset: Int64
    /// Bytes in the file, without the last newline.
    package let length: Int
    /// Lines from 1, counted from the chunk's first line (from 1 where the chunk does not know).
    package let firstLine: Int64
    package let lastLine: Int64
    /// Which output of a program it was written to, where the file tells.
    package let output: ProgramOutput?
}

/// Chunks in, recognised records out: prefilter, confirm, assemble. One for each thread and pattern set; not shared.
package final class RecordScanner {
    package let set: PatternSet
    package let interpreter: Interpreter
    /// Captures of the record that is being handed out.
    package let captures: MatchScratch
    /// For each rule: how often a match was given up at a limit.
    package private(set) var matchesGivenUp: [Int: Int] = [:]
    /// Records closed by a limit of lines or bytes.
    package private(set) var recordsCut = 0

    private var costs: RuleCosts
    private let scratch: PrefilterScratch
    /// Nil where no pack of the set says which lines form a record.
    private let recordRule: RecordRule?
    private var inRecord: [Candidate] = []

    package init(_ set: PatternSet, prefilter: Prefilter, limits: MatchScratch.Limits = .init()) {
        self.set = set
        costs = RuleCosts(rules: set.rules.count)
        scratch = PrefilterScratch(prefilter)
        interpreter = Interpreter(set)
        captures = MatchScratch(limits: limits)
        recordRule = RecordRule(set)
    }

    /// What the rules have cost since the last time, of those that were asked about anything.
    package func takeCosts() -> [PatternCost] { costs.take(set) }

    /// Hands every recognised record of `chunk` to `found`, in file order.
    ///
    /// - Returns: how many bytes are accounted for. The rest is a record that may go on; it must come again, with what
    ///   follows it, at the start of the next chunk of the file.
    package func scan(_ chunk: Chunk, _ state: inout FileScanState, found: (ScannedRecord) -> Void) -> Int {
        let bytes = chunk.bytes
        let finder = FileRecordFinder(bytes: bytes, rule: recordRule)
        let before = state.passingOver
        var floor = state.passingOver.skip(bytes, from: 0, recordRule)
        if floor >= bytes.count { return bytes.count }
        var limit = bytes.count
        if chunk.ending == .more, let last = finder.lastRecordStart(floor: floor), last.isOpen {
            limit = last.start
            if recordRule == nil {
                state.habit.noteLast(bytes, from: last.start, to: last.end)
            } else {
                // Any line may go on there: nothing is learnt from single ones.
                state.habit.noteManyLines()
            }
            if let places = chunk.places { limit = finder.restingStart(last.start, floor: floor, places) }
            guard limit >= floor else {
                state.passingOver = before
                return 0
            }
        }

        let candidates = scratch.candidates(in: UnsafeRawBufferPointer(rebasing: bytes[..<limit]))
        var position = LinePosition(line: chunk.line ?? 1)
        var seen: RecordFinder.Seen?
        var index = 0
        while index < candidates.count {
            let candidate = candidates[index]
            // PCRE2 is asked before the record is looked for: it is quick to say no, and most candidates of some packs
            // are none.
            guard let first = matchedLine(of: candidate, in: bytes, floor: floor) else {
                index += 1
                continue
            }
            let bounds = finder.record(around: first.start, floor: floor, &seen)
            // Where the record ends before the line, the line is asked for again behind it.
            if Int(candidate.position) < bounds.end {
                index += 1
                inRecord.removeAll(keepingCapacity: true)
                while index < candidates.count, Int(candidates[index].position) < bounds.end {
                    if candidates[index].rule < candidate.rule { inRecord.append(candidates[index]) }
                    index += 1
                }
                if let record = confirm(candidate, first, bytes, bounds) {
                    let described = describe(record, bounds, chunk, &state, &position)
                    if described.lastLine > described.firstLine { state.habit.noteManyLines() }
                    found(described)
                }
            }
            floor = bounds.end + 1
            if bounds.isCut {
                recordsCut += 1
                state.passingOver.isPassingOver = true
                floor = state.passingOver.skip(bytes, from: floor, recordRule)
            }
        }
        return limit
    }

    /// A line of a chunk: its first byte, and what PCRE2 sees of it.
    private struct Line {
        let start: Int
        let text: UnsafeRawBufferPointer

        init(of candidate: Candidate, in bytes: UnsafeRawBufferPointer, floor: Int) {
            start = bytes.lineStart(of: Int(candidate.position), floor: floor)
            text = bytes.line(start, bytes.lineEnd(from: Int(candidate.position)))
        }
    }

    /// The candidate's line, if it is not before `floor` and PCRE2 finds the rule in it.
    private func matchedLine(of candidate: Candidate, in bytes: UnsafeRawBufferPointer, floor: Int) -> Line? {
        guard Int(candidate.position) >= floor else { return nil }
        let line = Line(of: candidate, in: bytes, floor: floor)
        return matches(candidate, line) ? line : nil
    }

    /// Whether PCRE2 finds the candidate's rule in its line; the captures are there then.
    private func matches(_ candidate: Candidate, _ line: Line) -> Bool {
        let rule = set.rules[Int(candidate.rule)]
        let began = costs.begin(Int(candidate.rule))
        let outcome = captures.match(rule.expression, in: line.text)
        costs.end(Int(candidate.rule), began)
        switch outcome {
        case .matched: return rule.isMeant(for: line.text)
        case .notMatched: return false
        case .gaveUp:
            matchesGivenUp[Int(candidate.rule), default: 0] += 1
            costs.giveUp(Int(candidate.rule))
            return false
        }
    }

    /// Asks the rules before that of `matched`, the first candidate of the record that PCRE2 confirmed, in order, for the
    /// lines they may match (`inRecord`); the first that does has the record.
    private func confirm(
        _ matched: Candidate, _ line: Line, _ bytes: UnsafeRawBufferPointer, _ bounds: RecordFinder.Found
    ) -> RecognisedRecord? {
        var matched = matched
        var line = line
        if inRecord.count > 1 { inRecord.sort { ($0.rule, $0.position) < ($1.rule, $1.position) } }
        var isFirst = true
        for candidate in inRecord {
            let other = Line(of: candidate, in: bytes, floor: bounds.start)
            isFirst = false
            guard matches(candidate, other) else { continue }
            matched = candidate
            line = other
            isFirst = true
            break
        }
        // The captures are those of the last match that was tried.
        if !isFirst { _ = matches(matched, line) }
        let rule = Int(matched.rule)
        if set.rules[rule].isDiscard { return nil }
        let start = line.start - bounds.start
        return RecognisedRecord(
            rule: rule, bytes: UnsafeRawBufferPointer(rebasing: bytes[bounds.start..<bounds.end]),
            line: start..<(start + line.text.count))
    }

    private func describe(
        _ record: RecognisedRecord, _ bounds: RecordFinder.Found, _ chunk: Chunk, _ state: inout FileScanState,
        _ position: inout LinePosition
    ) -> ScannedRecord {
        let firstEnd = chunk.bytes.lineEnd(from: bounds.start)
        let extent = chunk.places?.extent(of: bounds.start..<bounds.end)
        // A time of day alone is of the day on which the line was written.
        if let written = extent?.time { state.times.reference = written }
        let header = RecordHeader.parse(chunk.bytes.line(bounds.start, firstEnd), &state.times)
        let (fingerprint, severity) = interpreter.fingerprint(of: record, captures: captures, header: header)
        if let extent {
            let line = chunk.line ?? 1
            return ScannedRecord(
                record: record, header: header, fingerprint: fingerprint, severity: severity,
                time: header.time?.time ?? extent.time, offset: chunk.offset + Int64(extent.start),
                length: extent.end - extent.start, firstLine: line + Int64(extent.lines.lowerBound),
                lastLine: line + Int64(extent.lines.upperBound), output: extent.output)
        }
        let firstLine = position.line(at: bounds.start, in: chunk.bytes)
        let lastLine = bounds.end > firstEnd ? position.line(at: bounds.end, in: chunk.bytes) : firstLine
        return ScannedRecord(
            record: record, header: header, fingerprint: fingerprint, severity: severity, time: header.time?.time,
            offset: chunk.offset + Int64(bounds.start), length: bounds.end - bounds.start, firstLine: firstLine,
            lastLine: lastLine, output: nil)
    }
}

/// Line numbers on the way through a chunk: each byte is looked at once.
private struct LinePosition {
    private var line: Int64
    private var offset = 0

    init(line: Int64) { self.line = line }

    /// The number of the line that holds the byte at `target`, which is not before the last one asked for.
    mutating func line(at target: Int, in bytes: UnsafeRawBufferPointer) -> Int64 {
        line += Int64(UnsafeRawBufferPointer(rebasing: bytes[offset..<target]).newlineCount)
        offset = target
        return line
    }
}
