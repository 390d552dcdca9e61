import Events

/// What a line looks like by itself, behind the prefix of a container, syslog or the kernel.
///
/// A heuristic by how runtimes print their traces. A shape says what the line may be; `RecordGrammar` decides, from the
/// lines before it in its record, what it is.
enum LineShape: UInt8 {
    /// Nothing but blanks.
    case blank
    /// No shape below: a record of its own, or a line of a message.
    case plain
    /// Begins with a header: always the first line of a record.
    case headed
    /// Begins with a level and no time: the first line of a record, or the second of java.util.logging's headers.
    case level
    /// Has a header in which `DETAIL`, `HINT`, `CONTEXT`, `STATEMENT`, `QUERY` or `LOCATION` stands for the level
    /// (PostgreSQL).
    case detail
    /// Begins with a blank.
    case indented
    /// Indented, and a frame: `at x`, `File "x"`, `from x`, `#0 x`, `3: x`, `in x`.
    case indentedFrame
    /// Indented, and names an exception with its message in brackets: ` Foo::Bar (message):` (Rails).
    case indentedThrown
    /// `  + Exception Group Traceback (most recent call last):`.
    case groupHead
    /// `Traceback (most recent call last):`.
    case traceback
    /// `> File "x", line 1, in f`: a marked frame of a Python traceback.
    case markedFrame
    /// Names an exception: `java.io.IOException: message`, `Unhandled exception:`.
    case thrown
    /// Carries a chain of exceptions on: `Caused by: x`, `During handling of the above exception …`, `--- End of …`.
    case link
    /// Carries a trace on and needs no exception before it: `Stack trace:`, `stack backtrace:`, `CallStack (from …`.
    case heading
    /// A frame that is not indented, of a kind that nothing else looks like: `at f (x.js:1:2)`, `f@http://x.js:1:2`,
    /// `x.rb:1:in 'f'`, `x.so(+0x1)[0x2]`, `<asynchronous suspension>`.
    case frame
    /// `#0 x`.
    case numbered
    /// `}`, `]`, `)`, `"}`: the end of something printed over several lines.
    case closing
    /// `panic: x`, `fatal error: x`.
    case goCrash
    /// `goroutine 1 [running]:`, `runtime stack:`, `[signal SIGSEGV…`.
    case goroutine
    /// `main.main()`, `created by main.f`, `/x.go:12 +0x1`, `exit status 2`.
    case goFrame
    /// `thread 'x' panicked at …`.
    case rustPanic
    /// `note: run with …`, `Message:  x`, `Location: x`.
    case rustNote
    /// `** (RuntimeError) x`, `** Reason for termination ==`.
    case beam
    /// A line of `=`, or `------------[ cut here ]------------`.
    case banner
    /// A line of `-`.
    case rule
    /// `==12==ERROR: AddressSanitizer: x`.
    case sanitizerTitle
    /// `==12== x`, as the sanitizers and valgrind mark their lines.
    case marked
    /// Such a line without text.
    case markedBlank
    /// `==12==ABORTING`.
    case sanitizerEnd
    /// `SUMMARY: AddressSanitizer: x`.
    case summary
    /// A line inside of a sanitizer's report that is not indented.
    case sanitizerBody
    /// `WARNING: DATA RACE`, `WARNING: ThreadSanitizer: x`.
    case raceTitle
    /// The first line of a kernel's report.
    case kernelTitle
    /// A line that follows such a line in the same report: `Oops: 0000 [#1]`, `Kernel panic - not syncing: x`.
    case kernelTitleNext
    /// A line inside of a kernel's report that is not indented.
    case kernelBody
    /// `---[ end trace 0123456789abcdef ]---`.
    case kernelEnd

    /// Whether the line carries on no record by its shape; `plain` and `blank` lines may, inside of one, but only so
    /// many in a row (`RecordGrammar.looseLinesMax`).
    var isLoose: Bool { self == .plain || self == .blank }

    /// The shape of `body`, a line without its newline, its prefix and the colours before its first word.
    static func read(_ body: UnsafeRawBufferPointer) -> LineShape {
        guard let first = body.first else { return .blank }
        switch first {
        case UInt8(ascii: " "), UInt8(ascii: "\t"): return ofIndented(body)
        case UInt8(ascii: "}"), UInt8(ascii: "]"), UInt8(ascii: ")"): return .closing
        case UInt8(ascii: "#"): return isNumberedFrame(body) ? .numbered : ofReport(body) ?? .plain
        case UInt8(ascii: "="), UInt8(ascii: "-"), UInt8(ascii: "*"), UInt8(ascii: ">"), UInt8(ascii: "+"):
            if let shape = ofMark(body) { return shape }
        case UInt8(ascii: "\""):
            // The end of a string that was printed over several lines.
            if body.byte(1) == UInt8(ascii: "}") || body.count == 1 { return .closing }
        default: break
        }
        if let shape = ofReport(body) { return shape }
        if RecordHeader.startsRecord(body) { return ofHeaded(body) }
        if let shape = ofWords(body) ?? ofFrame(body) { return shape }
        return isThrown(body) ? .thrown : .plain
    }

