/// Lua: `stack traceback:`, `file.lua:12: in function 'name'`.
///
/// Format: `luaL_traceback`.
extension TraceFamily {
    static let lua = TraceFamily(
        begins: { text, line in text[line].trimmed.has("stack traceback:") },
        parse: { LuaTrace.parse($0, $1) })
    /// Perl: `message at file line 12.` and, with Carp, `main::f(1) called at file line 3`.
    static let perl = TraceFamily(
        begins: { text, line in text[line].find(" at ") != nil && text[line].find(" line ") != nil },
        parse: { PerlTrace.parse($0, $1) })
}

private enum LuaTrace {
    private static func frame(_ line: UnsafeRawBufferPointer) -> StackTrace.Frame? {
        let text = line.trimmed
        guard let (place, rest) = text.split(at: ": in ") else { return nil }
        let (file, number) = place.fileAndLine
        var name = rest
        if let (_, quoted) = rest.split(at: "'"), let (inner, _) = quoted.split(at: "'") {
            name = inner
        } else if rest.has("function <") {
            name = rest.cut(to: 0)
        }
        return StackTrace.Frame(module: "", function: name.name, file: file.name, line: number)
    }

    static func parse(_ text: TraceText, _ first: Int) -> StackTrace? {
        guard first > 0 else { return nil }
        var frames: [StackTrace.Frame] = []
        for index in first + 1..<max(first + 1, text.count) where frames.count < StackTrace.framesMax {
            if let frame = frame(text[index]) { frames.append(frame) }
        }
        var message = text[first - 1].trimmed
        if message.has("lua"), let (_, rest) = message.split(at: ": ") { message = rest }
        return StackTrace(
            language: "lua", exceptions: [StackTrace.Thrown(className: "error", message: message.message)],
            frames: frames)
    }
}

private enum PerlTrace {
    /// ` at FILE line N`: what stands before it, and the place.
    private static func place(
        _ line: UnsafeRawBufferPointer
    ) -> (before: UnsafeRawBufferPointer, file: UnsafeRawBufferPointer, number: Int)? {
        guard let mark = line.find(" line "), let number = line.number(at: mark + 6), mark > 4 else { return nil }
        guard number.end == line.count || line[number.end] == UInt8(ascii: ".") || line[number.end] == UInt8(ascii: ",")
        else { return nil }
        var end = mark
        while let at = line.findLast(0x20, before: end) {
            if at >= 3, line.has(" at ", at: at - 3) {
                let file = line.cut(from: at + 1, to: mark)
                return file.isEmpty ? nil : (line.cut(to: at - 3), file, number.value)
            }
            end = at
        }
        return nil
    }

    static func parse(_ text: TraceText, _ first: Int) -> StackTrace? {
        guard let (message, file, number) = place(text[first].trimmed), isScript(file) else { return nil }
        var calls: [(name: String, file: String, line: Int)] = []
        for index in first + 1..<max(first + 1, text.count) where calls.count < StackTrace.framesMax {
            guard let (before, file, number) = place(text[index].trimmed), before.ends(with: " called") else {
                continue
            }
            let call = before.cut(to: before.count - 7)
            calls.append((call.cut(to: (call.find(UInt8(ascii: "(")) ?? call.count)).name, file.name, number))
        }
        // A call line names the function entered and the place it was called from: shift them by one.
        var frames: [StackTrace.Frame] = []
        var place = (file.name, number)
        for call in calls {
            frames.append(StackTrace.Frame(module: "", function: call.name, file: place.0, line: place.1))
            place = (call.file, call.line)
        }
        frames.append(StackTrace.Frame(module: "", function: "", file: place.0, line: place.1))
        return StackTrace(
            language: "perl", exceptions: [StackTrace.Thrown(className: "die", message: message.message)],
            frames: frames)
    }

    /// Other programs write "at … line …" too; a Perl file says so, or is `-e`.
    private static func isScript(_ file: UnsafeRawBufferPointer) -> Bool {
        file.ends(with: ".pl") || file.ends(with: ".pm") || file.ends(with: ".t") || file.ends(with: ".cgi")
            || file.equals("-e")
            || file.ends(with: ".psgi")
    }
}
