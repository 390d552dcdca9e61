/// Whether a file has records of many lines, learnt from those that were seen last: how long to wait for more of one.
///
/// Heuristic. A file that has shown nothing but single lines for a while is not expected to begin with traces now, and
/// its last line counts after a few milliseconds. The first trace in such a file is cut in two only if its writer pauses
/// longer than that within it; from then on the file is waited for as any other.
struct RecordHabit {
    /// Last records of one line, one after the other, before the file is trusted to have no others.
    static let singleLinesEnough = 16
    /// What such a file is waited for, in milliseconds: a writer that writes a trace line by line takes far less from one
    /// line to the next.
    static let quietMillisMin = 3

    private var singleLines = 0
    private var lastMayGrow = true

    /// Nil: wait as long as for any record.
    var quietMillis: Int? {
        singleLines >= RecordHabit.singleLinesEnough && !lastMayGrow ? RecordHabit.quietMillisMin : nil
    }

    /// Takes the record at the end of what was read, `start ..< end` of `bytes`.
    mutating func noteLast(_ bytes: UnsafeRawBufferPointer, from start: Int, to end: Int) {
        let firstEnd = bytes.lineEnd(from: start)
        guard firstEnd >= end else { return noteManyLines() }
        let line = LineView(bytes.line(start, firstEnd))
        singleLines = min(singleLines + 1, RecordHabit.singleLinesEnough)
        // What names an exception, or ends in a colon, announces more.
        let isWhole = line.shape.isLoose || line.shape == .headed || line.shape == .level || line.shape == .detail
        lastMayGrow = !isWhole || line.endsInColon
    }

    /// A record of several lines was seen.
    mutating func noteManyLines() {
        singleLines = 0
        lastMayGrow = true
    }
}
