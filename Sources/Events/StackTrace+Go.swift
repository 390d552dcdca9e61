/// Go: `panic: …` or `fatal error: …`, `goroutine 1 [running]:`, then a call and, below it, `file.go:12 +0x1f`.
///
/// Format: `runtime/traceback.go`. Errors printed with `%+v` by the usual errors packages have the same pairs of lines.
extension TraceFamily {
    static let go = TraceFamily(
        begins: { text, line in GoTrace.begins(text, line) },
        parse: { GoTrace.parse($0, $1) })
}

private enum GoTrace {
    static func begins(_ text: TraceText, _ line: Int) -> Bool {
        let trimmed = text[line].trimmed
        return trimmed.has("WARNING: DATA RACE") || trimmed.has("panic: ") || trimmed.has("fatal error: ")
            || trimmed.has("goroutine ")
            || trimmed.find("panic serving ") != nil || place(text[line + 1]) != nil && function(trimmed) != nil
    }

    /// `	/src/x.go:58 +0x12a`: the file and line.
    private static func place(_ line: UnsafeRawBufferPointer) -> (file: UnsafeRawBufferPointer, line: Int)? {
        let text = line.trimmed
        guard let mark = text.find(".go:"), let number = text.number(at: mark + 4),
            number.end == text.count || text[number.end] == 0x20, !text.cut(to: mark).contains(UInt8(ascii: "("))
        else { return nil }
        return (text.cut(to: mark + 3), number.value)
    }

    /// `net/http.(*conn).serve(0xc0, …)`, `created by main.main in goroutine 1`: package and function.
    private static func function(
        _ call: UnsafeRawBufferPointer
    ) -> (module: UnsafeRawBufferPointer, function: UnsafeRawBufferPointer)? {
        var name = call
        // Arguments: the last bracket that opens at the end, not the receiver's.
        if name.last == UInt8(ascii: ")"), let open = argumentsStart(name) { name = name.cut(to: open) }
        guard !name.isEmpty, !name.contains(0x20) else { return nil }
        let slash = name.findLast(UInt8(ascii: "/")).map { $0 + 1 } ?? 0
        guard let dot = name.find(UInt8(ascii: "."), from: slash), dot + 1 < name.count, dot > 0 else { return nil }
        return (name.cut(to: dot), name.cut(from: dot + 1))
    }

    private static func argumentsStart(_ call: UnsafeRawBufferPointer) -> Int? {
        var depth = 0
        var index = call.count - 1
        while index >= 0 {
            if call[index] == UInt8(ascii: ")") { depth += 1 }
            if call[index] == UInt8(ascii: "(") {
                depth -= 1
                if depth == 0 { return index }
            }
            index -= 1
        }
        return nil
    }

    static func parse(_ text: TraceText, _ first: Int) -> StackTrace? {
        if text[first].trimmed.has("WARNING: DATA RACE") { return parseRace(text, first) }
        var exceptions: [StackTrace.Thrown] = []
        var frames: [StackTrace.Frame] = []
        var goroutines = 0
        var index = first
        while index < text.count {
            let line = text[index].trimmed
            if let thrown = thrown(line) {
                if goroutines == 0 && exceptions.count < StackTrace.exceptionsMax { exceptions.append(thrown) }
            } else if line.has("goroutine "), line.find("[") != nil {
                goroutines += 1
                // The first goroutine is the one that failed; without it, a signal's stack of the runtime stands alone.
                if goroutines > 1 && !frames.isEmpty { break }
            } else if !line.has("created by "), let call = function(line), let place = place(text[index + 1]) {
                frames.append(
                    StackTrace.Frame(
                        module: call.module.name, function: call.function.name, file: place.file.name, line: place.line)
                )
                index += 1
            }
            index += 1
        }
        if exceptions.isEmpty, !frames.isEmpty, first > 0 || goroutines == 0, let thrown = error(text, above: first) {
            exceptions = [thrown]
        }
        guard !exceptions.isEmpty, goroutines > 0 || !frames.isEmpty else { return nil }
        return StackTrace(language: "go", exceptions: exceptions, frames: belowPanic(frames))
    }

    /// The report of the race detector: `Write at 0x00c0 by goroutine 7:`, its stack, then the access before it.
    private static func parseRace(_ text: TraceText, _ first: Int) -> StackTrace? {
        var frames: [StackTrace.Frame] = []
        for index in first + 1..<max(first + 1, text.count) where frames.count < StackTrace.framesMax {
            if text[index].trimmed.isEmpty {
                if frames.isEmpty { continue }
                break
            }
            guard let call = function(text[index].trimmed), let place = place(text[index + 1]) else { continue }
            frames.append(
                StackTrace.Frame(
                    module: call.module.name, function: call.function.name, file: place.file.name, line: place.line))
        }
        guard !frames.isEmpty else { return nil }
        let access = text[first + 1].trimmed
        let race = StackTrace.Thrown(className: "data race", message: access.split(at: " at 0x")?.before.message ?? "")
        return StackTrace(language: "go", exceptions: [race], frames: frames)
    }

    /// `panic: a [recovered]`, `fatal error: b`, `http: panic serving 1.2.3.4:5: c`.
    private static func thrown(_ line: UnsafeRawBufferPointer) -> StackTrace.Thrown? {
        if line.has("panic: ") { return StackTrace.Thrown(className: "panic", message: line.cut(from: 7).message) }
        if line.has("fatal error: ") {
            return StackTrace.Thrown(className: "fatal error", message: line.cut(from: 13).message)
        }
        guard let (_, serving) = line.split(at: "panic serving "), let (_, message) = serving.split(at: ": ") else {
            return nil
        }
        return StackTrace.Thrown(className: "panic", message: message.message)
    }

    /// The text above the pairs of an error printed with its stack.
    private static func error(_ text: TraceText, above line: Int) -> StackTrace.Thrown? {
        let message = text[line - 1].trimmed
        return message.isEmpty ? nil : StackTrace.Thrown(className: "error", message: message.message)
    }

    /// The fault lies below the runtime's own frames of a panic.
    private static func belowPanic(_ frames: [StackTrace.Frame]) -> [StackTrace.Frame] {
        let last = frames.lastIndex {
            $0.module == "runtime" && ["gopanic", "sigpanic", "panicmem"].contains($0.function)
        }
        guard let last, last + 1 < frames.count else { return frames }
        return Array(frames[(last + 1)...])
    }
}
