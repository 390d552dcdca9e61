/// Walks over the fields of a header from left to right and notes what they are.
///
/// Three questions in this order: is what stands before the time a header too; is there a level among the next fields;
/// which fields behind it still belong to the header. A field is a bracket, a number, a word, a sign.
struct HeaderWalker {
    let line: LineBytes
    /// Holds how the last time was written.
    var reader: TimestampReader
    var header = RecordHeader()
    /// Everything before is header.
    var position = 0
    /// The last thing cut is syslog's, a container's or the kernel's: what follows may be a line of a trace, whose
    /// indentation says so.
    var isWrapped = false

    init(_ line: LineBytes) {
        self.line = line
        reader = TimestampReader(line)
    }

    mutating func walk(_ scanner: inout TimestampScanner) {
        let text = LineHead.startOfText(line)
        position = LineHead.skipBlanks(line, from: text)
        let decorated = position
        defer { if header.messageStart == decorated { header.messageStart = text } }
        if line[position] == UInt8(ascii: "{") { return walkObject(&scanner) }
        if let (priority, end) = LogLevel.priority(line, at: position) {
            header.level = LogLevel(syslogPriority: priority)
            header.levelRange = position &+ 1..<end &- 1
            position = end
            if isVersion(at: end) { return walkRFC5424(&scanner) }
            skipBlanks()
        }
        let lead = position
        if let match = scanner.scan(&reader) {
            header.time = match
            if walkLead(to: match.range.lowerBound) {
                walkBehind(match, &scanner)
                return finish()
            }
            position = lead
            header = cleared()
        }
        if let end = HeaderWalker.endOfUptime(line, at: position) {
            position = end
            isWrapped = true
            skipKernelCaller()
        } else if let end = HeaderWalker.endOfProcess(line, at: position) {
            noteProgram(position &+ 1..<end &- 2)
            position = end
        } else if let end = tag(at: position, needsProcess: true) {
            position = end
            isWrapped = true
        }
        walkFields(afterTime: false)
        finish()
    }

    /// `2026-11-22T10:00:00Z`, in whatever brackets, has been found; the rest of the header follows.
    private mutating func walkBehind(_ first: TimestampMatch, _ scanner: inout TimestampScanner) {
        position = first.range.upperBound
        var shape = reader.written.shape
        var start = first.range.lowerBound
        var hasHalfDay = reader.written.hasHalfDay
        closeTime()
        // A second time: a program's own behind that of syslog, a wrapper or a container. The one with a year is truer.
        for _ in 0..<3 {
            guard let second = nextTime(&scanner) else { break }
            if header.time?.hasYear != true || header.time?.hasDate != true { header.time = second }
            position = second.range.upperBound
            isWrapped = false
            shape = reader.written.shape
            start = second.range.lowerBound
            hasHalfDay = reader.written.hasHalfDay
            closeTime()
        }
        if shape == .glog {
            noteLetter(at: start &- 1)
            return walkGlog()
        }
        if shape == .monthName && hasHalfDay && isClassAndMethod() {
            header.continuesOnNextLine = true
            return
        }
        let isSyslog = !hasHalfDay && walkSyslog(shape, timeStart: start, first)
        if isSyslog { isWrapped = true }
        if isSyslog, let second = nextTime(&scanner) {
            isWrapped = false
            if header.time?.hasYear != true { header.time = second }
            position = second.range.upperBound
            closeTime()
            return walkFields(afterTime: true)
        }
        if isSyslog, let end = HeaderWalker.endOfUptime(line, at: LineHead.skipBlanks(line, from: position)) {
            position = end
            skipKernelCaller()
        }
        walkFields(afterTime: !isSyslog)
    }

    /// A time that begins at the next word, behind brackets, bars and up to three words with digits in them.
    private mutating func nextTime(_ scanner: inout TimestampScanner) -> TimestampMatch? {
        var place = position
        for _ in 0..<4 {
            while line[place].isBlank || line[place].isOne(of: "[(\"|") { place &+= 1 }
            guard place < line.count, place &- position < 80 else { return nil }
            if line[place].isDigit || MonthName.isMonthOrWeekday(line, at: place) {
                if let found = scanner.match(&reader, at: place) { return found }
            }
            // Only behind a number of seconds do words with digits stand before the time proper.
            guard header.time?.range.upperBound == position, let length = header.time?.range.count, length == 10 else {
                return containerStream(&place) ? nextTimeHere(place, &scanner) : nil
            }
            let end = endOfWord(from: place)
            guard (place..<end).contains(where: { line[$0].isDigit }) else { return nil }
            place = end
        }
        return nil
    }

    private mutating func nextTimeHere(_ place: Int, _ scanner: inout TimestampScanner) -> TimestampMatch? {
        let text = place &+ 1
        return scanner.match(&reader, at: line[text] == UInt8(ascii: "[") ? text &+ 1 : text)
    }

    /// `stdout F ` behind the time, as container runtimes write it (CRI).
    private mutating func containerStream(_ place: inout Int) -> Bool {
        guard line.matches("stdout ", at: place) || line.matches("stderr ", at: place) else { return false }
        let flag = line[place &+ 7]
        guard flag == UInt8(ascii: "F") || flag == UInt8(ascii: "P"), line[place &+ 8] == UInt8(ascii: " ") else {
            return false
        }
        // The blank behind the flag is left to be passed as the one before the text.
        position = place &+ 8
        place = position
        isWrapped = true
        return true
    }

    /// Passes what closes the time: quotes, brackets, and a sign that parts it from the next field.
    mutating func closeTime() {
        while true {
            switch line[position] {
            case UInt8(ascii: "]"), UInt8(ascii: ")"), UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: ","):
                position &+= 1
            case UInt8(ascii: ":"): position &+= 1
            default: return
            }
        }
    }

    /// Keeps the time, which may be in the message, and the priority; forgets what the words before it seemed to be.
    private func cleared() -> RecordHeader {
        var kept = RecordHeader()
        kept.time = header.time
        if let range = header.levelRange, line[range.lowerBound &- 1] == UInt8(ascii: "<") {
            kept.level = header.level
            kept.levelRange = header.levelRange
        }
        return kept
    }

    /// Notes `node:811`: a program and its process.
    private mutating func noteProgram(_ inside: Range<Int>) {
        guard let colon = inside.last(where: { line[$0] == UInt8(ascii: ":") }) else { return }
        header.program = inside.lowerBound..<colon
        header.process = colon &+ 1..<inside.upperBound
    }

    mutating func finish() {
        if !isWrapped {
            skipBlanks()
        } else if line[position].isBlank {
            position &+= 1
        }
        header.messageStart = min(position, line.count)
    }

    mutating func skipBlanks() { position = LineHead.skipBlanks(line, from: position) }

    // MARK: - JSON

    /// A JSON object is one message; time and level are looked up by their keys.
    private mutating func walkObject(_ scanner: inout TimestampScanner) {
        header.time = scanner.scan(&reader)
        if let (level, range) = KeyName.level(line, from: position) {
            header.level = level
            header.levelRange = range
        }
        header.messageStart = position
    }
}
