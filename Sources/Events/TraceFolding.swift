/// A stack trace for the eye: frames of one's own code as they are, runs of others as their number.
package enum TraceFolding {
    package enum Line: Equatable, Sendable {
        case shown(String)
        /// Frames of libraries, in a row.
        case folded([String])
    }

    /// Frames of libraries in a row that are shown before a run is folded.
    package static let runMin = 3

    /// The lines of a record, in order. A record without a frame of one's own is left whole.
    package static func lines(_ text: String) -> [Line] {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let frames = frames(lines)
        guard frames.contains(where: \.inApp) else { return lines.map { .shown($0) } }
        let others = frames.filter { !$0.inApp }
        var result: [Line] = []
        var run: [String] = []
        func flush() {
            if run.count >= runMin { result.append(.folded(run)) } else { result += run.map { .shown($0) } }
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

    /// The frames of all exceptions of the record. `StackTrace` keeps those of one, so each part is read by itself.
    private static func frames(_ lines: [String]) -> [StackTrace.Frame] {
        var frames: [StackTrace.Frame] = []
        var part: [String] = []
        func read() {
            var text = part.joined(separator: "\n")
            frames += text.withUTF8 { StackTrace.parse(UnsafeRawBufferPointer($0)) }?.frames ?? []
        }
        for line in lines {
            let bare = line.drop { $0 == " " || $0 == "\t" }
            if let mark = partMarks.first(where: { bare.hasPrefix($0) }) {
                read()
                part = [String(bare.dropFirst(mark.count))]
            } else {
                part.append(line)
            }
        }
        read()
        return frames
    }

    /// What the next exception of a chain begins with.
    private static let partMarks = [
        "Caused by: ", "Suppressed: ", "During handling of the above exception, another exception occurred:",
        "The above exception was the direct cause of the following exception:",
    ]

    /// Whether the line is that frame's: a line that begins as frames do and names its function and its place.
    private static func isLine(_ line: String, of frame: StackTrace.Frame) -> Bool {
        guard line.first == " " || line.first == "\t", !frame.function.isEmpty else { return false }
        let name = frame.function.split(separator: ".").last ?? ""
        return line.contains(name) && (frame.module.isEmpty || line.contains(frame.module))
            && (frame.file.isEmpty || line.contains(frame.file)) && (frame.line.map { line.contains(":\($0)") } ?? true)
    }
}
