/// Dart and Flutter: `#0      main.<anonymous closure> (file:///x.dart:12:20)` below `Unhandled exception:`.
///
/// Format: the Dart VM's `StackTrace.toString`.
extension TraceFamily {
    static let dart = TraceFamily(
        begins: { text, line in DartTrace.frame(text[line]) != nil },
        parse: { DartTrace.parse($0, $1) })
}

private enum DartTrace {
    static func frame(_ line: UnsafeRawBufferPointer) -> StackTrace.Frame? {
        let text = line.trimmed
        guard text.has("#"), let number = text.number(at: 1), text.has("  ", at: number.end),
            text.last == UInt8(ascii: ")"),
            let open = text.findLast(UInt8(ascii: "("))
        else { return nil }
        let place = text.cut(from: open + 1, to: text.count - 1)
        guard place.find(".dart") != nil || place.has("dart:") || place.has("package:") else { return nil }
        let (file, line) = place.fileAndLine
        return StackTrace.Frame(
            module: "", function: text.cut(from: number.end, to: open).trimmed.name, file: file.name, line: line)
    }

    static func parse(_ text: TraceText, _ first: Int) -> StackTrace? {
        var start = first
        // The message begins below `Unhandled exception:`, or is the line above the first frame.
        for index in stride(from: first - 1, through: max(0, first - 16), by: -1) {
            if text[index].find("nhandled exception:") != nil || text[index].find("Unhandled Exception:") != nil {
                break
            }
            if !text[index].trimmed.isEmpty { start = index }
        }
        var frames: [StackTrace.Frame] = []
        for index in first..<text.count where frames.count < StackTrace.framesMax {
            if let frame = frame(text[index]) { frames.append(frame) } else { break }
        }
        return StackTrace(language: "dart", exceptions: [thrown(text[start], first == start)], frames: frames)
    }

    private static func thrown(_ line: UnsafeRawBufferPointer, _ isNone: Bool) -> StackTrace.Thrown {
        if isNone { return StackTrace.Thrown(className: "Error", message: "") }
        if let thrown = ExceptionHeader.read(line, isClass: { ExceptionHeader.isThrowable($0) }) { return thrown }
        if let (_, rest) = line.split(at: "Instance of '"), let (name, _) = rest.split(at: "'") {
            return StackTrace.Thrown(className: name.name, message: "")
        }
        return StackTrace.Thrown(className: "Error", message: line.message)
    }
}
