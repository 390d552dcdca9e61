/// Which lines of one part of a log carry on the record that is open at the end of the part before.
package enum RecordContinuation {
    /// How many bytes of `next`, in whole lines from the first on, carry on the record that `open` ends in; with an empty
    /// `open`, whether they may carry on any record. `isOpen`: all of them do, so that more may follow.
    ///
    /// Blank lines belong to the record only if a later line does. `rule` is the one of the file's packs; nil where none of
    /// them says which lines form a record.
    package static func carried(
        after open: UnsafeRawBufferPointer, by next: UnsafeRawBufferPointer, rule: RecordRule? = nil
    ) -> (bytes: Int, isOpen: Bool) {
        guard !open.isEmpty else {
            let first = next.line(0, next.lineEnd(from: 0))
            let begins = rule?.beginsRecord(first) ?? LineShape.beginsRecord(first)
            return begins ? (0, false) : (next.count, true)
        }
        let finder = FileRecordFinder(bytes: open, rule: rule)
        guard let last = finder.lastRecordStart(floor: 0), last.isOpen else { return (0, false) }
        let start = last.start
        var grammar = RecordGrammar(first: LineView(open.line(start, open.lineEnd(from: start))))
        var at = open.lineEnd(from: start) + 1
        while at < open.count {
            let end = open.lineEnd(from: at)
            _ = step(open.line(at, end), rule, &grammar)
            at = end + 1
        }
        var bytes = 0
        var loose = 0
        at = 0
        while at < next.count {
            let end = next.lineEnd(from: at)
            let line = next.line(at, end)
            switch step(line, rule, &grammar) {
            case .begins: return (bytes, false)
            case .beginsBehind: return (max(bytes, loose), false)
            case .goesOn: bytes = min(next.count, end + 1)
            case .perhaps: if LineView(line).shape != .blank { loose = min(next.count, end + 1) }
            }
            at = end + 1
        }
        return (bytes, true)
    }

    private static func step(
        _ line: UnsafeRawBufferPointer, _ rule: RecordRule?, _ grammar: inout RecordGrammar
    ) -> RecordGrammar.Step {
        let view = LineView(line)
        return rule?.step(view, line, &grammar) ?? grammar.step(view)
    }
}
