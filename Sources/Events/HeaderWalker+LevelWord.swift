/// Which words are levels, and where they are not.
extension HeaderWalker {
    /// Notes the level in `word` and passes it; false where the word is none, or may as well be part of a sentence.
    mutating func noteLevel(_ word: Range<Int>, isFirst: Bool, isOnlyNumbersBefore: Bool) -> Bool {
        let start = word.lowerBound
        let end = HeaderWalker.endOfLetters(line, from: start)
        let next = line[end]
        if end == start &+ 4, let console = DotNetConsole(line, at: start) {
            header.logger = console.category
            header.continuesOnNextLine = true
            return take(console.level, console.levelRange, until: line.count)
        }
        if end == start &+ 1 || end == start, isOnlyNumbersBefore, noteLetterField(word) { return true }
        if word.count == 2, HeaderWalker.isLetterLevel(line, at: start) {
            noteLetter(at: start)
            position = word.upperBound
            return true
        }
        let isCapital = end &- start >= 3 && line[start].isUppercase && line[start &+ 1].isUppercase
        if let level = LogLevel(line, start..<end) ?? debugLevel(word) {
            let behind = line[end] == UInt8(ascii: ":") ? end &+ 1 : end
            let isWord = end >= word.upperBound || behind >= word.upperBound || debugLevel(word) != nil
            if isWord, next == UInt8(ascii: ":") || isCapital || next == UInt8(ascii: "|") || isFirst && isStrong(word)
            {
                return take(level, start..<end, until: max(behind, debugLevel(word) == nil ? behind : word.upperBound))
            }
            // `[10:00:00 ERR] message`, whose bracket began before the time: Serilog's console.
            let isClosing = isCapital && next == UInt8(ascii: "]") && end &+ 1 == word.upperBound
            if isClosing && isOnlyNumbersBefore { return take(level, start..<end, until: word.upperBound) }
            if isCapital && next == UInt8(ascii: "/") && takeProcess(level, start..<end, word) { return true }
            if isCapital && next == UInt8(ascii: ":") { return takeBasic(level, start..<end, word) }
            if isCapital && (next == UInt8(ascii: "[") || next == UInt8(ascii: "(") || next == UInt8(ascii: ",")) {
                return take(level, start..<end, until: next == UInt8(ascii: ",") ? end &+ 1 : end)
            }
        }
        if notePair(word) {
            position = word.upperBound
            return true
        }
        return isOnlyNumbersBefore && noteSuffix(word)
    }

    private func debugLevel(_ word: Range<Int>) -> LogLevel? {
        guard 6...7 ~= word.count, line.matches("debug", at: word.lowerBound) else { return nil }
        return LogLevel(line, word.lowerBound..<word.lowerBound &+ 6)
    }

    private mutating func take(_ level: LogLevel, _ range: Range<Int>, until end: Int) -> Bool {
        header.level = level
        header.levelRange = range
        position = min(end, line.count)
        return true
    }

    /// `ERROR/ForkPoolWorker-1]`, whose bracket began before the time: Celery's format. Source: `worker_log_format` in
    /// Celery's configuration reference.
    private mutating func takeProcess(_ level: LogLevel, _ range: Range<Int>, _ word: Range<Int>) -> Bool {
        guard word.upperBound &- range.upperBound > 2, line[word.upperBound &- 1] == UInt8(ascii: "]") else {
            return false
        }
        let name = range.upperBound &+ 1..<word.upperBound &- 1
        guard isAll(name, { $0.isAlphanumeric || $0.isOne(of: "._:-") })
        else { return false }
        header.process = name
        return take(level, range, until: word.upperBound)
    }

