/// R: `Error in read.csv("x") : message`, `Calls: main -> load -> read.csv`, `Execution halted`.
///
/// Format: `verrorcall_dflt` in R's `src/main/errors.c`. The message stands on the next line where it is long.
extension TraceFamily {
    static let r = TraceFamily(
        begins: { text, line in RTrace.begins(text, line) },
        parse: { RTrace.parse($0, $1) })
}

private enum RTrace {
    /// Other programs write `Error in …` too: R's has a call in it, or R's own lines below it.
    static func begins(_ text: TraceText, _ line: Int) -> Bool {
        let head = text[line].trimmed
        guard head.has("Error") else { return false }
        guard call(head) != nil || head.has("Error: ") else { return false }
        if head.has("Error in "), text.count == line + 1 { return true }
        return (line + 1..<text.count).contains { isOwn(text[$0]) }
    }

    private static func isOwn(_ line: UnsafeRawBufferPointer) -> Bool {
        line.has("Calls: ") || line.trimmed.equals("Execution halted") || line.has("In addition: Warning message")
    }

    /// `read.csv` and what stands behind the colon, of `Error in read.csv("prices.csv") : message`.
    private static func call(
        _ head: UnsafeRawBufferPointer
    ) -> (name: UnsafeRawBufferPointer, message: UnsafeRawBufferPointer)? {
        guard head.has("Error in "), let open = head.find(UInt8(ascii: "("), from: 9), open > 9 else { return nil }
        let name = head.cut(from: 9, to: open)
        guard !name.contains(0x20), let (_, rest) = head.cut(from: open).split(at: ") :") else { return nil }
        return (name, rest)
    }

    static func parse(_ text: TraceText, _ first: Int) -> StackTrace? {
        let head = text[first].trimmed
        let call = call(head)
        var message = (call?.message ?? head.cut(from: 7)).trimmed
        if message.isEmpty { message = text[first + 1].trimmed }
        var names: [UnsafeRawBufferPointer] = []
        for index in first..<text.count where text[index].has("Calls: ") {
            names = calls(text[index].cut(from: 7))
            break
        }
        if names.isEmpty, let call { names = [call.name] }
        return StackTrace(
            language: "r", exceptions: [StackTrace.Thrown(className: "error", message: message.message)],
            frames: names.map { StackTrace.Frame(module: "", function: $0.name) })
    }

    /// `main -> load ... -> read.csv`, the innermost last; handed back first.
    private static func calls(_ text: UnsafeRawBufferPointer) -> [UnsafeRawBufferPointer] {
        var names: [UnsafeRawBufferPointer] = []
        var rest = text.trimmed
        while !rest.isEmpty, names.count < StackTrace.framesMax {
            let blank = rest.find(0x20) ?? rest.count
            let word = rest.cut(to: blank)
            if !word.equals("->"), !word.equals("...") { names.append(word) }
            rest = rest.cut(from: blank).trimmed
        }
        return names.reversed()
    }
}
