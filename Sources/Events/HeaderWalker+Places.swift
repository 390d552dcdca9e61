/// Where words, brackets and runs of letters end, and what single fields say.
extension HeaderWalker {
    /// The place behind the word at `start`: before a blank, a bar, a colour code or the end.
    func endOfWord(from start: Int) -> Int {
        var place = start
        let limit = min(line.count, start &+ RecordHeader.bytesMax)
        while place < limit {
            let byte = line[place]
            if byte.isBlank || byte == UInt8(ascii: "|") || byte == 0x1B || byte == UInt8(ascii: "\r") { return place }
            place &+= 1
        }
        return place
    }

    /// The place behind the bracket that closes the one at `start`, with those of its kind inside counted; nil where
    /// none does within 160 bytes.
    func endOfBracket(from start: Int) -> Int? {
        let opening = line[start]
        let closing = opening == UInt8(ascii: "(") ? UInt8(ascii: ")") : UInt8(ascii: "]")
        var depth = 0
        let limit = min(line.count, start &+ 160)
        for place in start..<max(start, limit) {
            if line[place] == opening {
                depth &+= 1
            } else if line[place] == closing {
                depth &-= 1
                if depth == 0 { return place &+ 1 }
            }
        }
        return nil
    }

    /// The place behind the letters at `start`, of which only as many are looked at as the longest level has.
    static func endOfLetters(_ line: LineBytes, from start: Int) -> Int {
        var place = start
        while place &- start <= LogLevel.wordBytesMax && line[place].isLetter { place &+= 1 }
        return place
    }

    /// The place behind `12:M ` and `1:C] `, Redis's process and role.
    static func endOfRole(_ line: LineBytes, at start: Int) -> Int? {
        let digits = line.digitRun(at: start, limit: 10)
        guard digits > 0, line[start &+ digits] == UInt8(ascii: ":"),
            line[start &+ digits &+ 1].isOne(of: "XCSM")
        else { return nil }
        var place = start &+ digits &+ 2
        if line[place] == UInt8(ascii: "]") { place &+= 1 }
        return line[place] == UInt8(ascii: " ") ? place &+ 1 : nil
    }

    /// The place behind `(node:811) `, a program and its process; nil where there is none.
    static func endOfProcess(_ line: LineBytes, at start: Int) -> Int? {
        guard line[start] == UInt8(ascii: "("), line[start &+ 1].isLetter else { return nil }
        var place = start &+ 2
        while place < start &+ 34, line[place].isAlphanumeric || line[place].isOne(of: "._-") { place &+= 1 }
        guard line[place] == UInt8(ascii: ":") else { return nil }
        let digits = line.digitRun(at: place &+ 1, limit: 8)
        let close = place &+ 1 &+ digits
        guard 1...7 ~= digits, line[close] == UInt8(ascii: ")"), line[close &+ 1] == UInt8(ascii: " ") else {
            return nil
        }
        return close &+ 2
    }

    /// Whether `E: `, `W: ` or `F: ` stands at `place` and a word behind it, as apt writes levels.
    static func isLetterLevel(_ line: LineBytes, at place: Int) -> Bool {
        line[place].isOne(of: "EWF") && line[place &+ 1] == UInt8(ascii: ":") && line[place &+ 2] == UInt8(ascii: " ")
            && (line[place &+ 3].isLetter || line[place &+ 3] == UInt8(ascii: "/"))
    }

    /// The level that a word names, with a colon or a comma behind it or not.
    func fieldLevel(_ range: Range<Int>) -> LogLevel? {
        guard !range.isEmpty else { return nil }
        let last = line[range.upperBound &- 1]
        let isSign = last == UInt8(ascii: ":") || last == UInt8(ascii: ",")
        return LogLevel(line, range.lowerBound..<range.upperBound &- (isSign ? 1 : 0))
    }

    func isAll(_ range: Range<Int>, _ test: (UInt8) -> Bool) -> Bool {
        !range.isEmpty && range.allSatisfy { test(line[$0]) }
    }

    /// The range without the blanks at its ends: a padded name.
    func trimmed(_ range: Range<Int>) -> Range<Int> {
        var (start, end) = (range.lowerBound, range.upperBound)
        while start < end && line[start].isBlank { start &+= 1 }
        while end > start && line[end &- 1].isBlank { end &-= 1 }
        return start..<end
    }

    func has(_ range: Range<Int>, _ test: (UInt8) -> Bool) -> Bool { range.contains { test(line[$0]) } }

    func count(of byte: Unicode.Scalar, in range: Range<Int>) -> Int {
        let wanted = UInt8(ascii: byte)
        return range.reduce(0) { $0 &+ (line[$1] == wanted ? 1 : 0) }
    }

    /// Whether `com.example.App run` and nothing else follows.
    func isClassAndMethod() -> Bool {
        let start = LineHead.skipBlanks(line, from: position)
        let end = endOfWord(from: start)
        guard count(of: ".", in: start..<end) > 0, line[end] == UInt8(ascii: " ") else { return false }
        let method = endOfWord(from: end &+ 1)
        let rest = line[method] == UInt8(ascii: "\r") ? method &+ 1 : method
        return method > end &+ 1 && rest >= line.count
    }

    /// Whether `word` is the number of a message, as `AH00094`, `MY-012487`, `ORA-01555`: capitals, a dash or none, at
    /// least three digits.
    func isCode(_ word: Range<Int>) -> Bool {
        var place = word.lowerBound
        while line[place].isUppercase { place &+= 1 }
        guard place > word.lowerBound else { return false }
        if line[place] == UInt8(ascii: "-") { place &+= 1 }
        let digits = line.digitRun(at: place, limit: 12)
        return digits >= 3 && place &+ digits == word.upperBound
    }

    /// Whether `name` is that of an exception or an error, which belongs to the message.
    func isFailureName(_ name: Range<Int>) -> Bool {
        func ends(_ word: StaticString) -> Bool { line.matches(word, at: name.upperBound &- word.utf8CodeUnitCount) }
        return ends("exception") || ends("error") || ends("failure") || ends("fault") || ends("warning")
            || ends("throwable")
    }
}
