/// Swift: `Fatal error: …` or a crash report with `0 0x… function + 12 in binary at /path/file.swift:3:7`.
///
/// Format: the runtime's backtraces since Swift 5.9; older ones are symbol lists.
extension TraceFamily {
    static let swift = TraceFamily(
        begins: { text, line in SwiftTrace.frame(text[line]) != nil },
        parse: { SwiftTrace.parse($0, $1) })
}

private enum SwiftTrace {
    static func frame(_ line: UnsafeRawBufferPointer) -> StackTrace.Frame? {
        let text = line.trimmed
        guard let number = text.number(at: 0), text.has(" ", at: number.end), text.find(" in ") != nil else {
            return nil
        }
        var call = text.cut(from: number.end).trimmed
        // An address, marks such as [ra], then the function.
        if call.has("0x"), let blank = call.find(0x20) { call = call.cut(from: blank + 1).trimmed }
        while call.has("["), let close = call.find("] ") { call = call.cut(from: close + 2).trimmed }
        guard let (_, image) = call.split(at: " in "), let (binary, place) = image.split(at: " at ") else { return nil }
        let (file, line) = place.fileAndLine
        guard line != nil, file.ends(with: ".swift") || file.ends(with: ".c") || file.ends(with: ".cpp") else {
            return nil
        }
        var function = call.split(at: " in ")?.before ?? call
        function = function.cut(to: (function.find(" + ") ?? function.count))
        function = function.cut(to: (function.find(UInt8(ascii: "(")) ?? function.count))
        return StackTrace.Frame(
            module: binary.trimmed.name, function: function.trimmed.name, file: file.name, line: line)
    }

    static func parse(_ text: TraceText, _ first: Int) -> StackTrace? {
        guard let thrown = header(text, above: first) else { return nil }
        var frames: [StackTrace.Frame] = []
        for index in first..<text.count where frames.count < StackTrace.framesMax {
            if let frame = frame(text[index]) { frames.append(frame) }
            if text[index].has("Thread "), !frames.isEmpty { break }
        }
        return StackTrace(language: "swift", exceptions: [thrown], frames: frames)
    }

    private static func header(_ text: TraceText, above line: Int) -> StackTrace.Thrown? {
        for index in stride(from: line - 1, through: 0, by: -1) {
            if let (_, message) = text[index].split(at: "Fatal error: ") {
                return StackTrace.Thrown(className: "Fatal error", message: message.message)
            }
        }
        for index in stride(from: line - 1, through: 0, by: -1) {
            if let (_, message) = text[index].split(at: "Program crashed: ") {
                return StackTrace.Thrown(className: "crash", message: message.message)
            }
        }
        return nil
    }
}
