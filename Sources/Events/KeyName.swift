/// Keys of JSON and of `key=value` lines that say that a number is a time.
enum KeyName {
    /// Whether the value that begins at `start` has the name of a time in front: `"ts":17…`, `time=17…`,
    /// `"@timestamp" : "2026…`, `log_timestamp`, `detectedTime`.
    static func isTime(_ line: LineBytes, before start: Int) -> Bool {
        var place = start &- 1
        place = skipBack(line, place)
        guard line[place] == UInt8(ascii: ":") || line[place] == UInt8(ascii: "=") else { return false }
        place = skipBack(line, place &- 1)
        let end = place &+ 1
        while end &- place < 24 && (line[place].isLetter || line[place] == UInt8(ascii: "_")) { place &-= 1 }
        let key = place &+ 1
        switch end &- key {
        case 1: return line.matches("t", at: key)
        case 2: return line.matches("ts", at: key)
        case 4 where line.matches("date", at: key): return true
        case 5 where line.matches("epoch", at: key): return true
        case 9...: if line.matches("timestamp", at: end &- 9) { return true }
        default: break
        }
        // `time` at the end of the key is enough, except in names of spans such as `uptime` and `runtime`.
        guard end &- key >= 4, line.matches("time", at: end &- 4) else { return false }
        return end &- key == 4 || !line[end &- 5].isLetter || line[end &- 4].isUppercase
            || line.matches("datetime", at: key)
    }

    /// Passes a blank or two, quotes, and the braces of `"$date":`.
    private static func skipBack(_ line: LineBytes, _ place: Int) -> Int {
        var place = place
        for _ in 0..<4 {
            let byte = line[place]
            guard byte.isBlank || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\\")
            else { break }
            place &-= 1
        }
        return place
    }
}

extension KeyName {
    /// Bytes of a JSON object in which its level is looked for.
    private static let levelBytesMax = 1_024

    /// The level that a key such as `"level"` gives in a JSON object, and the bytes that write it: a word, MongoDB's
    /// letter under `"s"`, or the numbers 10 to 60 of Bunyan and Pino.
    static func level(_ line: LineBytes, from start: Int) -> (LogLevel, Range<Int>)? {
        var place = start
        let limit = min(line.count, start &+ levelBytesMax)
        while place < limit {
            defer { place &+= 1 }
            guard line[place] == UInt8(ascii: "\"") else { continue }
            if let found = journalLevel(line, at: place &+ 1) { return found }
            guard let value = endOfLevelKey(line, at: place &+ 1) else { continue }
            if line[value] == UInt8(ascii: "\"") {
                let word = value &+ 1
                let end = HeaderWalker.endOfLetters(line, from: word)
                if let level = LogLevel(line, word..<end) { return (level, word..<end) }
                let isLetter = end == word &+ 1 && line[place &+ 2] == UInt8(ascii: "\"")
                if isLetter, let level = HeaderWalker.level(ofLetter: line[word]) { return (level, word..<end) }
            } else if line.digitRun(at: value, limit: 3) == 2, line[value &+ 1] == UInt8(ascii: "0") {
                let number = line.number(at: value, digits: 1)
                let levels: [6 of LogLevel] = [.trace, .debug, .info, .warning, .error, .critical]
                if 1...6 ~= number { return (levels[number - 1], value..<value &+ 2) }
            }
        }
        return nil
    }

    /// journald's `"PRIORITY":"3"`: syslog's severities 0 to 7, as a text or a number.
    private static func journalLevel(_ line: LineBytes, at start: Int) -> (LogLevel, Range<Int>)? {
        guard line[start].isUppercase, line.matches("priority\"", at: start) else { return nil }
        var place = LineHead.skipBlanks(line, from: start &+ 9)
        guard line[place] == UInt8(ascii: ":") else { return nil }
        place = LineHead.skipBlanks(line, from: place &+ 1)
        if line[place] == UInt8(ascii: "\"") { place &+= 1 }
        guard line[place].isDigit, line[place] < UInt8(ascii: "8"), !line[place &+ 1].isDigit else { return nil }
        return (LogLevel(syslogPriority: Int(line[place] &- UInt8(ascii: "0"))), place..<place &+ 1)
    }

    /// The place of the value if the key of a level begins at `start`.
    private static func endOfLevelKey(_ line: LineBytes, at start: Int) -> Int? {
        var place = start
        // `log.level`, `log_level`.
        if line.matches("log", at: place) {
            place &+= 3
            if line[place] == UInt8(ascii: ".") || line[place] == UInt8(ascii: "_") { place &+= 1 }
        }
        if line.matches("level", at: place) {
            place &+= 5
            if line.matches("name", at: place) { place &+= 4 }
        } else if line.matches("severity", at: place) {
            place &+= 8
            if line.matches("_text", at: place) { place &+= 5 } else if line.matches("text", at: place) { place &+= 4 }
        } else if line.matches("lvl", at: place) {
            place &+= 3
        } else if line.matches("@l\"", at: place) {
            place &+= 2
        } else if line.matches("s\"", at: place) {
            place &+= 1
        } else {
            return nil
        }
        guard line[place] == UInt8(ascii: "\"") else { return nil }
        place = LineHead.skipBlanks(line, from: place &+ 1)
        guard line[place] == UInt8(ascii: ":") else { return nil }
        return LineHead.skipBlanks(line, from: place &+ 1)
    }
}
