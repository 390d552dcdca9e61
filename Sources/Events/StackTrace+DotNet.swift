/// .NET and Mono: `Class: message ---> Class: message`, `at Namespace.Class.Method(Type name) in file:line 12`.
///
/// Format: `Exception.ToString`. The frames of the innermost exception come first, then `--- End of inner …`.
extension TraceFamily {
    static let dotnet = TraceFamily(
        begins: { text, line in DotNetTrace.frame(text[line]) != nil },
        parse: { DotNetTrace.parse($0, $1) })
}

private enum DotNetTrace {
    static func frame(_ line: UnsafeRawBufferPointer) -> StackTrace.Frame? {
        var text = line.trimmed
        if !text.has("at ") {
            guard let at = line.find("   at "), at < 200 else { return nil }
            text = line.cut(from: at + 3).trimmed
        }
        text = text.cut(from: 3)
        guard let open = argumentsStart(text), let close = text.find(UInt8(ascii: ")"), from: open) else { return nil }
        let rest = text.cut(from: close + 1)
        guard rest.isEmpty || rest.has(" in ") || rest.has(" [0x") || rest.has(" <0x") else { return nil }
        let name = text.cut(to: open).trimmed
        let path = name.cut(to: (name.find(UInt8(ascii: "[")) ?? name.count))
        guard let dot = path.findLast(UInt8(ascii: ".")), dot > 0, !path.contains(0x20),
            !path.contains(UInt8(ascii: "/"))
        else {
            return nil
        }
        // Arguments tell it from JavaScript: a type and a name, or nothing.
        let arguments = text.cut(from: open + 1, to: close)
        guard arguments.isEmpty || arguments.fileAndLine.line == nil, !arguments.equals("<anonymous>"),
            !arguments.equals("native"), !arguments.equals("Native Method"), !arguments.ends(with: ".kt"),
            !arguments.ends(with: ".java")
        else { return nil }
        let place = rest.split(at: " in ")?.after ?? rest.cut(to: 0)
        let (file, number) = splitPlace(place)
        let (module, function) = splitName(path, dot)
        return StackTrace.Frame(module: module, function: function, file: file, line: number)
    }

    /// The bracket of the arguments; generic and nested names may hold `<…>` and `[…]`, not brackets.
    private static func argumentsStart(_ text: UnsafeRawBufferPointer) -> Int? {
        text.find(UInt8(ascii: "("))
    }

    /// State machines of async methods and iterators are called `Class.<Method>d__2.MoveNext`.
    private static func splitName(_ path: UnsafeRawBufferPointer, _ dot: Int) -> (String, String) {
        if path.ends(with: ".MoveNext"), let previous = path.findLast(UInt8(ascii: "."), before: dot), previous > 0 {
            return (path.cut(to: previous).name, path.cut(from: previous + 1, to: dot).name)
        }
        let start = dot > 0 && path[dot - 1] == UInt8(ascii: ".") ? dot - 1 : dot
        return (path.cut(to: start).name, path.cut(from: start + 1).name)
    }

    /// `c:/x/y.cs:line 36`, `/x/y.cs:9`.
    private static func splitPlace(_ place: UnsafeRawBufferPointer) -> (String, Int?) {
        if let (file, rest) = place.split(at: ":line ") { return (file.name, rest.number(at: 0)?.value) }
        let (file, number) = place.fileAndLine
        return (file.name, number)
    }

    private static func isClass(_ name: UnsafeRawBufferPointer) -> Bool {
        ExceptionHeader.isThrowable(name) || name.contains(UInt8(ascii: "."))
    }

    private static let headerLinesMax = 32

    static func parse(_ text: TraceText, _ first: Int) -> StackTrace? {
        let exceptions = headers(text, above: first)
        guard !exceptions.isEmpty else { return nil }
        var frames: [StackTrace.Frame] = []
        for index in first..<text.count where frames.count < StackTrace.framesMax {
            if text[index].find("--- End of inner exception stack trace ---") != nil { break }
            if let frame = frame(text[index]) { frames.append(frame) }
        }
        return StackTrace(language: "dotnet", exceptions: exceptions, frames: frames)
    }

    /// The chain above the first frame, in one line or, since .NET Core, one ` ---> ` a line.
    private static func headers(_ text: TraceText, above line: Int) -> [StackTrace.Thrown] {
        var chain: [StackTrace.Thrown] = []
        let lowest = max(0, line - headerLinesMax)
        for index in stride(from: line - 1, through: lowest, by: -1) {
            var parts: [StackTrace.Thrown] = []
            var rest = text[index]
            var isArrow = false
            while let (before, after) = rest.split(at: "---> ") {
                isArrow = true
                if let thrown = thrown(before, inside: parts.isEmpty) { parts.append(thrown) }
                rest = after
            }
            if let thrown = thrown(rest, inside: !isArrow) { parts.append(thrown) }
            chain = parts + chain
            let continues = text[index].trimmed.has("---> ") || parts.isEmpty || text[index].trimmed.has("] ---> ")
            if !chain.isEmpty && !continues { break }
        }
        return chain
    }

    private static func thrown(_ part: UnsafeRawBufferPointer, inside: Bool) -> StackTrace.Thrown? {
        var part = part.trimmed
        if part.has("Unhandled exception. ") { part = part.cut(from: 21) }
        if let (_, after) = part.split(at: "Unhandled Exception: ") { part = after }
        if part.has("(Inner Exception #"), let (_, after) = part.split(at: ") ") { part = after }
        return ExceptionHeader.read(part, isClass: isClass)
            ?? (inside ? ExceptionHeader.readInside(part, isClass: ExceptionHeader.isThrowable) : nil)
    }
}
