/// What letters, brackets and pairs say.
extension HeaderWalker {
    /// Notes the level of a single letter as glog, MongoDB and Android write them.
    mutating func noteLetter(at place: Int) {
        guard let level = HeaderWalker.level(ofLetter: line[place]) else { return }
        header.level = level
        header.levelRange = place..<place &+ 1
    }

    static func level(ofLetter letter: UInt8) -> LogLevel? {
        switch letter {
        case UInt8(ascii: "F"): .critical
        case UInt8(ascii: "E"): .error
        case UInt8(ascii: "W"): .warning
        case UInt8(ascii: "I"): .info
        case UInt8(ascii: "D"): .debug
        case UInt8(ascii: "V"): .trace
        default: nil
        }
    }

    /// Notes what the inside of a bracket is: a process, else a thread, else a logger.
    mutating func noteBracket(_ inside: Range<Int>) {
        guard !inside.isEmpty else { return }
        if line.matches("pid ", at: inside.lowerBound) {
            header.process = inside.lowerBound &+ 4..<inside.upperBound
        } else if isAll(inside, { $0.isDigit || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: " ") }) {
            header.process = header.process ?? inside
        } else if isCode(inside) {
            return
        } else if header.thread == nil {
            header.thread = inside
        } else if !has(inside, { $0.isBlank || $0 == UInt8(ascii: "=") }) {
            header.logger = inside
        }
    }

    /// Notes what a bracket behind `---` is, where Spring Boot writes the application (since 3.2, if it has a name),
    /// the thread and the trace (if there is tracing): `[shop] [main] [5f2c…-91ab…]`. The thread is the last one that
    /// is no trace. Source: Spring Boot's `logback/defaults.xml`, `ApplicationNameConverter`, `CorrelationIdFormatter`.
    mutating func noteBootBracket(_ inside: Range<Int>) {
        let isTrace = isAll(inside) { $0.isHexDigit || $0.isOne(of: "-, ") } && inside.count >= 16
        guard !inside.isEmpty, header.thread == nil || !isTrace else { return }
        header.thread = inside
    }

    /// Notes the level inside of a bracket: `[error]`, `[core:notice]`, `[INFO:name]`; false where there is none.
    mutating func noteBracketLevel(_ inside: Range<Int>) -> Bool {
        let start = LineHead.skipBlanks(line, from: inside.lowerBound)
        let end = HeaderWalker.endOfLetters(line, from: start)
        guard start < inside.upperBound else { return false }
        if let level = LogLevel(line, start..<end) {
            let rest = LineHead.skipBlanks(line, from: end)
            // `[ERROR/MainProcess]` is how Python's multiprocessing logs.
            let isProcess = line[end] == UInt8(ascii: "/") && line[start &+ 1].isUppercase
            guard rest >= inside.upperBound || line[end] == UInt8(ascii: ":") || isProcess else { return false }
            header.level = level
            header.levelRange = start..<end
            if isProcess {
                header.process = end &+ 1..<inside.upperBound
            } else if rest < inside.upperBound && end &+ 1 < inside.upperBound {
                header.logger = end &+ 1..<inside.upperBound
            }
            return true
        }
        var word = inside.upperBound
        while word > inside.lowerBound && line[word &- 1].isLetter { word &-= 1 }
        guard word > inside.lowerBound, line[word &- 1] == UInt8(ascii: ":"),
            let level = LogLevel(line, word..<inside.upperBound)
        else { return noteWordOfBracket(inside) }
        header.level = level
        header.levelRange = word..<inside.upperBound
        if word &- 1 > inside.lowerBound { header.logger = inside.lowerBound..<word &- 1 }
        return true
    }

    /// Notes a level in capitals that stands as a word in a bracket: `[main [] INFO  com.example.App  opId=]`.
    private mutating func noteWordOfBracket(_ inside: Range<Int>) -> Bool {
        var place = inside.lowerBound
        while place < inside.upperBound {
            let end = HeaderWalker.endOfLetters(line, from: place)
            if end &- place >= 4, line[place].isUppercase, line[place &+ 1].isUppercase, line[place &- 1].isBlank,
                line[end].isBlank, let level = LogLevel(line, place..<end)
            {
                header.level = level
                header.levelRange = place..<end
                return true
            }
            place = end == place ? place &+ 1 : end
        }
        return false
    }

    /// Notes the level in `level=error`, `lvl=warn`, `severity="ERROR"`; false where the word is none of these.
    mutating func notePair(_ word: Range<Int>) -> Bool {
        let key = HeaderWalker.endOfLetters(line, from: word.lowerBound)
        guard line[key] == UInt8(ascii: "="),
            line.matches("level=", at: word.lowerBound) || line.matches("lvl=", at: word.lowerBound)
                || line.matches("severity=", at: word.lowerBound) || line.matches("loglevel=", at: word.lowerBound)
        else { return false }
        let start = key &+ (line[key &+ 1] == UInt8(ascii: "\"") ? 2 : 1)
        let end = HeaderWalker.endOfLetters(line, from: start)
        guard let level = LogLevel(line, start..<end) else { return false }
        header.level = level
        header.levelRange = start..<end
        return true
    }
}
