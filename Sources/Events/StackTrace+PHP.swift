/// PHP: `Uncaught Class: message in file:12`, `Stack trace:`, `#0 file(12): Class->method()`; Monolog's `[stacktrace]`.
///
/// Format: `Throwable::__toString`. Of a chain the root cause comes first and `Next` leads to what wrapped it.
extension TraceFamily {
    static let php = TraceFamily(
        begins: { text, line in
            PHPTrace.frame(text[line]) != nil || text[line].find("Uncaught ") != nil && text[line].find("PHP ") != nil
        },
        parse: { PHPTrace.parse($0, $1) })
}

private enum PHPTrace {
    /// `#0 /var/www/x.php(12): App\Foo->bar(Array)`, `#1 [internal function]: f()`, `#2 {main}`.
    static func frame(_ line: UnsafeRawBufferPointer) -> StackTrace.Frame? {
        guard let hash = line.find(UInt8(ascii: "#")), hash < 200, hash == 0 || line[hash - 1].isGap,
            let index = line.number(at: hash + 1), line.has(" ", at: index.end)
        else { return nil }
        let text = line.cut(from: index.end + 1).trimmed
        if text.has("{main}") { return StackTrace.Frame(module: "", function: "{main}") }
        guard let (place, call) = text.split(at: "): ") ?? text.split(at: "]: ") else { return nil }
        var file = place.cut(to: 0)
        var number: Int?
        if !text.has("[internal function") {
            guard let open = place.findLast(UInt8(ascii: "(")), let found = place.number(at: open + 1),
                found.end == place.count,
                place.cut(to: open).find(".") != nil
            else { return nil }
            file = place.cut(to: open)
            number = found.value
        }
        let name = call.cut(to: (call.find(UInt8(ascii: "(")) ?? call.count))
        let (module, function) = split(name)
        return StackTrace.Frame(module: module, function: function, file: file.name, line: number)
    }

    private static func split(_ name: UnsafeRawBufferPointer) -> (String, String) {
        // A closure names the place it stands in, which changes with each edit: `{closure:App\X::f():12}`.
        if name.find("{closure") != nil {
            let module = name.cut(to: (name.find("->") ?? name.find("::") ?? 0))
            return (module.has("{closure") ? "" : unescaped(module), "{closure}")
        }
        guard let (module, function) = name.split(at: "->") ?? name.split(at: "::") else {
            return ("", unescaped(name))
        }
        return (unescaped(module), function.name)
    }

    /// Monolog writes its context as JSON, where a backslash is two.
    private static func unescaped(_ name: UnsafeRawBufferPointer) -> String {
        var bytes: [UInt8] = []
        for (index, byte) in name.prefix(FrameName.bytesMax).enumerated() {
            if byte == UInt8(ascii: "\\") && index > 0 && name[index - 1] == byte { continue }
            bytes.append(byte)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func isClass(_ name: UnsafeRawBufferPointer) -> Bool {
        name[0].isUppercase || name[0] == UInt8(ascii: "\\")
    }

    private static let headerLinesMax = 8

    static func parse(_ text: TraceText, _ first: Int) -> StackTrace? {
        guard let root = header(text, above: first) else { return nil }
        // Root cause first in the text.
        var chain = [root]
        var frames: [StackTrace.Frame] = []
        var isRoot = true
        for index in first..<text.count {
            let line = text[index].trimmed
            if line.has("Next "), let thrown = ExceptionHeader.read(line.cut(from: 5), isClass: isClass) {
                chain.insert(withoutPlace(thrown), at: 0)
                isRoot = false
            } else if isRoot, frames.count < StackTrace.framesMax, let frame = frame(text[index]) {
                frames.append(frame)
            }
        }
        return StackTrace(language: "php", exceptions: chain, frames: frames)
    }

    private static func header(_ text: TraceText, above first: Int) -> StackTrace.Thrown? {
        for index in stride(from: first, through: max(0, first - headerLinesMax), by: -1) {
            let line = text[index]
            if let (_, object) = line.split(at: "[object] ("), let (name, rest) = object.split(at: "(code: "),
                let (_, message) = rest.split(at: "): ")
            {
                let end = message.findAt() ?? message.count
                return StackTrace.Thrown(className: unescaped(name), message: unescaped(message.cut(to: end)))
            }
            if let (_, rest) = line.split(at: "Uncaught "), let thrown = ExceptionHeader.read(rest, isClass: isClass) {
                return withoutPlace(thrown)
            }
            if index < first, let thrown = ExceptionHeader.read(line, isClass: { ExceptionHeader.isThrowable($0) }) {
                return withoutPlace(thrown)
            }
            if index < first,
                let thrown = ExceptionHeader.readInside(line, isClass: { ExceptionHeader.isThrowable($0) })
            {
                return withoutPlace(thrown)
            }
        }
        return nil
    }

    /// Without ` in /path/x.php:12` at the end of the message.
    private static func withoutPlace(_ thrown: StackTrace.Thrown) -> StackTrace.Thrown {
        var thrown = thrown
        var message = thrown.message
        message.withUTF8 { utf8 in
            let bytes = UnsafeRawBufferPointer(utf8)
            var from = 0
            var last: Int?
            while let mark = bytes.find(" in ", from: from) {
                last = mark
                from = mark + 4
            }
            guard let last, last + 4 < bytes.count, bytes.find(".php", from: last) != nil else { return }
            thrown.message = bytes.cut(to: last).string
        }
        return thrown
    }
}

extension UnsafeRawBufferPointer {
    /// Where ` at /path:12)` begins, the end of a message in Monolog's form.
    fileprivate func findAt() -> Int? { find(" at /") ?? find(" at \\/") }
}
