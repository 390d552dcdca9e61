/// Kernel: `BUG: …`, `WARNING: …`, `general protection fault: …`, then `Call Trace:` with `function+0x10/0x20
/// [module]`.
///
/// Format: `kernel/panic.c` and `arch/x86/kernel/dumpstack.c` of Linux. Frames marked `?` are guesses and left out.
extension TraceFamily {
    static let kernel = TraceFamily(
        begins: { text, line in
            let lower = text[line]
            return lower.find("Call Trace:") != nil || lower.find("Call trace:") != nil
                || lower.find("stack backtrace:") != nil
                || KernelTrace.isHeadline(lower)
        },
        parse: { KernelTrace.parse($0, $1) })
}

private enum KernelTrace {
    private static let headlines: [StaticString] = [
        "BUG: ", "BUG ", "WARNING: ", "kernel BUG at", "Kernel BUG at", "general protection fault", "Kernel panic",
        "INFO: ",
        "Unable to handle kernel", "Oops: ", "KASAN: ", "divide error: ", "stack segment: ", "Internal error: ",
    ]

    static func isHeadline(_ line: UnsafeRawBufferPointer) -> Bool {
        let text = bare(line)
        for headline in headlines where text.has(headline) { return true }
        return false
    }

    /// Without a stamp and the bracket that lock checks put before `INFO:`.
    private static func bare(_ line: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        var text = line.trimmed
        if text.has("["), let close = text.find("] "), close < 24,
            text.cut(from: 1, to: close).trimmed.first?.isDigit ?? false
        {
            text = text.cut(from: close + 2).trimmed
        }
        return text.has("[ ") ? text.cut(from: 2) : text
    }

    static func parse(_ text: TraceText, _ first: Int) -> StackTrace? {
        var frames: [StackTrace.Frame] = []
        var isGuess = true
        for index in first..<text.count where frames.count < StackTrace.framesMax {
            guard let (frame, guess) = frame(text[index]) else {
                if !frames.isEmpty, text[index].find("end trace") != nil { break }
                continue
            }
            if guess && !isGuess { continue }
            if !guess && isGuess && !frames.isEmpty && frames.count < 64 { frames.removeAll() }
            isGuess = guess
            frames.append(frame)
        }
        var headline: UnsafeRawBufferPointer?
        for index in 0...first where headline == nil && isHeadline(text[index]) { headline = bare(text[index]) }
        guard !frames.isEmpty, let headline = headline ?? (first > 0 ? bare(text[first - 1]) : nil), !headline.isEmpty
        else {
            return nil
        }
        return StackTrace(language: "kernel", exceptions: [thrown(headline)], frames: frames)
    }

    /// ` [<ffffffff8107ca3e>] ? warn_slowpath_common+0x7e/0xa0 [radeon]`, and whether it is a guess.
    private static func frame(_ line: UnsafeRawBufferPointer) -> (StackTrace.Frame, Bool)? {
        guard let plus = line.find("+0x"), plus > 0 else { return nil }
        var start = plus
        while start > 0, line[start - 1].isWord || line[start - 1] == UInt8(ascii: ".") { start -= 1 }
        guard start < plus, let slash = line.find(UInt8(ascii: "/"), from: plus), line.has("0x", at: slash + 1) else {
            return nil
        }
        // `RIP:` and `at:` lines repeat a place; they are no calls.
        let before = line.cut(to: start).trimmed
        guard
            before.isEmpty || before.last == UInt8(ascii: "?") || before.last == UInt8(ascii: "]")
                || before.last == UInt8(ascii: "(")
        else { return nil }
        guard before.find("at:") == nil, before.find("IP") == nil else { return nil }
        var module = line.cut(to: 0)
        if let open = line.find(" [", from: slash), !line.has("<", at: open + 2), let close = line.find("]", from: open)
        {
            module = line.cut(from: open + 2, to: close)
        }
        let frame = StackTrace.Frame(module: module.name, function: line.cut(from: start, to: plus).name)
        return (frame, before.last == UInt8(ascii: "?"))
    }

    /// The class is what comes before the first number or address, so that one fault has one class.
    private static func thrown(_ headline: UnsafeRawBufferPointer) -> StackTrace.Thrown {
        // The file and line behind `kernel BUG at` are the message.
        let place = headline.find(" BUG at ").map { $0 + 4 }
        let colon = place ?? headline.find(UInt8(ascii: ":")) ?? headline.count
        var headline = headline
        while headline.last == UInt8(ascii: "]") || headline.last == 0x20 {
            headline = headline.cut(to: headline.count - 1)
        }
        let name = headline.cut(to: min(colon, 32, headline.count))
        return StackTrace.Thrown(
            className: name.trimmed.name, message: headline.cut(from: min(colon + 1, headline.count)).message)
    }
}
