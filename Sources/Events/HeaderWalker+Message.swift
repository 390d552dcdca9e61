/// The fields between the level and the message.
extension HeaderWalker {
    /// Fields that may stand there.
    static let fieldsBehindLevelMax = 8

    /// From behind the level up to the message: process, thread, logger and the signs between them. A level that ends
    /// in a colon is the end of the header.
    mutating func walkBehindLevel() {
        if let level = header.levelRange, position > level.upperBound, line[position &- 1] == UInt8(ascii: ":") {
            return
        }
        var hasLogger = false
        var hasSign = false
        var isBehindLongSign = false
        var isBehindBar = false
        for _ in 0..<HeaderWalker.fieldsBehindLevelMax {
            skipBlanks()
            let start = position
            switch line[start] {
            case UInt8(ascii: "["), UInt8(ascii: "("):
                guard !hasSign || line[start] == UInt8(ascii: "["),
                    passBracket(start, hasSign: hasSign, isBehindLongSign: isBehindLongSign)
                else { return }
                if line[position] == UInt8(ascii: ":") && line[position &+ 1].isBlank {
                    position &+= 1
                    return
                }
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                guard passNumber(start) else { return }
                if line[position &- 1] == UInt8(ascii: ":") { return }
            case UInt8(ascii: "-"), UInt8(ascii: ":"):
                guard isSign(at: start) else { return }
                let isLong = line[start &+ 1] == line[start]
                position = endOfSign(from: start)
                if hasLogger { return }
                // `12 --- [main]`: brackets may follow the long one only, sentences the short one.
                hasSign = hasSign || !isLong
                isBehindLongSign = isBehindLongSign || isLong
            case UInt8(ascii: "|"):
                position &+= 1
                isBehindBar = true
            default:
                if isBehindBar, !hasLogger, let end = endOfBarredLogger(from: start) {
                    header.logger = start..<end
                    position = LineHead.skipBlanks(line, from: end) &+ 1
                    return
                }
                guard !hasLogger, let end = passLogger(start, hasSign: hasSign) else { return }
                position = end
                hasLogger = true
                if line[end &- 1] == UInt8(ascii: ":") { return }
            }
        }
    }

    /// A bracket belongs to the header if it holds one word, or if more of the header follows.
    private mutating func passBracket(_ start: Int, hasSign: Bool, isBehindLongSign: Bool) -> Bool {
        guard let end = endOfBracket(from: start) else { return false }
        let inside = trimmed(start &+ 1..<end &- 1)
        let next = line[end]
        guard next.isBlank || end >= line.count || next == UInt8(ascii: ":") || next.isBracket || next == 0x1B else {
            return false
        }
        let isWords = line[start] == UInt8(ascii: "[") && has(inside) { $0.isBlank }
        if hasSign || isWords && !line.matches("pid ", at: inside.lowerBound) {
            let after = LineHead.skipBlanks(line, from: end)
            let isFollowed =
                line[after] == UInt8(ascii: "-") && isSign(at: after) || isPackage(after)
                || isBehindLongSign && line[after] == UInt8(ascii: "[")
            guard isFollowed || !hasSign && line[after] == UInt8(ascii: "(") else { return false }
        }
        if isBehindLongSign {
            noteBootBracket(inside)
        } else if line[start] == UInt8(ascii: "(") || header.thread != nil || !isPackageName(inside) {
            noteBracket(inside)
        } else {
            header.logger = inside
        }
        position = end
        return true
    }

    /// `95160#0:` of nginx, and a process before a sign or a bracket: `12 ---`, `12 [main]`.
    private mutating func passNumber(_ start: Int) -> Bool {
        let digits = line.digitRun(at: start, limit: 20)
        var end = start &+ digits
        if line[end] == UInt8(ascii: "#") {
            end &+= 1 &+ line.digitRun(at: end &+ 1, limit: 20)
            guard line[end] == UInt8(ascii: ":") else { return false }
            header.process = start..<end
            position = end &+ 1
            return true
        }
        let next = LineHead.skipBlanks(line, from: end)
        guard line[end].isBlank, line[next] == UInt8(ascii: "[") || line[next] == UInt8(ascii: "-") && isSign(at: next)
        else { return false }
        header.process = start..<end
        position = end
        return true
    }

