/// Rust: `thread 'main' panicked at src/main.rs:2:5:` and the message, `stack backtrace:`, `Error: … Caused by:`.
///
/// Format: `std::panicking` (the message moved to a line of its own in Rust 1.73); eyre and anyhow reports.
extension TraceFamily {
    static let rust = TraceFamily(
        begins: { text, line in
            text[line].find("panicked at ") != nil || text[line].find("panicked (crashed)") != nil
                || text[line].trimmed.equals("stack backtrace:") || text[line].trimmed.equals("Error:")
                || text[line].trimmed.equals("Caused by:")
        },
        parse: { RustTrace.parse($0, $1) })
}

private enum RustTrace {
    static func parse(_ text: TraceText, _ first: Int) -> StackTrace? {
        var exceptions = headers(text, first)
        var frames: [StackTrace.Frame] = []
        var index = first
        while index < text.count, frames.count < 2 * StackTrace.framesMax {
            let line = text[index].trimmed
            if line.find("SPANTRACE") != nil {
                // Spans are not calls.
                while index < text.count, text[index].find("BACKTRACE") == nil || text[index].find("SPANTRACE") != nil {
                    index += 1
                }
            } else if var frame = frame(line) {
                let place = text[index + 1].trimmed
                if place.has("at ") {
                    let (file, number) = place.cut(from: 3).fileAndLine
                    frame.file = file.name
                    frame.line = number
                    index += 1
                }
                if !frame.file.isEmpty || frame.function.utf8.contains(UInt8(ascii: ":")) { frames.append(frame) }
            }
            index += 1
        }
        if exceptions.isEmpty && !frames.isEmpty {
            exceptions = [StackTrace.Thrown(className: "panic", message: "")]
        }
        return exceptions.isEmpty ? nil : StackTrace(language: "rust", exceptions: exceptions, frames: frames)
    }

    /// `  12:     0x557e - core::panicking::panic_fmt::hab59`, `   6: theme::get_error`.
    private static func frame(_ line: UnsafeRawBufferPointer) -> StackTrace.Frame? {
        guard let number = line.number(at: 0), line.has(": ", at: number.end) else { return nil }
        var name = line.cut(from: number.end + 2).trimmed
        if name.has("0x") {
            guard let (_, rest) = name.split(at: " - ") else { return nil }
            name = rest
        }
        guard !name.isEmpty, name.find(" ") == nil || name.has("<") else { return nil }
        return StackTrace.Frame(module: "", function: name.name)
    }

    private static func headers(_ text: TraceText, _ first: Int) -> [StackTrace.Thrown] {
        let line = text[first]
        if let (_, after) = line.split(at: "panicked at ") {
            return [StackTrace.Thrown(className: "panic", message: panicMessage(after, next: text[first + 1]))]
        }
        if line.find("panicked (crashed)") != nil {
            let message = text[first + 1].split(at: "Message:")?.after ?? text[first + 1]
            return [StackTrace.Thrown(className: "panic", message: message.message)]
        }
        if line.trimmed.equals("Error:") { return report(text, from: first + 1) }
        guard line.trimmed.equals("Caused by:"), first > 0 else { return [] }
        var above = first - 1
        while above > 0, text[above].trimmed.isEmpty { above -= 1 }
        guard let (_, message) = text[above].split(at: "Error: ") else { return [] }
        return [StackTrace.Thrown(className: "Error", message: message.message)] + report(text, from: first + 1)
    }

    /// `'message', src/main.rs:2:5` or `src/main.rs:2:5:` with the message in the next line.
    private static func panicMessage(_ after: UnsafeRawBufferPointer, next: UnsafeRawBufferPointer) -> String {
        guard after.has("'") else { return next.message }
        var end = after.count
        while let quote = after.findLast(UInt8(ascii: "'"), before: end), quote > 0 {
            if after.has("', ", at: quote) { return after.cut(from: 1, to: quote).message }
            end = quote
        }
        return after.cut(from: 1).message
    }

    /// `   0: outer`, `   1: inner`, each on its own line, as eyre and anyhow print a chain.
    private static func report(_ text: TraceText, from start: Int) -> [StackTrace.Thrown] {
        var chain: [StackTrace.Thrown] = []
        for index in start..<max(start, text.count) where chain.count < StackTrace.exceptionsMax {
            let line = text[index].trimmed
            if line.isEmpty { break }
            guard let number = line.number(at: 0), line.has(": ", at: number.end) else {
                if chain.isEmpty, text[index].indent > 0 {
                    chain.append(StackTrace.Thrown(className: "Error", message: line.message))
                }
                continue
            }
            chain.append(StackTrace.Thrown(className: "Error", message: line.cut(from: number.end + 2).message))
        }
        return chain
    }
}
