/// `Class: message` lines, as most languages print what was thrown.
enum ExceptionHeader {
    /// Reads `java.io.EOFException: Premature EOF` at the beginning of `line` (blanks before it do not count): a name
    /// of letters, digits and joints, then the end, a blank or a colon. Nil where the name does not look like a class.
    static func read(_ line: UnsafeRawBufferPointer, isClass: (UnsafeRawBufferPointer) -> Bool) -> StackTrace.Thrown? {
        let text = line.trimmed
        var end = 0
        while end < text.count, text[end].isWord || isJoint(text, at: end) { end += 1 }
        while end > 0, !text[end - 1].isWord { end -= 1 }
        guard end > 0, !text[0].isDigit else { return nil }
        let name = text.cut(to: end)
        let rest = text.cut(from: end)
        guard isClass(name), rest.isEmpty || rest[0] == UInt8(ascii: ":") || rest[0] == 0x20 || rest[0] == 0x5b else {
            return nil
        }
        let isColon = rest.has(":")
        return StackTrace.Thrown(className: name.name, message: rest.cut(from: (isColon ? 1 : 0)).message)
    }

    private static func isJoint(_ text: UnsafeRawBufferPointer, at index: Int) -> Bool {
        let byte = text[index]
        if byte == UInt8(ascii: ".") || byte == UInt8(ascii: "$") || byte == UInt8(ascii: "\\") { return true }
        // `Foo::Bar`, but not the colon before the message.
        return byte == UInt8(ascii: ":") && (text.has("::", at: index) || index > 0 && text.has("::", at: index - 1))
    }

    /// Ends of class names that say what they are.
    static func isThrowable(_ name: UnsafeRawBufferPointer) -> Bool {
        name.ends(with: "Exception") || name.ends(with: "Error") || name.ends(with: "Throwable")
            || name.ends(with: "Failure") || name.ends(with: "Fault")
    }

    /// The class furthest to the right in a log line that is followed by a colon or the end: in
    /// `ERROR [main] c.e.Foo - failed: java.io.IOException: disk full` the `java.io.IOException`.
    static func readInside(_ line: UnsafeRawBufferPointer, isClass: (UnsafeRawBufferPointer) -> Bool) -> StackTrace
        .Thrown?
    {
        var index = 0
        while index < line.count {
            while index < line.count, !line[index].isWord { index += 1 }
            let start = index
            while index < line.count, line[index].isWord || isJoint(line, at: index) { index += 1 }
            guard index > start, isClass(line.cut(from: start, to: index)) else { continue }
            if index == line.count || line[index] == UInt8(ascii: ":") {
                return read(line.cut(from: start), isClass: isClass)
            }
        }
        return nil
    }
}
