/// C, C++ and other native code: sanitizer reports, gdb back traces, glibc's `backtrace_symbols`.
///
/// `#0 0x55a6 in foo::bar(int) file.cc:10:15`, `#0  foo (x=1) at file.c:12`, `/lib/libc.so.6(abort+0x12b)[0x7f…]`.
extension TraceFamily {
    static let native = TraceFamily(
        begins: { text, line in NativeTrace.frame(text[line]) != nil },
        parse: { NativeTrace.parse($0, $1) })
}

private enum NativeTrace {
    static func frame(_ line: UnsafeRawBufferPointer) -> StackTrace.Frame? {
        let text = line.trimmed
        if text.has("#"), let number = text.number(at: 1), text.has(" ", at: number.end) {
            return numbered(text.cut(from: number.end).trimmed)
        }
        return symbol(text)
    }

    private static func numbered(_ text: UnsafeRawBufferPointer) -> StackTrace.Frame? {
        var call = text
        var hasAddress = false
        if text.has("0x") {
            guard let blank = text.find(0x20) else { return nil }
            call = text.cut(from: blank + 1).trimmed
            hasAddress = true
        }
        if call.has("in ") {
            call = call.cut(from: 3)
        } else if hasAddress {
            // No symbol: `(/lib/libc.so.6+0x96a7b)`.
            guard call.has("("), let plus = call.find("+0x") else { return nil }
            let library = call.cut(from: 1, to: plus).name
            return StackTrace.Frame(module: FrameName.baseName(library), function: "", file: library)
        }
        if let (name, place) = call.split(at: " at ") {
            let (file, number) = place.fileAndLine
            return StackTrace.Frame(module: "", function: bare(name), file: file.name, line: number)
        }
        if let (name, library) = call.split(at: " from ") {
            return StackTrace.Frame(
                module: FrameName.baseName(library.name), function: bare(name), file: library.name)
        }
        // `in foo (/srv/app+0x4a) (BuildId: 7f)`: the library stands for the source file. Its offset is new with each build.
        if let (name, library) = call.split(at: " (/"), let plus = library.find("+0x") {
            return StackTrace.Frame(module: "", function: bare(name), file: "/" + library.cut(to: plus).name)
        }
        // `#0 shop::add() /src/cart.cc:9:3 (app+0x4a)`, as ThreadSanitizer writes them.
        if !hasAddress, call.last == UInt8(ascii: ")"), let open = call.findLast(UInt8(ascii: "(")), open > 0,
            call.find("+0x", from: open) != nil
        {
            call = call.cut(to: open).trimmed
            hasAddress = true
        }
        guard hasAddress else { return nil }
        let blank = call.findLast(0x20) ?? call.count
        let (file, number) = call.cut(from: min(blank + 1, call.count)).fileAndLine
        return StackTrace.Frame(
            module: "", function: bare(number != nil ? call.cut(to: blank) : call),
            file: number != nil ? file.name : "",
            line: number)
    }

    /// A function without its arguments; `(anonymous namespace)` and `operator()` stay.
    private static func bare(_ name: UnsafeRawBufferPointer) -> String {
        var from = 0
        while let open = name.find(UInt8(ascii: "("), from: from) {
            if name.has("(anonymous namespace)", at: open) {
                from = open + 21
            } else if name.has("()(", at: open) || name.cut(to: open).ends(with: "operator") && name.has("()", at: open)
            {
                from = open + 2
            } else {
                return name.cut(to: open).trimmed.name
            }
        }
        return name.trimmed.name
    }

    /// `./app(foo+0x12)[0x400a5f]`.
    private static func symbol(_ text: UnsafeRawBufferPointer) -> StackTrace.Frame? {
        guard text.last == UInt8(ascii: "]"), let bracket = text.find("[0x"), let open = text.find(UInt8(ascii: "(")),
            open > 0,
            open < bracket, let close = text.find(UInt8(ascii: ")"), from: open), close < bracket
        else { return nil }
        let inner = text.cut(from: open + 1, to: close)
        guard inner.find("+0x") != nil || inner.isEmpty, !text.cut(to: open).contains(0x20) else { return nil }
        let library = text.cut(to: open).name
        return StackTrace.Frame(
            module: FrameName.baseName(library), function: inner.cut(to: (inner.find("+0x") ?? 0)).name, file: library)
    }

    static func parse(_ text: TraceText, _ first: Int) -> StackTrace? {
        guard let thrown = header(text, above: first) else { return nil }
        var frames: [StackTrace.Frame] = []
        for index in first..<text.count where frames.count < StackTrace.framesMax {
            if let frame = frame(text[index]) {
                frames.append(frame)
            } else if text[index].trimmed.isEmpty, frames.count > 0 {
                break
            }
        }
        return StackTrace(language: "c", exceptions: [thrown], frames: frames)
    }

    /// What the summaries call the faults that the sanitizers' titles put in a sentence.
    private static func wording(_ fault: UnsafeRawBufferPointer) -> String? {
        if fault.has("detected memory leaks") { return "memory-leak" }
        if fault.has("out of memory") { return "out-of-memory" }
        if fault.has("requested allocation size") { return "allocation-size-too-big" }
        return fault.has("data race") ? "data race" : nil
    }

    private static let headerLinesMax = 64

    private static func header(_ text: TraceText, above line: Int) -> StackTrace.Thrown? {
        for index in stride(from: line, through: max(0, line - headerLinesMax), by: -1) {
            let text = text[index].trimmed
            if let (before, after) = text.split(at: "Sanitizer: "), before.find("SUMMARY") == nil {
                // `ERROR: AddressSanitizer: heap-buffer-overflow on address 0x6020`
                let name = after.cut(to: (after.find(0x20) ?? after.count))
                // The summary's word may be the text's own.
                let isOwn = after.has("data race")
                return StackTrace.Thrown(
                    className: wording(after) ?? name.name, message: after.cut(from: isOwn ? 9 : name.count).message)
            }
            // `*** stack smashing detected ***: terminated` (glibc).
            if text.has("*** "), let (name, after) = text.cut(from: 4).split(at: " ***"), !name.isEmpty {
                return StackTrace.Thrown(
                    className: name.name, message: after.cut(from: after.has(": ") ? 2 : 0).message)
            }
            if let (_, after) = text.split(at: "runtime error: ") {
                return StackTrace.Thrown(className: "runtime error", message: after.message)
            }
            if let (_, after) = text.split(at: "received signal ") ?? text.split(at: "terminated with signal ") {
                let name = after.cut(to: (after.find(UInt8(ascii: ",")) ?? after.count))
                return StackTrace.Thrown(
                    className: name.trimmed.name, message: after.cut(from: min(name.count + 1, after.count)).message)
            }
            if let (_, after) = text.split(at: "terminate called after throwing an instance of '"),
                let (name, _) = after.split(at: "'")
            {
                return StackTrace.Thrown(className: name.name, message: "")
            }
            if text.find("Assertion `") != nil || text.find("ssertion failed") != nil {
                return StackTrace.Thrown(className: "assertion", message: text.message)
            }
            for signal in ["SIGSEGV", "SIGABRT", "SIGBUS", "SIGFPE", "SIGILL", "SIGTRAP"] as [StaticString]
            where text.find(signal) != nil {
                return StackTrace.Thrown(className: "\(signal)", message: "")
            }
        }
        for index in stride(from: line - 1, through: max(0, line - 3), by: -1) where !text[index].trimmed.isEmpty {
            return StackTrace.Thrown(className: "crash", message: text[index].message)
        }
        return nil
    }
}
