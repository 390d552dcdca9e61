import Events
import PCRE2
package import Patterns

/// Records of a file whose pack says which lines begin one or carry one on (`record:`).
///
/// In place of `RecordFinder`, for such files only. Records are still found from the inside (decision 5): from a line
/// back to one that certainly begins a record, then forwards. A line is asked by itself, so that the answer does not
/// depend on where the file was cut:
/// - what `begins` matches begins a record;
/// - where there is no `continues`, every other line goes on the record before it;
/// - what `continues` matches goes on the record before it, and of all other lines the grammar decides.
///
/// Owned by one thread, for it matches with a scratch space of its own.
package final class RecordRule {
    private let lines: RecordLines
    private let scratch = MatchScratch()
    /// Matches that were given up at a limit; such a line counts as not matched.
    package private(set) var givenUp = 0

    package init(_ lines: RecordLines) { self.lines = lines }

    /// The rule of a pattern set; nil where none of its packs has one.
    package convenience init?(_ set: PatternSet) {
        guard let lines = set.record else { return nil }
        self.init(lines)
    }

    /// What the rule says of a line.
    enum Verdict {
        case begins
        case goesOn
        /// The grammar has to say.
        case undecided
    }

    func verdict(on line: UnsafeRawBufferPointer) -> Verdict {
        if let begins = lines.begins {
            if matches(begins.compiled, line) { return .begins }
            if lines.continues == nil { return .goesOn }
        }
        if let continues = lines.continues, matches(continues.compiled, line) { return .goesOn }
        return .undecided
    }

    /// Whether the line, by itself, is sure to begin a record.
    func beginsRecord(_ line: UnsafeRawBufferPointer) -> Bool {
        switch verdict(on: line) {
        case .begins: true
        case .goesOn: false
        case .undecided: LineShape.beginsRecord(line)
        }
    }

    /// Takes the next line of a record whose grammar is `grammar`; `text` is the line without its newline.
    func step(_ line: LineView, _ text: UnsafeRawBufferPointer, _ grammar: inout RecordGrammar) -> RecordGrammar.Step {
        switch verdict(on: text) {
        case .begins: .begins
        // A blank line belongs to the record if something of the record follows it.
        case .goesOn: line.shape == .blank ? .perhaps : .goesOn
        case .undecided: grammar.step(line)
        }
    }

    private func matches(_ expression: CompiledExpression, _ line: UnsafeRawBufferPointer) -> Bool {
        switch scratch.match(expression, in: line) {
        case .matched: return true
        case .notMatched: return false
        case .gaveUp:
            givenUp += 1
            return false
        }
    }
}

/// Finds the record around a line by a pack's rule. The counterpart of `RecordFinder`.
struct RuledRecordFinder {
    let bytes: UnsafeRawBufferPointer
    let rule: RecordRule

    /// The record that holds the line at `lineStart`. No record begins before `floor`.
    func record(around lineStart: Int, floor: Int) -> RecordFinder.Found {
        var start = certainStart(before: lineStart, floor: floor)
        while true {
            let found = record(from: start)
            if found.end >= lineStart || found.isCut || found.isOpen { return found }
            start = found.end + 1
        }
    }

    /// The record whose first line begins at `start`.
    func record(from start: Int) -> RecordFinder.Found {
        var end = bytes.lineEnd(from: start)
        var looseEnd = end
        var grammar = RecordGrammar(first: LineView(bytes.line(start, end)))
        var next = end + 1
        var lines = 1
        while next < bytes.count {
            let lineEnd = bytes.lineEnd(from: next)
            let line = LineView(bytes.line(next, lineEnd))
            switch rule.step(line, bytes.line(next, lineEnd), &grammar) {
            case .begins: return RecordFinder.Found(start: start, end: end, isOpen: false, isCut: false)
            case .beginsBehind:
                return RecordFinder.Found(start: start, end: max(end, looseEnd), isOpen: false, isCut: false)
            case .goesOn: end = lineEnd
            case .perhaps: if line.shape != .blank { looseEnd = lineEnd }
            }
            lines += 1
            if lines >= RecordFinder.recordLinesMax || lineEnd - start >= RecordFinder.recordBytesMax {
                return RecordFinder.Found(start: start, end: end, isOpen: false, isCut: true)
            }
            next = lineEnd + 1
        }
        let last = grammar.keepsLoose() ? max(end, looseEnd) : end
        return RecordFinder.Found(start: start, end: last, isOpen: true, isCut: false)
    }

    /// The nearest line at or before `lineStart` that begins a record whatever came before it: one that the rule says
    /// begins one, or what `RecordFinder` is sure of among lines of which the rule says nothing.
    private func certainStart(before lineStart: Int, floor: Int) -> Int {
        var start = lineStart
        var lines = 0
        var loose = 0
        var looseStart = lineStart
        while start > floor, lines < RecordFinder.recordLinesMax, lineStart - start < RecordFinder.recordBytesMax {
            let text = bytes.line(start, bytes.lineEnd(from: start))
            switch rule.verdict(on: text) {
            case .begins: return start
            case .goesOn: loose = 0
            case .undecided:
                let line = LineView(text)
                if line.shape == .headed { return start }
                if line.shape.isLoose {
                    if loose == 0 { looseStart = start }
                    loose += 1
                    if loose > RecordGrammar.looseLinesMax { return looseStart }
                } else {
                    loose = 0
                }
            }
            start = bytes.lineStart(of: start - 1, floor: floor)
            lines += 1
        }
        return start
    }
}

/// Finds records by a pack's rule where the file has one, else by the grammar alone.
struct FileRecordFinder {
    let bytes: UnsafeRawBufferPointer
    let rule: RecordRule?

    /// The record that holds the line at `lineStart`. No record begins before `floor`.
    func record(around lineStart: Int, floor: Int) -> RecordFinder.Found {
        var seen: RecordFinder.Seen?
        return record(around: lineStart, floor: floor, &seen)
    }

    /// The same; `seen` is of these bytes, or nil.
    func record(around lineStart: Int, floor: Int, _ seen: inout RecordFinder.Seen?) -> RecordFinder.Found {
        guard let rule else { return RecordFinder(bytes: bytes).record(around: lineStart, floor: floor, &seen) }
        return RuledRecordFinder(bytes: bytes, rule: rule).record(around: lineStart, floor: floor)
    }

    /// The last record: everything before it is complete.
    func lastRecordStart(floor: Int) -> RecordFinder.Found? {
        guard rule != nil else { return RecordFinder(bytes: bytes).lastRecordStart(floor: floor) }
        guard !bytes.isEmpty else { return nil }
        let lastByte = bytes[bytes.count - 1] == UInt8(ascii: "\n") ? bytes.count - 1 : bytes.count
        guard lastByte >= floor else { return nil }
        return record(around: bytes.lineStart(of: lastByte, floor: floor), floor: floor)
    }

    /// `RecordFinder.restingStart`, by the records of this file.
    func restingStart(_ start: Int, floor: Int, _ places: LinePlaces) -> Int {
        guard rule != nil else { return RecordFinder(bytes: bytes).restingStart(start, floor: floor, places) }
        var start = start
        while start >= floor {
            let resting = places.restingPlace(atOrBefore: start)
            if resting == start { return start }
            if resting < floor { break }
            start = record(around: resting, floor: floor).start
        }
        return floor - 1
    }
}
