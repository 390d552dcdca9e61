/// Cuts a message into words and decides of each whether it varies.
enum TokenJudge {
    /// Fills `tokens` with the words of `text`; returns how many there are, at most `tokens.count`.
    static func split(_ text: UnsafeRawBufferPointer, into tokens: UnsafeMutableBufferPointer<Token>) -> Int {
        ByteClass.table.withUnsafeBufferPointer { table in
            var count = 0
            var index = 0
            while count < tokens.count {
                while index < text.count && table[Int(text[index])].rawValue & ByteClass.blank.rawValue != 0 {
                    index += 1
                }
                guard index < text.count else { break }
                let start = index
                var classes: UInt16 = 0
                var next = table[Int(text[index])].rawValue
                repeat {
                    classes |= next
                    index &+= 1
                    next = index < text.count ? table[Int(text[index])].rawValue : ByteClass.blank.rawValue
                } while next & ByteClass.blank.rawValue == 0
                tokens[count] = Token(
                    start: Int32(start), end: Int32(index), classes: ByteClass(rawValue: classes))
                count += 1
            }
            return count
        }
    }

    /// Gives the words of `text` their verdicts.
    static func judge(_ tokens: UnsafeMutableBufferPointer<Token>, count: Int, in text: UnsafeRawBufferPointer) {
        for index in 0..<count { judge(tokens, at: index, in: text) }
        absorb(tokens, count: count, in: text)
    }

    /// Classes of which a word without any is a constant, if it has letters.
    private static let telling: ByteClass = [.digit, .slash, .backslash, .dot, .at, .colon, .less, .keyEnd]

    private static func judge(
        _ tokens: UnsafeMutableBufferPointer<Token>, at index: Int, in text: UnsafeRawBufferPointer
    ) {
        let classes = tokens[index].classes
        let length = tokens[index].end - tokens[index].start
        if classes.isDisjoint(with: telling) && classes.contains(.notHex)
            && (length > 11 || !MaskRules.mayBeEmptyValue(text[Int(tokens[index].start)]))
        {
            return
        }
        let bytes = tokens[index].bytes(in: text)
        guard classes.contains(.digit) || classes.contains(.less) else {
            if MaskRules.isVariable(bytes, classes: classes) { tokens[index].verdict = .masked }
            return
        }
        if classes.contains(.letter) || index > 0 && isCodePossible(tokens[index - 1], length: length) {
            let previous = index > 0 ? word(tokens[index - 1], in: text) : text.cut(0..<0)
            let kept = ProtectedTokens.keptBytes(
                of: bytes, classes: classes, previous: previous, previousIsFirst: index == 1)
            if kept == bytes.count { return }
            if kept > 0 {
                tokens[index].verdict = .prefix
                tokens[index].kept = Int32(kept)
                return
            }
            if classes.contains(.slash) && !classes.contains(.less) && isProtocolName(bytes) {
                tokens[index].verdict = .protocolName
                return
            }
        }
        if classes.contains(.digit) || MaskRules.isVariable(bytes, classes: classes) { tokens[index].verdict = .masked }
    }

    /// Whether a number after `previous` may be a code at all: a cheap no for most.
    private static func isCodePossible(_ previous: Token, length: Int32) -> Bool {
        length <= 24 && previous.classes.contains(.letter) && !previous.isPlaceholder
    }

    /// What a word says to the one after it; nothing if it varies.
    private static func word(_ token: Token, in text: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        switch token.verdict {
        case .constant: token.bytes(in: text).core
        case .protocolName: token.bytes(in: text).core.cut(0..<4)
        case .masked, .absorbed, .prefix: text.cut(0..<0)
        }
    }

    /// `HTTP/1.1`, perhaps with a quote: the version varies with the client, and the status behind it is protected.
    private static func isProtocolName(_ token: UnsafeRawBufferPointer) -> Bool {
        let core = token.core
        return core.count >= 6 && core.count <= 8 && core.has("HTTP/") && core[5].isDigit
    }

    /// Units, zones, months and weekdays join the placeholder beside them. First from the right, then from the left: a
    /// word that the second pass takes has a placeholder on its left already, so that two passes are enough.
    private static func absorb(_ tokens: UnsafeMutableBufferPointer<Token>, count: Int, in text: UnsafeRawBufferPointer)
    {
        var index = count - 2
        while index >= 0 {
            if tokens[index].verdict == .constant && tokens[index + 1].isPlaceholder
                && MaskRules.isAbsorbedBefore(tokens[index].bytes(in: text))
            {
                tokens[index].verdict = .absorbed
            }
            index -= 1
        }
        index = 1
        while index < count {
            if tokens[index].verdict == .constant && tokens[index - 1].isPlaceholder
                && MaskRules.isAbsorbedAfter(tokens[index].bytes(in: text))
            {
                tokens[index].verdict = .absorbed
            }
            index += 1
        }
    }

    /// Step C: gives masked words their keys back. Returns whether any had one.
    static func keepKeys(
        of tokens: UnsafeMutableBufferPointer<Token>, count: Int, in text: UnsafeRawBufferPointer
    ) -> Bool {
        var any = false
        for index in 0..<count where tokens[index].verdict == .masked && tokens[index].classes.contains(.keyEnd) {
            let kept = MaskRules.keyBytes(of: tokens[index].bytes(in: text))
            guard kept > 0 else { continue }
            tokens[index].verdict = .prefix
            tokens[index].kept = Int32(kept)
            any = true
        }
        return any
    }
}
