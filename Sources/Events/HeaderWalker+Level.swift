/// The fields between the time and the level.
extension HeaderWalker {
    /// Fields that may stand between the time and the level.
    static let fieldsBeforeLevelMax = 10

    /// The level among the next fields, then what follows it; where there is none, what may follow a time.
    ///
    /// Without a time only the first field, or the one behind a bracket, is asked.
    mutating func walkFields(afterTime: Bool) {
        let before = (header: header, position: position)
        if findLevel(afterTime: afterTime) {
            isWrapped = false
            walkBehindLevel()
        } else {
            header = before.header
            position = before.position
            if afterTime && !isWrapped { walkWithoutLevel() }
        }
        let text = LineHead.skipBlanks(line, from: position)
        if line.matches("msg=", at: text) { position = text &+ 4 }
    }

    private mutating func findLevel(afterTime: Bool) -> Bool {
        var isBehindSign = false
        var mayPassWord = afterTime
        for index in 0..<(afterTime ? HeaderWalker.fieldsBeforeLevelMax : 2) {
            skipBlanks()
            guard position < line.count else { return false }
            let start = position
            let byte = line[start]
            if byte == UInt8(ascii: "[") || byte == UInt8(ascii: "(") {
                guard let end = endOfBracket(from: start) else { return false }
                position = end
                if byte == UInt8(ascii: "["), noteBracketLevel(start &+ 1..<end &- 1) {
                    if line[position] == UInt8(ascii: ":") { position &+= 1 }
                    return true
                }
                if !afterTime && has(start..<end, { $0.isBlank }) { return false }
                noteBracket(start &+ 1..<end &- 1)
                while line[position] == UInt8(ascii: ":") || line[position] == UInt8(ascii: ",") { position &+= 1 }
                continue
            }
            if isSign(at: start) {
                if noteRoleMark(at: start) { return true }
                position = endOfSign(from: start)
                isBehindSign = true
                continue
            }
            let end = endOfWord(from: start)
            let isFirst = afterTime && (index == 0 || isBehindSign)
            if noteLevel(start..<end, isFirst: isFirst, isOnlyNumbersBefore: afterTime) { return true }
            guard afterTime, passField(start..<end, mayPassWord: mayPassWord, isBehindSign: isBehindSign) else {
                return false
            }
            mayPassWord = false
            isBehindSign = false
        }
        return false
    }

    /// Whether a field that is no level may stand before one, and what it is.
    private mutating func passField(_ word: Range<Int>, mayPassWord: Bool, isBehindSign: Bool) -> Bool {
        let last = line[word.upperBound &- 1]
        guard last != UInt8(ascii: ","), last != UInt8(ascii: "."), last != UInt8(ascii: ";"),
            !has(word, { $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "'") || $0 >= 0x80 })
        else { return false }
        position = word.upperBound
        if isAll(word, { $0.isDigit }) {
            if header.process == nil { header.process = word } else { header.thread = word }
            return true
        }
        let isName = isAll(word) { $0.isAlphanumeric || $0.isOne(of: "._$/#-@") }
        let next = LineHead.skipBlanks(line, from: word.upperBound)
        let isSigned = isBehindSign || next < line.count && isSign(at: next)
        let isMark = has(word) { $0.isDigit || $0.isOne(of: "@/_$#:=.<") }
        let isCapital = word.count >= 2 && isAll(word) { $0.isUppercase }
        guard isMark && last != UInt8(ascii: ":") || isCapital || isSigned || isCamel(word) || mayPassWord else {
            return false
        }
        if header.logger == nil {
            if isName && (isSigned || isCamel(word)) {
                header.logger = word
            } else if last == UInt8(ascii: ":") {
                header.logger = word.dropLast()
            }
        }
        return true
    }

    private func isCamel(_ word: Range<Int>) -> Bool {
        word.dropFirst().contains { line[$0].isUppercase && !line[$0 &- 1].isUppercase && line[$0 &- 1].isLetter }
    }

    /// Whether one of `-`, `--`, `|`, `:`, `*`, `#`, `.` stands at `place` as a word of its own.
    func isSign(at place: Int) -> Bool {
        let byte = line[place]
        if byte == UInt8(ascii: "|") { return true }
        guard byte.isOne(of: "-:*#.") else { return false }
        let end = endOfSign(from: place)
        return line[end].isBlank || end >= line.count || line[end] == UInt8(ascii: "|")
    }

    func endOfSign(from start: Int) -> Int {
        var end = start &+ 1
        while line[end] == line[start] && end &- start < 4 { end &+= 1 }
        return end
    }

    /// Redis's marks behind the time: `.` debug, `-` verbose, `*` notice, `#` warning. Only behind its role.
    private mutating func noteRoleMark(at place: Int) -> Bool {
        guard let process = header.process, line[process.upperBound] == UInt8(ascii: ":"), line[place &+ 1].isBlank,
            HeaderWalker.endOfRole(line, at: process.lowerBound) != nil
        else { return false }
        switch line[place] {
        case UInt8(ascii: "."): header.level = .debug
        case UInt8(ascii: "-"): header.level = .info
        case UInt8(ascii: "*"): header.level = .notice
        case UInt8(ascii: "#"): header.level = .warning
        default: return false
        }
        header.levelRange = place..<place &+ 1
        position = place &+ 1
        return true
    }
}
