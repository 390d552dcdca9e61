/// The shapes of syslog and of the kernel.
extension HeaderWalker {
    /// Whether `1 ` stands at `place`: RFC 5424's version.
    func isVersion(at place: Int) -> Bool {
        let digits = line.digitRun(at: place, limit: 3)
        return 1...2 ~= digits && line[place &+ digits] == UInt8(ascii: " ") && line[place] != UInt8(ascii: "0")
            && !line[place &+ digits &+ 1].isBlank
    }

    /// `<34>1 2026-11-22T10:00:00Z host app 12 ID47 [data key="value"] message` (RFC 5424, 6); the priority is read.
    mutating func walkRFC5424(_ scanner: inout TimestampScanner) {
        _ = walkRFC5424Header(&scanner)
        isWrapped = true
        walkFields(afterTime: false)
        finish()
    }

    /// Up to the blank before the message, and beyond the mark of UTF-8 behind it. Returns where the structured data lies.
    mutating func walkRFC5424Header(_ scanner: inout TimestampScanner) -> Range<Int>? {
        position = endOfWord(from: position) &+ 1
        if let match = scanner.match(&reader, at: position) {
            header.time = match
            position = match.range.upperBound
        } else {
            position = endOfWord(from: position)
        }
        header.host = nextHeaderField()
        header.program = nextHeaderField()
        header.process = nextHeaderField()
        _ = nextHeaderField()
        skipBlanks()
        let dataStart = position
        if line[position] == UInt8(ascii: "-") && (line[position &+ 1].isBlank || position &+ 1 >= line.count) {
            position &+= 1
        } else {
            while line[position] == UInt8(ascii: "["), let end = endOfStructuredData(from: position) { position = end }
        }
        let data = line[dataStart] == UInt8(ascii: "[") && position > dataStart ? dataStart..<position : nil
        if line[position &+ 1] == 0xEF, line[position &+ 2] == 0xBB, line[position &+ 3] == 0xBF { position &+= 4 }
        return data
    }

    /// The next word; nil where it is `-`, which stands for nothing.
    private mutating func nextHeaderField() -> Range<Int>? {
        while line[position].isBlank { position &+= 1 }
        let start = position
        position = endOfWord(from: start)
        let isNothing = position &- start == 1 && line[start] == UInt8(ascii: "-")
        return isNothing || position == start ? nil : start..<position
    }

    /// The place behind one `[…]`, in whose quoted values a bracket is escaped.
    private func endOfStructuredData(from start: Int) -> Int? {
        var place = start &+ 1
        var isQuoted = false
        let limit = min(line.count, start &+ 4 * RecordHeader.bytesMax)
        while place < limit {
            switch line[place] {
            case UInt8(ascii: "\\") where isQuoted: place &+= 1
            case UInt8(ascii: "\""): isQuoted.toggle()
            case UInt8(ascii: "]") where !isQuoted: return place &+ 1
            default: break
            }
            place &+= 1
        }
        return nil
    }

    /// `host program[12]: ` behind the time; false, with nothing read, where it is no syslog.
    ///
    /// A time that begins with the month is enough of a sign. Behind any other, there must be a process in brackets, or
    /// microseconds and a zone as rsyslog writes them.
    mutating func walkSyslog(_ shape: WrittenTime.Shape, timeStart: Int, _ match: TimestampMatch) -> Bool {
        guard shape == .monthName || shape == .yearFirst else { return false }
        let start = LineHead.skipBlanks(line, from: position)
        guard start > position, line[start].isAlphanumeric || line[start].isOne(of: ":#/@*") else { return false }
        if let end = tag(at: start, needsProcess: true) {
            position = end
            return true
        }
        // `November 22, 2026 10:00: text` of an application: syslog writes no colon between a time and a host.
        guard line[position &- 1] != UInt8(ascii: ":") else { return false }
        let hostEnd = endOfWord(from: start)
        guard line[hostEnd].isBlank, fieldLevel(start..<hostEnd) == nil, line[hostEnd &- 1] != UInt8(ascii: ":") else {
            return false
        }
        let isNamed = shape == .monthName && line[timeStart].isLetter
        let isPrecise = match.hasZone && match.range.count >= 27
        var tagStart = LineHead.skipBlanks(line, from: hostEnd)
        // login(1) writes `host -- root[12]: `.
        if line.matches("-- ", at: tagStart) && isNamed { tagStart &+= 3 }
        guard let end = tag(at: tagStart, needsProcess: !isNamed && !isPrecise) else {
            guard isNamed, !line[timeStart &- 1].isBracket else { return false }
            header.host = start..<hostEnd
            position = hostEnd
            return true
        }
        header.host = start..<hostEnd
        position = end
        return true
    }

