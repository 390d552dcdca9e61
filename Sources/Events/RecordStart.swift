/// Tells lines that certainly begin a record.
enum RecordStart {
    static func isCertain(_ line: LineBytes) -> Bool {
        // Nearly all continuation lines are indented or begin with a small letter or a brace.
        switch line[0] {
        case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "}"), UInt8(ascii: ")"), 0: return false
        case UInt8(ascii: "{"): return isObject(line, at: 0)
        default: break
        }
        let start = LineHead.skipDecoration(line)
        // Behind the name of a service the text may be indented, and so a continuation.
        if start > 0 && line[start &- 1].isBlank && line[start &- 2].isBlank { return false }
        let byte = line[start]
        if byte.isDigit { return beginsWithTime(line, at: start, digit: start) || isAccess(line, from: start) }
        switch byte {
        case UInt8(ascii: "<"): return LogLevel.priority(line, at: start) != nil
        case UInt8(ascii: "{"): return isObject(line, at: start)
        case UInt8(ascii: "("):
            return HeaderWalker.endOfProcess(line, at: start) != nil || beginsInBracket(line, at: start &+ 1)
        case UInt8(ascii: "["), UInt8(ascii: "\""): return beginsInBracket(line, at: start &+ 1)
        case UInt8(ascii: "-"):
            return line[start &+ 1].isBlank && beginsWithTime(line, at: start &+ 2, digit: start &+ 2)
        case UInt8(ascii: ":"): return isAccess(line, from: start)
        default: return byte.isLetter && (beginsWithWord(line, at: start) || isAccess(line, from: start))
        }
    }

    private static func beginsWithTime(_ line: LineBytes, at start: Int, digit: Int) -> Bool {
        var reader = TimestampReader(line)
        return reader.read(digit: digit) && reader.written.start == start
    }

    /// `[2026-…`, `[Sun Nov 22 …`, `[   12.345678]`, `[error]`, `[INFO:name]`, `[1:C] 18 Jul …`, `[811] ! …`.
    private static func beginsInBracket(_ line: LineBytes, at start: Int) -> Bool {
        let inside = LineHead.skipBlanks(line, from: start)
        if line[inside].isDigit {
            if beginsWithTime(line, at: inside, digit: inside) || HeaderWalker.endOfUptime(line, at: start &- 1) != nil
            {
                return true
            }
            return HeaderWalker.endOfRole(line, at: start) != nil || isPuma(line, at: inside)
        }
        guard line[start].isLetter else { return false }
        // `[Nest] 811  - 11/22/2026, 10:00:00 AM     LOG [Main] up`
        if line.matches("nest] ", at: start), line[start &+ 6].isDigit { return true }
        if MonthName.isWeekday(line, at: start) { return beginsWithNamedTime(line, at: start) }
        let end = HeaderWalker.endOfLetters(line, from: start)
        let next = line[end]
        return (next == UInt8(ascii: "]") || next == UInt8(ascii: ":") || next == UInt8(ascii: " "))
            && LogLevel(line, start..<end) != nil
    }

    /// `[811] ! Terminating timed out worker`, `[811] - Worker 0 booted`: Puma, behind the bracket.
    private static func isPuma(_ line: LineBytes, at start: Int) -> Bool {
        let end = start &+ line.digitRun(at: start, limit: 11)
        return line[end] == UInt8(ascii: "]") && line[end &+ 1] == 0x20 && line[end &+ 2].isOne(of: "!-*+")
            && line[end &+ 3] == 0x20
    }

    private static func beginsWithWord(_ line: LineBytes, at start: Int) -> Bool {
        let end = HeaderWalker.endOfLetters(line, from: start)
        let length = end &- start
        if length == 1 {
            // `E, [2026-11-22T10:00:00.123456 #811] ERROR -- : `, Ruby's logger.
            if line[end] == UInt8(ascii: ","), line[end &+ 1] == 0x20, line[end &+ 2] == UInt8(ascii: "[") {
                return beginsWithTime(line, at: end &+ 3, digit: end &+ 3)
            }
            return line[end].isDigit
                ? beginsWithTime(line, at: end, digit: end) : HeaderWalker.isLetterLevel(line, at: start)
        }
        guard length >= 3 else { return false }
        if length == 4, DotNetConsole(line, at: start) != nil { return true }
        if line[start].isUppercase && line[start &+ 1].isUppercase {
            switch line[end] {
            case UInt8(ascii: " ") where line.digitRun(at: end &+ 1, limit: 11) == 10:
                return beginsWithTime(line, at: end &+ 1, digit: end &+ 1)
            case UInt8(ascii: ":"), UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "|"), UInt8(ascii: "["),
                UInt8(ascii: "]"), 0x1B:
                // `LOG file missing` and the like are sentences.
                guard let level = LogLevel(line, start..<end) else { return false }
                return line[end] != UInt8(ascii: " ") || level >= .warning || length >= 4
            default: return false
            }
        }
        return beginsWithNamedTime(line, at: start)
    }

    /// `Nov 22 10:00:00`, `Sun Nov 22 10:00:00 2026`.
    private static func beginsWithNamedTime(_ line: LineBytes, at start: Int) -> Bool {
        var month = start
        if MonthName.isWeekday(line, at: start) {
            month = start &+ (line[start &+ 3] == UInt8(ascii: ",") ? 5 : 4)
        }
        var end = month
        guard line[month].isDigit || MonthName.read(line, at: &end) != nil,
            let digit = line.nextDigit(from: end, limit: end &+ 3)
        else { return false }
        return line[month].isDigit
            ? line[month &+ 2] == UInt8(ascii: " ") : beginsWithTime(line, at: start, digit: digit)
    }

    /// `192.168.1.1 - - [22/Nov/2026:10:00:00 +0000]` and `12:M 22 Nov 2026 10:00:00.123`.
    private static func isAccess(_ line: LineBytes, from start: Int) -> Bool {
        if let role = HeaderWalker.endOfRole(line, at: start) { return beginsWithTime(line, at: role, digit: role) }
        var place = start &- 1
        let limit = start &+ TimestampScanner.searchBytesMax &- 1
        while let bracket = line.next(UInt8(ascii: "["), from: place, limit: limit) {
            let digit = bracket &+ 1
            if line[digit].isDigit, line[digit &+ 2] == UInt8(ascii: "/"), line[digit &+ 3].isLetter,
                beginsWithTime(line, at: digit, digit: digit)
            {
                return true
            }
            place = digit
        }
        return false
    }

    private static func isObject(_ line: LineBytes, at start: Int) -> Bool {
        guard line[LineHead.skipBlanks(line, from: start &+ 1)] == UInt8(ascii: "\"") else { return false }
        if KeyName.level(line, from: start) != nil { return true }
        var place = start
        while let digit = line.nextDigit(from: place, limit: start &+ TimestampScanner.searchBytesMax) {
            if KeyName.isTime(line, before: digit), beginsWithTime(line, at: digit, digit: digit) { return true }
            place = digit &+ 1
            while line[place].isDigit { place &+= 1 }
        }
        return false
    }
}
