/// Python: `Traceback (most recent call last):`, `File "x.py", line 3, in f`, `Class: message`; chains and groups.
///
/// Format: the standard library's `traceback` module. The call nearest the fault comes last, and of a chain the root
/// cause comes first.
extension TraceFamily {
    static let python = TraceFamily(
        begins: { text, line in
            text[line].find("Traceback (most recent call last)") != nil || PythonTrace.frame(text[line]) != nil
        },
        parse: { PythonTrace.parse($0, $1) })
}

private enum PythonTrace {
    /// `  File "/a/b.py", line 12, in name`, perhaps behind `|` of a group or `>` of a decorated trace.
    static func frame(_ line: UnsafeRawBufferPointer) -> StackTrace.Frame? {
        guard let start = line.find("File \""), let (path, rest) = line.cut(from: start + 6).split(at: "\", line "),
            let number = rest.number(at: 0)
        else { return nil }
        var function = UnsafeRawBufferPointer(start: nil, count: 0)
        if rest.has(", in ", at: number.end) { function = rest.cut(from: number.end + 5).trimmed }
        return StackTrace.Frame(module: module(of: path), function: function.name, file: path.name, line: number.value)
    }

    /// `billing` for `/srv/app/billing.py`; a package for its `__init__.py`.
    private static func module(of path: UnsafeRawBufferPointer) -> String {
        guard path.ends(with: ".py") || path.ends(with: ".pyx") else { return "" }
        let dot = path.findLast(UInt8(ascii: ".")) ?? path.count
        var end = dot
        var start = path.findLast(UInt8(ascii: "/"), before: end).map { $0 + 1 } ?? 0
        if path.cut(from: start, to: end).equals("__init__"), start > 1 {
            end = start - 1
            start = path.findLast(UInt8(ascii: "/"), before: end).map { $0 + 1 } ?? 0
        }
        return path.cut(from: start, to: end).name
    }

    /// The line without the margin of an exception group.
    private static func unmargined(_ line: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        var index = line.indent
        while index < line.count, line[index] == UInt8(ascii: "|") || line[index] == UInt8(ascii: "+") { index += 1 }
        if index > line.indent && line.has(" ", at: index) { index += 1 }
        return index > line.indent ? line.cut(from: index) : line
    }

    private static func isClass(_ name: UnsafeRawBufferPointer) -> Bool {
        name.allSatisfy { $0.isWord || $0 == UInt8(ascii: ".") }
    }

    /// What one `Traceback` block says.
    private struct Block {
        var thrown: StackTrace.Thrown?
        var frames: [StackTrace.Frame] = []
    }

    static func parse(_ text: TraceText, _ first: Int) -> StackTrace? {
        var blocks: [Block] = [Block()]
        var groupAt: Int?
        for index in first..<text.count {
            let line = unmargined(text[index])
            if line.find("Traceback (most recent call last)") != nil {
                if line.find("Exception Group") != nil, groupAt == nil { groupAt = blocks.count - 1 }
                if blocks[blocks.count - 1].thrown != nil || !blocks[blocks.count - 1].frames.isEmpty {
                    blocks.append(Block())
                }
                if blocks.count > StackTrace.exceptionsMax { break }
            } else if let frame = frame(line) {
                if blocks[blocks.count - 1].thrown != nil { blocks.append(Block()) }
                blocks[blocks.count - 1].frames.append(frame)
            } else if blocks[blocks.count - 1].thrown == nil, !line.isEmpty, !line[0].isGap,
                !blocks[blocks.count - 1].frames.isEmpty || line.find("Error") != nil,
                let thrown = ExceptionHeader.read(line, isClass: isClass)
            {
                blocks[blocks.count - 1].thrown = thrown
            }
        }
        let chain = blocks.filter { $0.thrown != nil }
        // A trace whose last line was cut off still says where it happened.
        guard !chain.isEmpty else { return cutOff(blocks) }
        // A group is the outermost of what follows it; else the last block was thrown last.
        let ordered = groupAt == nil ? chain.reversed() : groupOrder(chain)
        return StackTrace(
            language: "python", exceptions: ordered.compactMap(\.thrown), frames: ordered.last?.frames.reversed() ?? [])
    }

    /// A group and the first exception in it: the others are its siblings, not its causes.
    private static func groupOrder(_ chain: [Block]) -> [Block] {
        guard let group = chain.firstIndex(where: { $0.thrown?.className.hasSuffix("Group") ?? false }) else {
            return chain.reversed()
        }
        return Array(chain[group..<min(group + 2, chain.count)])
    }

    private static func cutOff(_ blocks: [Block]) -> StackTrace? {
        guard let block = blocks.last, !block.frames.isEmpty else { return nil }
        let unknown = StackTrace.Thrown(className: "Traceback", message: "")
        return StackTrace(language: "python", exceptions: [unknown], frames: block.frames.reversed())
    }
}
