/// Puts lines together that come one by one and are not kept, as the journal's entries do.
///
/// The same grammar as in a file; it keeps the first line of the record.
package struct RecordJoiner {
    private let firstLine: [UInt8]
    private var grammar: RecordGrammar

    /// Begins a record with its first line, without its newline.
    package init(first line: some Collection<UInt8>) {
        let firstLine = Array(line)
        self.firstLine = firstLine
        grammar = firstLine.withUnsafeBytes { RecordGrammar(first: LineView($0)) }
    }

    /// Takes the next line if it is sure to go on the record; else nothing changes, and it is false. Blank lines go on one
    /// that more can follow.
    package mutating func join(_ line: UnsafeRawBufferPointer) -> Bool {
        var tried = grammar
        let goesOn = firstLine.withUnsafeBytes { first in
            tried.first = LineView(first)
            let view = LineView(line)
            switch tried.step(view) {
            case .goesOn: return true
            case .perhaps: return view.shape == .blank
            case .begins, .beginsBehind: return false
            }
        }
        if goesOn { grammar = tried }
        return goesOn
    }
}