    /// Whether the line, by itself, is sure to begin a record.
    static func beginsRecord(_ line: UnsafeRawBufferPointer) -> Bool {
        let shape = LineView(line).shape
        return shape == .headed || shape == .plain
    }

    /// Whether the first word may be a level, so that no time stands at the head.
    static func beginsInCapitals(_ body: UnsafeRawBufferPointer) -> Bool {
        body.byte(0).isUppercase && body.byte(1).isUppercase
    }

    private static func ofHeaded(_ body: UnsafeRawBufferPointer) -> LineShape {
        if isDetail(body) { return .detail }
        guard beginsInCapitals(body) else { return .headed }
        var end = 2
        while end < 14, body.byte(end).isUppercase { end += 1 }
        return body.byte(end) == UInt8(ascii: ":") ? .level : .headed
    }

    /// `DETAIL:  x`: PostgreSQL writes two blanks behind the colon.
    private static func isDetail(_ body: UnsafeRawBufferPointer) -> Bool {
        let head = UnsafeRawBufferPointer(rebasing: body.prefix(256))
        guard let colon = head.find(":  "), head.byte(colon - 1).isUppercase else { return false }
        for word in ["DETAIL", "HINT", "CONTEXT", "STATEMENT", "QUERY", "LOCATION"] as [StaticString]
        where head.has(word, at: colon - word.utf8CodeUnitCount) {
            return !head.byte(colon - word.utf8CodeUnitCount - 1).isLetter
        }
        return false
    }

    private static func ofIndented(_ body: UnsafeRawBufferPointer) -> LineShape {
        let start = body.behindColours(body.behindBlanks())
        guard start < body.count else { return .blank }
        let text = body.from(start)
        switch text[0] {
        case UInt8(ascii: "a") where text.has("at "), UInt8(ascii: "F") where text.has("File \""),
            UInt8(ascii: "f") where text.has("from "), UInt8(ascii: "i") where text.has("in "),
            UInt8(ascii: ".") where text.has("... "):
            return .indentedFrame
        case UInt8(ascii: "#"): return text.byte(1).isDigit ? .indentedFrame : .indented
        case UInt8(ascii: "["): return text.has("[<") || text.has("[C]: ") ? .indentedFrame : .indented
        case UInt8(ascii: "?"): return text.byte(1) == 0x20 && text.find("+0x") != nil ? .indentedFrame : .indented
        case UInt8(ascii: "+"):
            guard text.byte(1) == 0x20 else { return .indented }
            return text.has("Exception Group Traceback (most recent", at: text.behindColours(2))
                ? .groupHead : .indented
        case UInt8(ascii: "0")...UInt8(ascii: "9"):
            let end = text.behindDigits(0)
            return text.byte(end) == UInt8(ascii: ":") && text.byte(end + 1) == 0x20 ? .indentedFrame : .indented
        case UInt8(ascii: "A")...UInt8(ascii: "Z"):
            guard text.lastByte == UInt8(ascii: ":"), let open = text.find(byte: UInt8(ascii: "(")), open > 1,
                text[open - 1] == 0x20
            else { return isSudo(text) ? .headed : .indented }
            return isThrown(UnsafeRawBufferPointer(rebasing: text[..<(open - 1)])) ? .indentedThrown : .indented
        default: return isSudo(text) ? .headed : .indented
        }
    }

    /// `mallory : user NOT in sudoers ; TTY=…; PWD=…`: sudo sets the user to the right in eight columns, which is no
    /// indentation. `alice : (command continued) …` does go on. Source: sudoers(5), "LOG FORMAT".
    private static func isSudo(_ text: UnsafeRawBufferPointer) -> Bool {
        let head = UnsafeRawBufferPointer(rebasing: text.prefix(userBytesMax))
        guard let end = head.find(byte: 0x20), head.has(" : ", at: end) else { return false }
        return text.find("PWD=", from: end) != nil
    }

    /// Bytes of a user's name and the colon behind it, as sudo writes them: LOGIN_NAME_MAX is 256.
    private static let userBytesMax = 260
}

/// A line with what is known of it: its prefix, its own text, its shape. Lives as long as the bytes it was made of.
struct LineView {
    /// Whose line it is; 0 for a line without a prefix.
    let key: UInt64
    /// Without the prefix and the colours before the first word.
    let body: UnsafeRawBufferPointer
    let shape: LineShape

    /// `line` is without its newline.
    init(_ line: UnsafeRawBufferPointer) { self.init(line, LinePrefix.read(line)) }

    /// The same, of a line whose prefix has been read.
    init(_ line: UnsafeRawBufferPointer, _ prefix: LinePrefix) {
        key = prefix.key
        let text = line.from(prefix.end)
        body = text.byte(0) == 0x1b ? text.from(text.behindColours(0)) : text
        shape = LineShape.read(body)
    }

    /// Whether the line announces what follows: it ends in a colon.
    var endsInColon: Bool { body.lastByte == UInt8(ascii: ":") }
}