    /// The place behind a logger and its colon or sign; nil where the word is the first of the message.
    ///
    /// A guess: a single word followed by a colon, or by a sign that stands alone, is a logger unless it is named like
    /// an exception or is the number of a message. Wrong for `ERROR timeout: …`, whose first
    /// word is then missing from the message and kept here.
    private mutating func passLogger(_ start: Int, hasSign: Bool) -> Int? {
        let end = endOfWord(from: start)
        guard end > start, end &- start <= 120 else { return nil }
        if end &- start > 1, line[end &- 1] == UInt8(ascii: "]"), !has(start..<end, { $0 == UInt8(ascii: "[") }) {
            // The time's own bracket closes behind level and logger: `[2026-… ERROR main] message`.
            header.logger = start..<end &- 1
            return end
        }
        let hasColon = line[end &- 1] == UInt8(ascii: ":")
        let name = start..<end &- (hasColon ? 1 : 0)
        guard isAll(name, { $0.isAlphanumeric || $0.isOne(of: "._$/#@<>*:-[]&") }), !isFailureName(name), !isCode(name)
        else { return nil }
        let dots = count(of: ".", in: name)
        let isHash = line[start] == UInt8(ascii: "#")
        if hasSign && dots < 2 && !isHash { return nil }
        if hasColon {
            header.logger = name
            return end
        }
        let next = LineHead.skipBlanks(line, from: end)
        if line[end].isBlank, line[next] == UInt8(ascii: "-") || line[next] == UInt8(ascii: ":"), isSign(at: next) {
            header.logger = name
            return endOfSign(from: next)
        }
        guard isPackageName(name) else { return nil }
        header.logger = name
        return end
    }

    /// `Shop.Program` in `|ERROR|Shop.Program|message`, NLog's default layout; nil where no name and bar follow.
    private func endOfBarredLogger(from start: Int) -> Int? {
        var end = start
        while end &- start < 120, line[end].isAlphanumeric || line[end].isOne(of: "._-$+/#:<>`") { end &+= 1 }
        guard end > start, line[start].isLetter, line[LineHead.skipBlanks(line, from: end)] == UInt8(ascii: "|"),
            !isFailureName(start..<end)
        else { return nil }
        return end
    }

    private func isPackage(_ start: Int) -> Bool { isPackageName(start..<endOfWord(from: start)) }

    /// `o.a.s.Request`, `org.example.app.Main`: at least two dots, and words between them.
    private func isPackageName(_ name: Range<Int>) -> Bool {
        guard name.count > 4, line[name.lowerBound].isLetter, line[name.upperBound &- 1] != UInt8(ascii: "."),
            count(of: ".", in: name) >= 2
        else { return false }
        return !isFailureName(name)
            && isAll(name) { $0.isAlphanumeric || $0.isOne(of: "._$-") }
            && !name.dropFirst().contains { line[$0] == UInt8(ascii: ".") && !line[$0 &+ 1].isLetter }
    }

    /// What may follow a time where no level does: brackets of one word, fields between bars, `main.go:12:`,
    /// `name[12]:`, `agent.exe - `, a dash.
    mutating func walkWithoutLevel() {
        for _ in 0..<HeaderWalker.fieldsBehindLevelMax {
            skipBlanks()
            let start = position
            switch line[start] {
            case UInt8(ascii: "["):
                guard let end = endOfBracket(from: start), !has(start..<end, { $0.isBlank }),
                    line[end].isBlank || line[end] == UInt8(ascii: ":") || end >= line.count
                else { return }
                noteBracket(start &+ 1..<end &- 1)
                position = line[end] == UInt8(ascii: ":") ? end &+ 1 : end
            case UInt8(ascii: "|"):
                position = start &+ 1
                guard let end = endOfBarredField(from: position) else { return }
                let field = position..<end
                if isAll(field, { $0.isDigit }) { header.process = field } else { header.logger = field }
                position = end
            case UInt8(ascii: "-"):
                if isSign(at: start) { position = endOfSign(from: start) }
                return
            default:
                passSource(start)
                return
            }
        }
    }

    private func endOfBarredField(from start: Int) -> Int? {
        let end = endOfWord(from: start)
        return end > start && line[end] == UInt8(ascii: "|") ? end : nil
    }

    private mutating func passSource(_ start: Int) {
        if let end = tag(at: start, needsProcess: true) {
            position = end
            return
        }
        let end = endOfWord(from: start)
        let word = start..<end
        let dots = count(of: ".", in: word)
        guard dots > 0, line[start].isLetter else { return }
        if line[end &- 1] == UInt8(ascii: ":"), line[end &- 2].isDigit, count(of: ":", in: word) == 2 {
            header.logger = start..<end &- 1
            position = end
            return
        }
        var next = LineHead.skipBlanks(line, from: end)
        if line[next] == UInt8(ascii: "*"), line[next &+ 1].isDigit {
            next = LineHead.skipBlanks(line, from: endOfWord(from: next))
        }
        guard line[next] == UInt8(ascii: "-"), isSign(at: next) else { return }
        header.program = word
        position = endOfSign(from: next)
    }
}
