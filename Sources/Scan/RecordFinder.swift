import Events

/// Finds the record around a line of a chunk.
///
/// Looks back to a line that certainly begins a record, then lets the grammar cut forwards from there. Looks at no line
/// but those around the one in question, so that quiet stretches cost nothing.
struct RecordFinder {
    /// A record of more lines is closed there; what follows of it is passed over.
    static let recordLinesMax = 1_000
    /// Likewise in bytes.
    static let recordBytesMax = 256 * 1_024

    let bytes: UnsafeRawBufferPointer

    /// A record: its first byte, its end (the last newline, or the end of the bytes) and whether a limit closed it.
    struct Found {
        var start: Int
        var end: Int
        /// It reached the end of the bytes, so that more of it may follow.
        var isOpen: Bool
        /// It was closed by a limit: its remaining lines are to be passed over.
        var isCut: Bool
    }

    /// The last line that was looked at, so that the next record need not look at it again.
    struct Seen {
        var start: Int
        var line: LineView
    }

    /// The record that holds the line at `lineStart`. No record begins before `floor`.
    func record(around lineStart: Int, floor: Int) -> Found {
        var seen: Seen?
        return record(around: lineStart, floor: floor, &seen)
    }

    /// The same; `seen` is of these bytes, or nil.
    func record(around lineStart: Int, floor: Int, _ seen: inout Seen?) -> Found {
        var start = certainStart(before: lineStart, floor: floor, &seen)
        while true {
            let found = record(from: start, &seen)
            // The remains of a cut record belong to it, wherever they end; so may the blank lines after an open one.
            if found.end >= lineStart || found.isCut || found.isOpen { return found }
            start = found.end + 1
        }
    }

    /// The first line of the last record: everything before it is complete.
    func lastRecordStart(floor: Int) -> Found? {
        guard !bytes.isEmpty else { return nil }
        let lastByte = bytes[bytes.count - 1] == UInt8(ascii: "\n") ? bytes.count - 1 : bytes.count
        guard lastByte >= floor else { return nil }
        return record(around: bytes.lineStart(of: lastByte, floor: floor), floor: floor)
    }

    /// The last place up to `start`, which begins a record, where a record begins and reading can go on; less than `floor`
    /// where there is none from there on.
    func restingStart(_ start: Int, floor: Int, _ places: LinePlaces) -> Int {
        var start = start
        while start >= floor {
            let resting = places.restingPlace(atOrBefore: start)
            if resting == start { return start }
            if resting < floor { break }
            start = record(around: resting, floor: floor).start
        }
        return floor - 1
    }

    /// The record whose first line begins at `start`.
    func record(from start: Int) -> Found {
        var seen: Seen?
        return record(from: start, &seen)
    }

    private func record(from start: Int, _ seen: inout Seen?) -> Found {
        var end = bytes.lineEnd(from: start)
        var looseEnd = end
        var grammar = RecordGrammar(first: line(start, end, &seen))
        var next = end + 1
        var lines = 1
        while next < bytes.count {
            let lineEnd = bytes.lineEnd(from: next)
            let text = bytes.line(next, lineEnd)
            let prefix = LinePrefix.read(text)
            // Another writer's line is not looked at any closer.
            if grammar.isOfAnother(prefix) { return Found(start: start, end: end, isOpen: false, isCut: false) }
            let line = LineView(text, prefix)
            seen = Seen(start: next, line: line)
            switch grammar.step(line) {
            case .begins: return Found(start: start, end: end, isOpen: false, isCut: false)
            case .beginsBehind: return Found(start: start, end: looseEnd, isOpen: false, isCut: false)
            case .goesOn: end = lineEnd
            case .perhaps: if line.shape != .blank { looseEnd = lineEnd }
            }
            lines += 1
            if lines >= RecordFinder.recordLinesMax || lineEnd - start >= RecordFinder.recordBytesMax {
                return Found(start: start, end: end, isOpen: false, isCut: true)
            }
            next = lineEnd + 1
        }
        return Found(start: start, end: grammar.keepsLoose() ? looseEnd : end, isOpen: true, isCut: false)
    }

    /// The nearest line at or before `lineStart` that begins a record whatever came before it.
    ///
    /// That is a line with a header, or a line without a shape behind as many such lines as no record goes on over.
    private func certainStart(before lineStart: Int, floor: Int, _ seen: inout Seen?) -> Int {
        var start = lineStart
        var lines = 0
        var loose = 0
        var looseStart = lineStart
        while start > floor, lines < RecordFinder.recordLinesMax, lineStart - start < RecordFinder.recordBytesMax {
            let line = line(start, nil, &seen)
            if line.shape == .headed { return start }
            let previous = bytes.lineStart(of: start - 1, floor: floor)
            switch line.shape {
            case .level:
                // Sure but for the second line of a header.
                let head = LineView(bytes.line(previous, start - 1))
                if head.shape != .headed || !LineShape.mayBeFirstOfTwo(head.body) { return start }
                loose = 0
            case .plain, .blank:
                if loose == 0 { looseStart = start }
                loose += 1
                if loose > RecordGrammar.looseLinesMax { return looseStart }
            default: loose = 0
            }
            start = previous
            lines += 1
        }
        return start
    }

    /// The line from `start` to `end` (to its newline, where that is nil), from memory if it was the last one.
    private func line(_ start: Int, _ end: Int?, _ seen: inout Seen?) -> LineView {
        if let seen, seen.start == start { return seen.line }
        let line = LineView(bytes.line(start, end ?? bytes.lineEnd(from: start)))
        seen = Seen(start: start, line: line)
        return line
    }
}
