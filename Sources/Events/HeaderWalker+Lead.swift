/// The fields before the time.
extension HeaderWalker {
    /// Fields before the time, which begins at `time`; false where they are words of a message. Before the date of an
    /// access log stand names, before a number of seconds a label in capitals.
    mutating func walkLead(to time: Int) -> Bool {
        let isAccess = reader.written.shape == .monthName && line[time &+ 2] == UInt8(ascii: "/")
        let mayHaveLabel = reader.written.shape == .epoch
        var end = time
        while end > position && line[end &- 1].isOne(of: "[(\"'") { end &-= 1 }
        guard end &- position <= 200 else { return false }
        if end == position &+ 1, line[position].isLetter, end == time {
            position = time
            return true
        }
        var words = 0
        var hasBar = false
        for _ in 0..<HeaderWalker.fieldsBeforeLevelMax {
            skipBlanks()
            guard position < end else { break }
            let start = position
            let byte = line[start]
            if byte == UInt8(ascii: "[") || byte == UInt8(ascii: "(") {
                guard let close = endOfBracket(from: start), close <= end else {
                    // The time is inside: `[agent 2026-…]`.
                    position &+= 1
                    continue
                }
                if let role = HeaderWalker.endOfRole(line, at: start &+ 1) {
                    header.process = start &+ 1..<role &- 4
                } else if !noteBracketLevel(start &+ 1..<close &- 1) {
                    noteBracket(start &+ 1..<close &- 1)
                }
                position = close
                if line[position] == UInt8(ascii: ":") { position &+= 1 }
                continue
            }
            if byte == UInt8(ascii: "|") {
                hasBar = true
                position &+= 1
                continue
            }
            if let role = HeaderWalker.endOfRole(line, at: start) {
                header.process = start..<role &- 3
                position = role
                continue
            }
            position = min(endOfWord(from: start), end)
            let word = start..<position
            if let level = fieldLevel(word) {
                header.level = level
                header.levelRange = start..<(line[position &- 1].isLetter ? position : position &- 1)
            } else if !notePair(word), isAll(word, { $0.isLetter || $0 == UInt8(ascii: ":") }),
                !mayHaveLabel || !isAll(word, { $0.isUppercase }) || word.count < 2
            {
                words &+= 1
            }
        }
        skipBlanks()
        return position >= end && (words == 0 || isAccess || hasBar)
    }
}
