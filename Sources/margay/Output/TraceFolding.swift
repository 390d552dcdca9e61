import Events

/// A stack trace for the eye: frames of one's own code as they are, runs of others as their number.
enum TraceFolding {
    enum Line: Equatable {
        case shown(String)
        case folded(Int)
    }

    /// Frames of libraries in a row that are shown before a run is folded.
    static let runMin = 3

    /// The lines of a record, in order. A record without a trace that is understood, or with a short one, is left whole.
    static func lines(_ text: String) -> [Line] {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        var record = text
        let trace = record.withUTF8 { StackTrace.parse(UnsafeRawBufferPointer($0)) }
        guard let trace, trace.frames.contains(where: \.inApp) else { return lines.map { .shown($0) } }
        let others = trace.frames.filter { !$0.inApp }
        var result: [Line] = []
        var run: [String] = []
        func flush() {
            if run.count >= runMin { result.append(.folded(run.count)) } else { result += run.map { .shown($0) } }
            run = []
        }
        for line in lines {
            if others.contains(where: { isLine(line, of: $0) }) {
                run.append(line)
            } else {
                flush()
                result.append(.shown(line))
            }
        }
        flush()
        return result
    }

    /// Whether the line is that frame's: a line that begins as frames do and names its function and its place.
    private static func isLine(_ line: String, of frame: StackTrace.Frame) -> Bool {
        guard line.first == " " || line.first == "\t", !frame.function.isEmpty else { return false }
        let name = frame.function.split(separator: ".").last ?? ""
        return line.contains(name) && (frame.module.isEmpty || line.contains(frame.module))
            && (frame.file.isEmpty || line.contains(frame.file)) && (frame.line.map { line.contains(":\($0)") } ?? true)
    }
}