    /// Reads `program[12]:`, `program:`, `program(module)[12]:`, `syslogd 1.4.1:`, and gives the place behind.
    mutating func tag(at start: Int, needsProcess: Bool) -> Int? {
        var place = start
        let limit = start &+ 128
        while place < limit, isTagByte(line[place]) { place &+= 1 }
        guard place > start, !line[start].isBlank else { return nil }
        let programEnd = place
        if line[place] == UInt8(ascii: "(") {
            guard let end = endOfBracket(from: place), end &- place < 32 else { return nil }
            place = end
        }
        var process: Range<Int>?
        if line[place] == UInt8(ascii: "["), let end = endOfBracket(from: place), end &- place <= 24 {
            guard !needsProcess || line[place &+ 1].isDigit else { return nil }
            if LogLevel(line, place &+ 1..<end &- 1) != nil { return nil }
            if end &- place > 2 { process = place &+ 1..<end &- 1 }
            place = end
        } else if needsProcess {
            return nil
        } else if line[place].isBlank && line[place &+ 1].isDigit {
            // A version.
            place &+= 1
            while line[place].isDigit || line[place] == UInt8(ascii: ".") { place &+= 1 }
        }
        guard line[place] == UInt8(ascii: ":"), line[place &+ 1].isBlank || place &+ 1 >= line.count,
            process != nil || fieldLevel(start..<programEnd) == nil
        else { return nil }
        header.program = start..<programEnd
        header.process = process ?? header.process
        return place &+ 1
    }

    private func isTagByte(_ byte: UInt8) -> Bool {
        byte.isAlphanumeric || byte.isOne(of: "-_./@+*")
    }

    /// The place behind `[   12.345678]`, a kernel's seconds since its start.
    static func endOfUptime(_ line: LineBytes, at start: Int) -> Int? {
        guard line[start] == UInt8(ascii: "[") else { return nil }
        var place = start &+ 1
        while line[place] == UInt8(ascii: " ") && place &- start < 12 { place &+= 1 }
        let seconds = line.digitRun(at: place, limit: 9)
        guard seconds > 0, line[place &+ seconds] == UInt8(ascii: ".") else { return nil }
        place &+= seconds &+ 1
        let fraction = line.digitRun(at: place, limit: 10)
        guard 3...9 ~= fraction, line[place &+ fraction] == UInt8(ascii: "]") else { return nil }
        return place &+ fraction &+ 1
    }

    /// `[ T1234]`, `[   C0]` behind the seconds: task or processor that printed it.
    mutating func skipKernelCaller() {
        let start = LineHead.skipBlanks(line, from: position)
        guard line[start] == UInt8(ascii: "["), let end = endOfBracket(from: start), end &- start <= 16 else { return }
        let name = LineHead.skipBlanks(line, from: start &+ 1)
        guard line[name] == UInt8(ascii: "T") || line[name] == UInt8(ascii: "C"), line[name &+ 1].isDigit else {
            return
        }
        header.thread = name..<end &- 1
        position = end
    }

    /// `   12 file.go:12] message` behind the time of glog and klog.
    mutating func walkGlog() {
        skipBlanks()
        let number = line.digitRun(at: position, limit: 20)
        if number > 0 && line[position &+ number].isBlank {
            header.thread = position..<position &+ number
            position &+= number
            skipBlanks()
        }
        let end = endOfWord(from: position)
        guard end > position, line[end &- 1] == UInt8(ascii: "]") else { return }
        header.logger = position..<end &- 1
        position = end
    }
}

extension UInt8 {
    var isBracket: Bool {
        self == UInt8(ascii: "[") || self == UInt8(ascii: "]") || self == UInt8(ascii: "(") || self == UInt8(ascii: ")")
    }
}
