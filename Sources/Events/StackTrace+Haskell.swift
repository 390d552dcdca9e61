/// Haskell: a message, `CallStack (from HasCallStack):`, then `head, called at src/Cart.hs:12:9 in shop-0.1:Shop.Cart`.
///
/// Format: `GHC.Stack.prettyCallStack`. A line names a function and the place from which it was called; in which function
/// that place lies, the next line says.
extension TraceFamily {
    static let haskell = TraceFamily(
        begins: { text, line in text[line].find("CallStack (from ") != nil },
        parse: { HaskellTrace.parse($0, $1) })
}

private enum HaskellTrace {
    private struct Call {
        let name: UnsafeRawBufferPointer
        let place: UnsafeRawBufferPointer
        let module: UnsafeRawBufferPointer
    }

    /// `head, called at src/Cart.hs:12:9 in shop-0.1:Shop.Cart`.
    private static func call(_ line: UnsafeRawBufferPointer) -> Call? {
        guard let (name, rest) = line.trimmed.split(at: ", called at "), let (place, owner) = rest.split(at: " in ")
        else { return nil }
        return Call(name: name, place: place, module: owner.split(at: ":")?.after ?? owner)
    }

    static func parse(_ text: TraceText, _ first: Int) -> StackTrace? {
        let calls = (first + 1..<max(first + 1, text.count)).prefix(StackTrace.framesMax).map { call(text[$0]) }
        let known = calls.prefix { $0 != nil }.compactMap { $0 }
        guard !known.isEmpty, let message = message(text, above: first) else { return nil }
        let frames = known.indices.map { index in
            let (file, line) = known[index].place.fileAndLine
            return StackTrace.Frame(
                module: known[index].module.name, function: index + 1 < known.count ? known[index + 1].name.name : "",
                file: file.name, line: line)
        }
        return StackTrace(
            language: "haskell", exceptions: [StackTrace.Thrown(className: "error", message: message)], frames: frames)
    }

    /// The nearest line above that is not empty, without the name of the program.
    private static func message(_ text: TraceText, above line: Int) -> String? {
        var index = line - 1
        while index > 0, text[index].trimmed.isEmpty { index -= 1 }
        guard index >= 0, !text[index].trimmed.isEmpty else { return nil }
        let message = text[index].trimmed
        guard let (program, rest) = message.split(at: ": "), !program.contains(0x20) else { return message.message }
        return rest.message
    }
}
