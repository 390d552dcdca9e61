/// Elixir and Erlang: `** (RuntimeError) message`, `(app 1.0) lib/x.ex:12: Mod.fun/2`;
/// `{mod,fun,2,[{file,"x.erl"},…]}`.
///
/// Format: Elixir's `Exception.format`; Erlang's crash reports.
extension TraceFamily {
    static let elixir = TraceFamily(
        begins: { text, line in text[line].find("** (") != nil },
        parse: { ElixirTrace.parse($0, $1) })
    static let erlang = TraceFamily(
        begins: { text, line in text[line].find(",[{file,\"") != nil },
        parse: { ErlangTrace.parse($0, $1) })
}

private enum ElixirTrace {
    /// `    (my_app 0.1.0) lib/my_app.ex:12: MyApp.run/2`, `    lib/x.ex:3: (module)`.
    private static func frame(_ line: UnsafeRawBufferPointer) -> StackTrace.Frame? {
        var text = line.trimmed
        guard line.indent > 0, !text.isEmpty else { return nil }
        if text.has("("), let (_, rest) = text.split(at: ") ") { text = rest }
        guard let (place, call) = text.split(at: ": ") else { return nil }
        let (file, number) = place.fileAndLine
        guard number != nil, file.ends(with: ".ex") || file.ends(with: ".exs") || file.ends(with: ".erl") else {
            return nil
        }
        var name = call
        if let slash = call.findLast(UInt8(ascii: "/")) { name = call.cut(to: slash) }
        if let open = name.find("("), open > 0 { name = name.cut(to: open) }
        let joint = name.findLast(UInt8(ascii: ".")) ?? name.findLast(UInt8(ascii: ":"))
        guard let joint, joint > 0 else {
            return StackTrace.Frame(module: "", function: name.name, file: file.name, line: number)
        }
        // Erlang's modules are atoms, which Elixir writes with a colon.
        let module = name.has(":") ? name.cut(from: 1, to: joint) : name.cut(to: joint)
        return StackTrace.Frame(
            module: module.name, function: name.cut(from: joint + 1).name, file: file.name, line: number)
    }

    static func parse(_ text: TraceText, _ first: Int) -> StackTrace? {
        guard let (_, after) = text[first].split(at: "** ("), let (name, rest) = after.split(at: ")"), !name.isEmpty,
            name.count < FrameName.bytesMax
        else { return nil }
        var frames: [StackTrace.Frame] = []
        for index in first + 1..<max(first + 1, text.count) where frames.count < StackTrace.framesMax {
            if let frame = frame(text[index]) { frames.append(frame) }
        }
        let thrown = StackTrace.Thrown(className: name.name, message: rest.message)
        return StackTrace(language: "elixir", exceptions: [thrown], frames: frames)
    }
}

private enum ErlangTrace {
    static func parse(_ text: TraceText, _ first: Int) -> StackTrace? {
        var frames: [StackTrace.Frame] = []
        for index in first..<text.count {
            let line = text[index]
            var from = 0
            while let mark = line.find(",[{file,\"", from: from), frames.count < StackTrace.framesMax {
                from = mark + 9
                // Backwards: `{module,function,arity` before the mark.
                guard let open = line.findLast(UInt8(ascii: "{"), before: mark) else { continue }
                let call = line.cut(from: open + 1, to: mark)
                guard let comma = call.find(UInt8(ascii: ",")), let end = call.find(UInt8(ascii: ","), from: comma + 1)
                else { continue }
                let file = line.cut(from: from, to: (line.find(UInt8(ascii: "\""), from: from) ?? line.count))
                frames.append(
                    StackTrace.Frame(
                        module: call.cut(to: comma).name, function: call.cut(from: comma + 1, to: end).name,
                        file: file.name))
            }
        }
        guard !frames.isEmpty else { return nil }
        return StackTrace(language: "erlang", exceptions: [thrown(text, first)], frames: frames)
    }

    /// `exception error: badarg`, `{badmatch,…}`: the first atom of the reason.
    private static func thrown(_ text: TraceText, _ first: Int) -> StackTrace.Thrown {
        for index in 0...first {
            for mark in ["exception error: ", "exception exit: ", "exception throw: "] as [StaticString] {
                if let (_, reason) = text[index].split(at: mark) {
                    let atom = reason.cut(to: (reason.firstIndex { !$0.isWord && $0 != 0x7b } ?? reason.count))
                    return StackTrace.Thrown(className: atom.core.name, message: reason.message)
                }
            }
        }
        return StackTrace.Thrown(className: "error", message: text[0].message)
    }
}
