/// Lines of traces that are told by their first words.
extension LineShape {
    /// Lines that begin with signs.
    static func ofMark(_ body: UnsafeRawBufferPointer) -> LineShape? {
        switch body[0] {
        case UInt8(ascii: ">"): return body.has("> File \"") ? .markedFrame : nil
        case UInt8(ascii: "*"): return body.has("** ") ? .beam : nil
        case UInt8(ascii: "+"): return body.has("+ ") || body.has("+-") ? .indented : nil
        case UInt8(ascii: "-"):
            if body.has("---[ end ") { return .kernelEnd }
            if body.has("------------[ cut here") { return .banner }
            if body.has("--- End of ") || body.has("---> ") || body.has("-- End of ") { return .link }
            return isRun(of: UInt8(ascii: "-"), body) ? .rule : nil
        default:
            if isRun(of: UInt8(ascii: "="), body) { return .banner }
            if body.has("======= ") { return .heading }
            if body.has("=>0x") { return .sanitizerBody }
            return ofProcessMark(body)
        }
    }

    /// Eight or more of `byte` and nothing else.
    private static func isRun(of byte: UInt8, _ body: UnsafeRawBufferPointer) -> Bool {
        var end = 0
        while body.byte(end) == byte { end += 1 }
        return end >= 8 && body.behindBlanks(end) == body.count
    }

    /// `==12==ERROR: AddressSanitizer: x`, `==12== x`.
    private static func ofProcessMark(_ body: UnsafeRawBufferPointer) -> LineShape? {
        guard body.has("=="), body.byte(2).isDigit else { return nil }
        let end = body.behindDigits(2)
        guard body.has("==", at: end) else { return nil }
        let start = body.behindBlanks(end + 2)
        if start == body.count { return .markedBlank }
        if body.has("ERROR: ", at: start) || body.has("WARNING: ", at: start) {
            return body.find("Sanitizer: ") != nil || body.find("libFuzzer: ") != nil ? .sanitizerTitle : .marked
        }
        return body.has("ABORTING", at: start) ? .sanitizerEnd : .marked
    }

    /// Lines that begin with a letter or a bracket.
    static func ofWords(_ body: UnsafeRawBufferPointer) -> LineShape? {
        switch body[0] {
        case UInt8(ascii: "["): return ofBracket(body)
        case UInt8(ascii: "A") where body.has("At ") && body.find(" char:") != nil: return .heading
        case UInt8(ascii: "B") where body.has("Backtrace:") || body.has("Backtrace omitted"): return .heading
        case UInt8(ascii: "C"):
            if body.has("Caused by") && isEndOrColon(body, 9) { return .link }
            return body.has("CallStack (from") || body.has("Calls: ") ? .heading : nil
        case UInt8(ascii: "D") where body.has("During handling of the above exception"): return .link
        case UInt8(ascii: "E"):
            return body.has("Exception in thread ") ? .thrown : body.has("Execution halted") ? .heading : nil
        // R's warnings beside an error: `In file(file, "rt") :`.
        case UInt8(ascii: "I") where body.has("In addition: Warning") || body.has("In ") && body.ends(with: ") :"):
            return .heading
        case UInt8(ascii: "L"):
            if body.has("Location:") { return .rustNote }
            // PowerShell's, since version 7.
            if body.has("Line |") { return .heading }
            return body.has("Last message: ") || body.has("Last message (from") ? .heading : nil
        case UInt8(ascii: "M") where body.has("Message:  "): return .rustNote
        case UInt8(ascii: "N"): return body.has("Node.js v") ? .closing : body.has("Nested in ") ? .link : nil
        case UInt8(ascii: "P") where body.has("PHP Stack trace:") || body.has("PHP   ") || body.has("PHP message: "):
            return .heading
        case UInt8(ascii: "R")
        where body.has("Run with ") && body.find("environment variable") != nil
            || body.has("Run with RUST_BACKTRACE"):
            return .rustNote
        case UInt8(ascii: "S"):
            if body.has("Suppressed: ") { return .link }
            if body.has("SUMMARY: ") && body.find("Sanitizer") != nil { return .summary }
            return body.has("Stack trace:") || body.has("Stack backtrace:") || body.has("StackTrace:") ? .heading : nil
        case UInt8(ascii: "T"):
            if body.has("Traceback (most recent call last)") { return .traceback }
            if body.has("The above exception was the direct cause") { return .link }
            return body.has("The application panicked (crashed)") ? .rustPanic : nil
        case UInt8(ascii: "U"):
            if body.has("Uncaught ") || body.has("Unhandled ") { return isUnhandled(body) ? .thrown : nil }
        case UInt8(ascii: "W") where body.has("Wrapped by: "): return .link
        case UInt8(ascii: "a")...UInt8(ascii: "z"): return ofLowercase(body)
        default: break
        }
        return nil
    }

    private static func ofLowercase(_ body: UnsafeRawBufferPointer) -> LineShape? {
        switch body[0] {
        case UInt8(ascii: "c") where body.has("created by "): return .goFrame
        case UInt8(ascii: "e") where body.has("exit status "): return .goFrame
        case UInt8(ascii: "f") where body.has("fatal error: "): return .goCrash
        case UInt8(ascii: "g") where body.has("goroutine ") && body.byte(10).isDigit: return .goroutine
        case UInt8(ascii: "n")
        where body.has("note: run with `RUST_BACKTRACE") || body.has("note: Some details are omitted"):
            return .rustNote
        case UInt8(ascii: "p") where body.has("panic: "): return .goCrash
        case UInt8(ascii: "r"):
            return body.has("runtime stack:") ? .goroutine : body.has("runtime: ") ? .goCrash : nil
        case UInt8(ascii: "s"):
            if body.has("stack backtrace:") || body.has("stack traceback:") { return .heading }
        case UInt8(ascii: "t"):
            if body.has("thrown in ") { return .closing }
            if body.has("thread '"), body.find("panicked at") != nil { return .rustPanic }
        default: break
        }
        return nil
    }

    private static func ofBracket(_ body: UnsafeRawBufferPointer) -> LineShape? {
        if body.has("[signal ") { return .goroutine }
        if body.has("[stacktrace]") { return .heading }
        return body.has("[previous exception]") ? .link : nil
    }

    private static func isEndOrColon(_ body: UnsafeRawBufferPointer, _ offset: Int) -> Bool {
        body.count == offset || body.byte(offset) == UInt8(ascii: ":")
    }

    /// `Uncaught TypeError: x`, `Unhandled exception. X: y`, `Unhandled exception:`, `Unhandled promise rejection`.
    private static func isUnhandled(_ body: UnsafeRawBufferPointer) -> Bool {
        if body.find("xception") != nil { return true }
        guard let blank = body.find(byte: 0x20) else { return false }
        return isThrown(body.from(blank + 1))
    }
}
