/// Ruby: `app.rb:12:in 'method': message (Class)`, `from app.rb:3:in …`; Rails prints the class and message first.
///
/// Format: `error.c` of CRuby; Ruby 3.4 writes 'Class#method' in plain quotes where older ones write `method'.
extension TraceFamily {
    static let ruby = TraceFamily(
        begins: { text, line in RubyTrace.frame(text[line]) != nil },
        parse: { RubyTrace.parse($0, $1) })
}

private enum RubyTrace {
    static func frame(_ line: UnsafeRawBufferPointer) -> StackTrace.Frame? {
        var text = line.trimmed
        if text.has("from ") { text = text.cut(from: 5) }
        guard let mark = text.find(":in "), mark + 5 < text.count else { return nil }
        let quote = text[mark + 4]
        guard quote == UInt8(ascii: "`") || quote == UInt8(ascii: "'"),
            let close = text.find(UInt8(ascii: "'"), from: mark + 5)
        else { return nil }
        let (file, number) = text.cut(to: mark).fileAndLine
        guard number != nil else { return nil }
        let (module, function) = split(text.cut(from: mark + 5, to: close))
        // A numbered list (`1: from x.rb`) or a log header may stand before the path.
        let path = file.cut(from: (file.findLast(0x20).map { isGem(file) ? 0 : $0 + 1 } ?? 0))
        return StackTrace.Frame(module: module, function: function, file: path.name, line: number)
    }

    /// `actionpack (5.1.4) lib/x.rb`: a path inside a gem.
    private static func isGem(_ file: UnsafeRawBufferPointer) -> Bool {
        file.find(" (") != nil && file.find(") ") != nil
    }

    private static func split(_ name: UnsafeRawBufferPointer) -> (String, String) {
        guard !name.isEmpty else { return ("", "") }
        let joint = name.findLast(UInt8(ascii: "#")) ?? (name[0].isUppercase ? name.findLast(UInt8(ascii: ".")) : nil)
        guard let joint else { return ("", name.name) }
        return (name.cut(to: joint).name, name.cut(from: joint + 1).name)
    }

    private static func isClass(_ name: UnsafeRawBufferPointer) -> Bool {
        name[0].isUppercase && (ExceptionHeader.isThrowable(name) || name.find("::") != nil || name.equals("Interrupt"))
    }

    private static let headerLinesMax = 8

    static func parse(_ text: TraceText, _ first: Int) -> StackTrace? {
        guard let outermost = firstLine(text[first]) ?? header(text, above: first) else { return nil }
        var exceptions = [outermost]
        var frames: [StackTrace.Frame] = []
        for index in first..<text.count {
            // A cause follows its wrapper and begins with its own `file:line:in 'x': message (Class)`.
            if index > first, !text[index].trimmed.has("from "), let cause = firstLine(text[index]) {
                exceptions.append(cause)
                frames = []
            }
            if frames.count < StackTrace.framesMax, let frame = frame(text[index]) { frames.append(frame) }
        }
        return StackTrace(language: "ruby", exceptions: exceptions, frames: frames)
    }

    /// `x.rb:1:in 'f': message (Class)`.
    private static func firstLine(_ line: UnsafeRawBufferPointer) -> StackTrace.Thrown? {
        let text = line.trimmed
        guard text.last == UInt8(ascii: ")"), let open = text.findLast(UInt8(ascii: "(")),
            let mark = text.find("': "), mark + 3 <= open
        else { return nil }
        let name = text.cut(from: open + 1, to: text.count - 1)
        guard !name.isEmpty, name[0].isUppercase, name.allSatisfy({ $0.isWord || $0 == UInt8(ascii: ":") }) else {
            return nil
        }
        return StackTrace.Thrown(className: name.name, message: text.cut(from: mark + 3, to: open).message)
    }

    /// `ActionController::RoutingError (No route matches …):`, `NoMethodError: undefined …`, above the frames.
    private static func header(_ text: TraceText, above line: Int) -> StackTrace.Thrown? {
        for index in stride(from: line - 1, through: max(0, line - headerLinesMax), by: -1) {
            if let thrown = ExceptionHeader.read(text[index], isClass: isClass) { return unwrapped(thrown) }
        }
        for index in stride(from: line - 1, through: max(0, line - headerLinesMax), by: -1) {
            guard let open = text[index].find(" ("), let start = text[index].findLast(0x20, before: open) else {
                continue
            }
            let thrown = ExceptionHeader.read(text[index].cut(from: start), isClass: isClass)
            if let thrown { return unwrapped(thrown) }
        }
        return nil
    }

    /// `(No route matches):` → `No route matches`.
    private static func unwrapped(_ thrown: StackTrace.Thrown) -> StackTrace.Thrown {
        var message = Substring(thrown.message)
        guard message.hasPrefix("(") else { return thrown }
        message = message.dropFirst()
        if message.hasSuffix(":") { message = message.dropLast() }
        if message.hasSuffix(")") { message = message.dropLast() }
        return StackTrace.Thrown(className: thrown.className, message: String(message))
    }
}