    /// `ERROR:name:message` of Python's basicConfig, `ERROR:message`.
    private mutating func takeBasic(_ level: LogLevel, _ range: Range<Int>, _ word: Range<Int>) -> Bool {
        var end = range.upperBound &+ 1
        while end < word.upperBound && (line[end].isAlphanumeric || line[end].isOne(of: "._-$")) { end &+= 1 }
        guard line[end] == UInt8(ascii: ":"), end > range.upperBound &+ 1 else {
            return take(level, range, until: range.upperBound &+ 1)
        }
        header.logger = range.upperBound &+ 1..<end
        return take(level, range, until: end &+ 1)
    }

    /// Words that are levels in any case where a level is expected. The others (`fine`, `log`, `note`, `success`, …)
    /// begin sentences as often, and are levels in capitals or with a colon only.
    private func isStrong(_ word: Range<Int>) -> Bool {
        switch fieldLevel(word) {
        case .error, .warning: true
        case .trace: line.matches("trace", at: word.lowerBound)
        case .debug: line.matches("d", at: word.lowerBound)
        case .info: line.matches("i", at: word.lowerBound)
        case .notice: word.count == 6
        case .critical: !line.matches("a", at: word.lowerBound) && !line.matches("p", at: word.lowerBound)
        case nil: false
        }
    }

    /// `I NETWORK`, `D2 COMMAND` (MongoDB), `E FMQ` (Android): one letter, and behind it a word in capitals, a name or
    /// a bracket, since `I am` is a sentence.
    private mutating func noteLetterField(_ word: Range<Int>) -> Bool {
        // `E/Tag( 1766):`, an older form of Android's.
        if word.count > 3, HeaderWalker.level(ofLetter: line[word.lowerBound]) != nil,
            line[word.lowerBound &+ 1] == UInt8(ascii: "/"), line[word.lowerBound &+ 2].isUppercase,
            let end = tag(at: word.lowerBound &+ 2, needsProcess: false)
        {
            noteLetter(at: word.lowerBound)
            position = end
            return true
        }
        let isNumbered =
            word.count == 2 && line[word.lowerBound] == UInt8(ascii: "D") && line[word.upperBound &- 1].isDigit
        guard word.count == 1 || isNumbered, HeaderWalker.level(ofLetter: line[word.lowerBound]) != nil,
            line[word.upperBound].isBlank
        else { return false }
        let next = LineHead.skipBlanks(line, from: word.upperBound)
        guard line[next] == UInt8(ascii: "[") || line[next].isUppercase || line[next] == UInt8(ascii: "-") else {
            return false
        }
        noteLetter(at: word.lowerBound)
        position = word.upperBound
        // The component.
        let end = endOfWord(from: next)
        let name = next..<end
        if isAll(name, { $0.isUppercase || $0 == UInt8(ascii: "_") }), name.count > 1 {
            let after = LineHead.skipBlanks(line, from: end)
            if line[after] == UInt8(ascii: "[") {
                header.logger = name
                position = end
            }
        } else if name.count == 1 && line[next] == UInt8(ascii: "-") {
            position = end
        }
        return true
    }

    /// `app@shop:[3000]:LOG:`, `local.DEBUG:`, `util.py[DEBUG]:`, `5LOG:`: a level at the end of a word.
    private mutating func noteSuffix(_ word: Range<Int>) -> Bool {
        guard word.count > 4, line[word.upperBound &- 1] == UInt8(ascii: ":") else { return false }
        var end = word.upperBound &- 1
        let isBracketed = line[end &- 1] == UInt8(ascii: "]")
        if isBracketed { end &-= 1 }
        var start = end
        while start > word.lowerBound && line[start &- 1].isLetter { start &-= 1 }
        guard start > word.lowerBound, let level = LogLevel(line, start..<end), line[start].isUppercase else {
            return false
        }
        let before = line[start &- 1]
        guard isBracketed == (before == UInt8(ascii: "[")),
            isBracketed || before.isOne(of: ":.)") || before.isDigit
        else { return false }
        let name = word.lowerBound..<start &- 1
        if isAll(name, { $0.isAlphanumeric || $0.isOne(of: "._-") }) { header.logger = name }
        return take(level, start..<end, until: word.upperBound)
    }
}
