/// JavaScript and TypeScript: `at fn (file:line:col)` of V8, `fn@file:line:col` of Firefox and Safari.
///
/// Format: V8's stack trace API. Node prints causes as `[cause]: Error: …` inside the error, and those of an AggregateError
/// below `[errors]: [`: of these the first is taken for the cause, the others are its siblings.
extension TraceFamily {
    static let javascript = TraceFamily(
        begins: { text, line in JavaScriptTrace.frame(text[line]) != nil },
        parse: { JavaScriptTrace.parse($0, $1) })
}

private enum JavaScriptTrace {
    static func frame(_ line: UnsafeRawBufferPointer) -> StackTrace.Frame? {
        // Behind the last frame Node may print the error's own properties in braces.
        var text = line.trimmed
        while text.last == UInt8(ascii: "{") || text.last == UInt8(ascii: ",") {
            text = text.cut(to: text.count - 1).trimmed
        }
        if text.has("at ") { return engineFrame(text.cut(from: 3).trimmed) }
        // Behind a log header that is repeated on each line.
        if let at = line.find("    at "), at < 200, let frame = engineFrame(line.cut(from: at + 7).trimmed) {
            return frame
        }
        return browserFrame(text)
    }

    /// `Object.decode (/app/x.js:12:34)`, `async main (file:///x.js:1:2)`, `/app/x.js:1:2`, `new Foo (<anonymous>)`.
    private static func engineFrame(_ call: UnsafeRawBufferPointer) -> StackTrace.Frame? {
        var name = UnsafeRawBufferPointer(start: nil, count: 0)
        var place = call
        if call.last == UInt8(ascii: ")"), let open = lastOpen(call) {
            name = call.cut(to: open).trimmed
            place = call.cut(from: open + 1, to: call.count - 1)
        }
        for word in ["async ", "new "] as [StaticString] where name.has(word) || name.isEmpty && place.has(word) {
            if name.isEmpty {
                place = place.cut(from: word.utf8CodeUnitCount)
            } else {
                name = name.cut(from: word.utf8CodeUnitCount)
            }
        }
        if let alias = name.split(at: " [as ") { name = alias.before }
        let (file, number) = place.fileAndLine
        let isKnown = place.equals("<anonymous>") || place.equals("native") || place.has("eval at ")
        guard number != nil && !file.isEmpty || isKnown, !file.ends(with: ".java") else { return nil }
        guard isKnown || name.isEmpty || place.fileAndLine.line != nil else { return nil }
        return StackTrace.Frame(
            module: "", function: name.equals("<anonymous>") ? "" : name.name, file: stableFile(file), line: number)
    }

    /// Evaluated code names its origin; only that of the outermost is kept.
    private static func stableFile(_ file: UnsafeRawBufferPointer) -> String {
        file.has("eval at ") ? "<eval>" : file.name
    }

    /// The bracket that opens the place, which may hold brackets itself.
    private static func lastOpen(_ call: UnsafeRawBufferPointer) -> Int? {
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

    /// `foo@http://host/x.js:12:34`, `@http://…`.
    private static func browserFrame(_ text: UnsafeRawBufferPointer) -> StackTrace.Frame? {
        guard let at = text.find(UInt8(ascii: "@")), !text.cut(to: at).contains(0x20) || text.has("<anonymous") else {
            return nil
        }
        let place = text.cut(from: at + 1)
        let (file, number) = place.fileAndLine
        guard number != nil, file.find("://") != nil || file.ends(with: ".js") else { return nil }
        let call = text.cut(to: at)
        let name = call.cut(to: (call.find(UInt8(ascii: "(")) ?? call.count))
        return StackTrace.Frame(
            module: "", function: name.has("<anonymous") ? "" : name.name, file: file.name, line: number)
    }

    private static func isClass(_ name: UnsafeRawBufferPointer) -> Bool {
        name.equals("Error") || ExceptionHeader.isThrowable(name)
    }

    /// Node puts the source line and a caret between its own line and the error.
    private static let headerLinesMax = 16

    static func parse(_ text: TraceText, _ first: Int) -> StackTrace? {
        guard let outermost = header(text, above: first) else { return nil }
        var exceptions = [outermost]
        var frames: [StackTrace.Frame] = []
        var errorsIndent: Int?
        for index in first..<text.count {
            let line = text[index]
            if line.trimmed.equals("[errors]: [") {
                errorsIndent = -1
                continue
            }
            if let indent = errorsIndent, let thrown = ExceptionHeader.read(line, isClass: isClass) {
                if indent >= 0, line.indent <= indent { break }
                errorsIndent = line.indent
                exceptions.append(thrown)
                frames = []
                continue
            }
            if let cause = line.split(at: "[cause]: ")?.after ?? line.split(at: "Caused by: ")?.after,
                let thrown = ExceptionHeader.read(cause, isClass: isClass)
            {
                exceptions.append(thrown)
                frames = []
            } else if frames.count < StackTrace.framesMax, let frame = frame(line) {
                frames.append(frame)
            }
        }
        return StackTrace(language: "javascript", exceptions: exceptions, frames: frames)
    }

    private static func header(_ text: TraceText, above line: Int) -> StackTrace.Thrown? {
        let lowest = max(0, line - headerLinesMax)
        for index in stride(from: line - 1, through: lowest, by: -1) {
            var header = text[index].trimmed
            for opening in ["Uncaught (in promise) ", "Uncaught "] as [StaticString] where header.has(opening) {
                header = header.cut(from: opening.utf8CodeUnitCount)
            }
            if let thrown = ExceptionHeader.read(header, isClass: isClass) { return thrown }
        }
        for index in stride(from: line - 1, through: lowest, by: -1) {
            if let thrown = ExceptionHeader.readInside(text[index], isClass: isClass) { return thrown }
        }
        return nil
    }
}
