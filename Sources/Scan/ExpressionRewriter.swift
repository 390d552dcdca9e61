/// Walks over the syntax of pcre2pattern(3) as far as the rewriting needs it.
struct ExpressionRewriter {
    private let bytes: [UInt8]
    private var index = 0
    /// PCRE2 reads characters where the prefilter reads bytes: one of these is up to four of those.
    private let isUTF: Bool
    /// In UTF mode, without regard to case: a letter may be written by other bytes (k and the sign of Kelvin).
    let isFolding: Bool
    /// Case is ignored in some part of it.
    private(set) var ignoresCase = false

    /// Any one character of UTF-8, as bytes.
    static let anyCharacter = "(?:[^\\n]{1,4})"

    /// Classes that hold characters beyond ASCII.
    private static let wideEscapes = Array("WSDhHvV".utf8)

    /// Stands for any of `(?=`, `(?!`, `(?<=` and `(?<!`.
    private static let lookAround = "(?="

    /// Deeper groups are refused, for this recurses.
    private static let depthMax = 100

    init(_ source: String, isUTF: Bool, isFolding: Bool) {
        bytes = Array(source.utf8)
        self.isUTF = isUTF
        self.isFolding = isFolding
    }

    var isAtEnd: Bool { index >= bytes.count }

    private var next: UInt8? { index < bytes.count ? bytes[index] : nil }

    private func slice(_ start: Int) -> String { String(decoding: bytes[start..<index], as: UTF8.self) }

    /// Everything up to the closing parenthesis (left unread) or the end.
    mutating func sequence(depth: Int) throws(PrefilterExpression.Refusal) -> RewrittenSequence {
        guard depth < ExpressionRewriter.depthMax else { throw refusal("its groups nest too deeply") }
        var sequence = RewrittenSequence()
        while let byte = next, byte != UInt8(ascii: ")") {
            if byte == UInt8(ascii: "|") {
                index += 1
                sequence.alternatives.append(sequence.items)
                sequence.items = []
                continue
            }
            guard var item = try element(byte, depth: depth) else {
                // A quantifier behind a comment belongs to what stands before it.
                if let last = sequence.items.indices.last { sequence.items[last].texts = .anything }
                if isAtQuantifier { sequence.hasStrayQuantifier = true }
                continue
            }
            quantify(&item)
            sequence.items.append(item)
        }
        return sequence
    }

    private var isAtQuantifier: Bool { next.map { ExpressionRewriter.quantifiers.contains($0) } ?? false }

    private func refusal(_ reason: String) -> PrefilterExpression.Refusal { .init(reason: reason) }

    private mutating func element(_ byte: UInt8, depth: Int) throws(PrefilterExpression.Refusal) -> RewrittenItem? {
        switch byte {
        case UInt8(ascii: "\\"): return try escape()
        case UInt8(ascii: "["): return characterClass()
        case UInt8(ascii: "("): return try group(depth: depth)
        case UInt8(ascii: "$"):
            index += 1
            return RewrittenItem(text: "(?:\\r?$)", isEnd: true, texts: .empty)
        case UInt8(ascii: "^"):
            index += 1
            return RewrittenItem(text: "^", texts: .empty)
        default:
            let start = index
            index += 1
            // The bytes of one character stay together, so that a quantifier after them is not torn off.
            while let continuation = next, continuation & 0xC0 == 0x80 { index += 1 }
            return RewrittenItem(
                text: isUTF ? character(start) : slice(start), isIdle: byte == UInt8(ascii: "."),
                texts: ExpressionRewriter.isPlain(byte) ? .byte(oneOf: [byte]) : .anything)
        }
    }

    /// The character from `start` on in UTF mode: such bytes as it may stand for, so that a quantifier takes them all.
    private func character(_ start: Int) -> String {
        let text = slice(start)
        let byte = bytes[start]
        if byte == UInt8(ascii: ".") { return ExpressionRewriter.anyCharacter }
        if byte >= 0x80 { return isFolding ? ExpressionRewriter.anyCharacter : "(?:" + text + ")" }
        guard isFolding else { return text }
        switch byte | 0x20 {
        // U+212A and U+017F fold to these two.
        case UInt8(ascii: "k") where byte >= 0x40: return "(?:k|\\xe2\\x84\\xaa)"
        case UInt8(ascii: "s") where byte >= 0x40: return "(?:s|\\xc5\\xbf)"
        default: return text
        }
    }

    private mutating func escape() throws(PrefilterExpression.Refusal) -> RewrittenItem {
        let start = index
        index += 1
        guard let letter = next else { throw refusal("it ends in a backslash") }
        // A backslash before anything but a letter, a digit or a sign of ASCII stands for nothing (pcre2pattern(3)).
        if letter >= 0x80 { return try element(letter, depth: 0) ?? RewrittenItem(text: slice(start)) }
        index += 1
        switch letter {
        case UInt8(ascii: "A"): return RewrittenItem(text: "^", texts: .empty)
        case UInt8(ascii: "z"), UInt8(ascii: "Z"):
            return RewrittenItem(text: "(?:\\r?$)", isEnd: true, texts: .empty)
        case UInt8(ascii: "G"), UInt8(ascii: "K"), UInt8(ascii: "R"), UInt8(ascii: "X"), UInt8(ascii: "N"),
            UInt8(ascii: "C"), UInt8(ascii: "p"), UInt8(ascii: "P"), UInt8(ascii: "g"), UInt8(ascii: "k"):
            throw refusal("\\\(Character(Unicode.Scalar(letter))) means something else on a block than on a line")
        case UInt8(ascii: "Q"):
            while index < bytes.count, !bytes[index...].starts(with: [UInt8(ascii: "\\"), UInt8(ascii: "E")]) {
                index += 1
            }
            let quoted = String(decoding: bytes[(start + 2)..<index], as: UTF8.self)
            index = min(index + 2, bytes.count)
            if isFolding { throw refusal("\\Q in UTF mode, without regard to case") }
            return RewrittenItem(
                text: quoted.unicodeScalars.map { scalar in
                    isUTF && !scalar.isASCII ? "(?:\(scalar))" : ExpressionRewriter.escaped(scalar)
                }.joined())
        case UInt8(ascii: "x"), UInt8(ascii: "o"):
            if next == UInt8(ascii: "{") {
                while let byte = next, byte != UInt8(ascii: "}") { index += 1; _ = byte }
                index = min(index + 1, bytes.count)
            } else {
                for _ in 0..<2 where next.map({ ExpressionRewriter.isHexDigit($0) }) == true { index += 1 }
            }
            return RewrittenItem(text: isUTF ? ExpressionRewriter.anyCharacter : slice(start))
        case _ where isUTF && ExpressionRewriter.wideEscapes.contains(letter):
            return RewrittenItem(text: ExpressionRewriter.anyCharacter, isIdle: true)
        case UInt8(ascii: "0")...UInt8(ascii: "9"):
            while let digit = next, digit >= UInt8(ascii: "0"), digit <= UInt8(ascii: "9") { index += 1 }
            return RewrittenItem(text: slice(start))
        default:
            let idle = [UInt8(ascii: "w"), UInt8(ascii: "S"), UInt8(ascii: "D"), UInt8(ascii: "W")].contains(letter)
            let texts: RequiredTexts =
                switch letter {
                case UInt8(ascii: "b"), UInt8(ascii: "B"): .empty
                case UInt8(ascii: "t"): .byte(oneOf: [UInt8(ascii: "\t")])
                case _ where ExpressionRewriter.isEscapedSign(letter): .byte(oneOf: [letter])
                default: .anything
                }
            return RewrittenItem(text: slice(start), isIdle: idle, texts: texts)
        }
    }

    /// `[…]`, in which a `]` that stands first, an escaped one and one of `[:name:]` do not end it.
    private mutating func characterClass() -> RewrittenItem {
        let start = index
        index += 1
        if next == UInt8(ascii: "^") { index += 1 }
        if next == UInt8(ascii: "]") { index += 1 }
        while let byte = next, byte != UInt8(ascii: "]") {
            index += 1
            if byte == UInt8(ascii: "\\") {
                index += 1
            } else if byte == UInt8(ascii: "["), next == UInt8(ascii: ":") {
                while let byte = next, byte != UInt8(ascii: "]") { index += 1; _ = byte }
                index += 1
            }
        }
        index = min(index + 1, bytes.count)
        let inside = bytes[start..<index]
        let mayBeWide =
            isFolding || inside.dropFirst().first == UInt8(ascii: "^") || inside.contains(UInt8(ascii: "\\"))
            || inside.contains { $0 >= 0x80 }
        if isUTF && mayBeWide { return RewrittenItem(text: ExpressionRewriter.anyCharacter, isIdle: true) }
        var text = slice(start)
        let texts = ExpressionRewriter.members(of: inside).map { RequiredTexts.byte(oneOf: $0) } ?? .anything
        // A line holds no newline; in a block, a class of "anything but" would run on into the next one.
        if text.hasPrefix("[^"), text.hasSuffix("]") { text = text.dropLast() + "\\n]" }
        return RewrittenItem(text: text, isIdle: true, texts: texts)
    }

    /// A class of more bytes than this is as good as any byte.
    private static let membersMax = 8

    /// The bytes of a class, between and with its brackets, that names a few signs and no ranges; else nil.
    private static func members(of inside: ArraySlice<UInt8>) -> [UInt8]? {
        var members: [UInt8] = []
        var rest = inside.dropFirst().dropLast()
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "\\") {
                guard let escaped = rest.popFirst(), isEscapedSign(escaped) else { return nil }
                members.append(escaped)
            } else {
                guard isPlain(byte), byte != UInt8(ascii: "-") || rest.isEmpty || members.isEmpty else { return nil }
                members.append(byte)
            }
        }
        return members.isEmpty || members.count > membersMax ? nil : members
    }

    private mutating func group(depth: Int) throws(PrefilterExpression.Refusal) -> RewrittenItem? {
        let start = index
        index += 1
        var opening = "("
        if next == UInt8(ascii: "*") { throw refusal("it begins with a verb (*…), which only PCRE2 knows") }
        if next == UInt8(ascii: "?") {
            index += 1
            opening = try groupOpening(start)
            if opening.isEmpty { return nil }
            if opening.hasSuffix(")") { return RewrittenItem(text: opening, texts: .empty) }
            if opening == ExpressionRewriter.lookAround { return try skippedLookAround(depth: depth) }
        }
        let content = try sequence(depth: depth + 1)
        guard next == UInt8(ascii: ")") else { throw refusal("its brackets do not balance") }
        index += 1
        var item = RewrittenItem(text: opening + content.text + ")")
        let isPlain = opening == "(" || opening == "(?:"
        if isPlain, content.alternatives.isEmpty {
            item.isIdle = content.items.count == 1 && content.items[0].isIdle && content.items[0].text.count > 1
            item.isOptional = !content.items.isEmpty && content.items.allSatisfy(\.isOptional)
        }
        item.texts = content.texts
        return item
    }

    /// A look-around only takes matches away, so the prefilter does without it.
    private mutating func skippedLookAround(depth: Int) throws(PrefilterExpression.Refusal) -> RewrittenItem? {
        _ = try sequence(depth: depth + 1)
        guard next == UInt8(ascii: ")") else { throw refusal("its brackets do not balance") }
        index += 1
        var nothing = RewrittenItem(text: "")
        quantify(&nothing)
        return nil
    }

    /// What follows `(?`, up to where the content begins: named groups become plain ones, comments vanish.
    private mutating func groupOpening(_ start: Int) throws(PrefilterExpression.Refusal) -> String {
        guard let kind = next else { throw refusal("its brackets do not balance") }
        let after = index + 1 < bytes.count ? bytes[index + 1] : 0
        switch kind {
        case UInt8(ascii: "#"):
            while let byte = next, byte != UInt8(ascii: ")") { index += 1; _ = byte }
            index += 1
            return ""
        case UInt8(ascii: "<") where after != UInt8(ascii: "=") && after != UInt8(ascii: "!"):
            skip(through: UInt8(ascii: ">"))
            return "("
        case UInt8(ascii: "'"):
            index += 1
            skip(through: UInt8(ascii: "'"))
            return "("
        case UInt8(ascii: "P") where after == UInt8(ascii: "<"):
            skip(through: UInt8(ascii: ">"))
            return "("
        case UInt8(ascii: ":"), UInt8(ascii: ">"):
            // An atomic group gives nothing back, so that it matches less than a plain one.
            index += 1
            return "(?:"
        case UInt8(ascii: "="), UInt8(ascii: "!"), UInt8(ascii: "<"):
            index += kind == UInt8(ascii: "<") ? 2 : 1
            return ExpressionRewriter.lookAround
        default: return try inlineOptions(start)
        }
    }

    /// `(?i)` and `(?i:`; the options that change how the expression itself is read are refused.
    private mutating func inlineOptions(_ start: Int) throws(PrefilterExpression.Refusal) -> String {
        var kept = ""
        while let byte = next, byte != UInt8(ascii: ")"), byte != UInt8(ascii: ":") {
            guard [UInt8(ascii: "i"), UInt8(ascii: "s"), UInt8(ascii: "m"), UInt8(ascii: "-")].contains(byte) else {
                throw refusal("(?\(Character(Unicode.Scalar(byte)))…) is known to PCRE2 only")
            }
            if byte == UInt8(ascii: "i") && !kept.contains("-") { ignoresCase = true }
            // Of a single line `m` says nothing; of a block it must stay on.
            if byte != UInt8(ascii: "m") { kept.unicodeScalars.append(Unicode.Scalar(byte)) }
            index += 1
        }
        guard let end = next else { throw refusal("its brackets do not balance") }
        index += 1
        if kept.hasSuffix("-") { kept.removeLast() }
        if kept.isEmpty { return end == UInt8(ascii: ")") ? "" : "(?:" }
        return "(?" + kept + String(Unicode.Scalar(end))
    }

    private mutating func skip(through end: UInt8) {
        while let byte = next, byte != end { index += 1; _ = byte }
        index = min(index + 1, bytes.count)
    }

    /// Reads `*`, `+`, `?`, `{n,m}` and the `?` or `+` behind them.
    private mutating func quantify(_ item: inout RewrittenItem) {
        let start = index
        var many = false
        var bounds: (min: Int, max: Int?)?
        let once = item.texts
        item.texts = .anything
        switch next {
        case UInt8(ascii: "*")?:
            item.isOptional = true
            index += 1
        case UInt8(ascii: "?")?:
            item.isOptional = true
            item.texts = once.times(0, 1)
            index += 1
        case UInt8(ascii: "+")?:
            many = true
            item.texts = once.times(1, nil)
            index += 1
        case UInt8(ascii: "{")?:
            guard let repetition = repetition() else {
                item.isIdle = false
                return
            }
            // `{,3}` is literal text for PCRE2 before 10.43 and for Hyperscan: it stays as it is.
            if bytes[start + 1] != UInt8(ascii: ",") { bounds = repetition }
            item.isOptional = repetition.min == 0
            item.texts = once.times(repetition.min, repetition.max)
            many = repetition.max != repetition.min
        default:
            // A single unspecific character is still a character; only many of them, or a group of many, are idle.
            if !item.text.hasPrefix("(") { item.isIdle = false }
            item.texts = once
            return
        }
        let quantifier = bounds.map(ExpressionRewriter.loosened) ?? slice(start)
        // Lazy and possessive quantifiers find the same ends or fewer of them.
        if next == UInt8(ascii: "?") || next == UInt8(ascii: "+") { index += 1 }
        item.isIdle = item.isIdle && (many || item.isOptional)
        item.isEnd = false
        item.text += quantifier
    }

    /// More repetitions than this are not counted for the prefilter.
    private static let countedMax = 8

    /// A quantifier that allows at least what the bounds allow.
    private static func loosened(_ bounds: (min: Int, max: Int?)) -> String {
        if let max = bounds.max, max <= countedMax { return max == bounds.min ? "{\(max)}" : "{\(bounds.min),\(max)}" }
        switch bounds.min {
        case 0: return "*"
        case 1: return "+"
        default: return "{\(min(bounds.min, countedMax)),}"
        }
    }

    /// `{n}`, `{n,}`, `{n,m}` or `{,m}`, without a maximum where it is open; nil, with nothing read, where the brace is a
    /// literal one.
    private mutating func repetition() -> (min: Int, max: Int?)? {
        guard let close = bytes[index...].firstIndex(of: UInt8(ascii: "}")) else { return nil }
        let body = String(decoding: bytes[(index + 1)..<close], as: UTF8.self)
        let parts = body.split(separator: ",", omittingEmptySubsequences: false)
        guard parts.count <= 2, let first = parts.first, first.allSatisfy(\.isNumber), !body.isEmpty, body != ",",
            parts.last?.allSatisfy(\.isNumber) == true
        else { return nil }
        index = close + 1
        let min = Int(first) ?? 0
        return (min, parts.count == 1 ? min : parts.last.flatMap { Int($0) })
    }

    private static let quantifiers = Array("*+?{".utf8)

    /// Whether the character stands for itself wherever it stands.
    private static func isPlain(_ byte: UInt8) -> Bool {
        let scalar = Unicode.Scalar(byte)
        return "a"..."z" ~= scalar || "A"..."Z" ~= scalar || "0"..."9" ~= scalar
            || " _-,:;=<>/@%&!~\"'".unicodeScalars.contains(scalar)
    }

    /// Whether the character, behind a backslash, stands for itself: all signs of ASCII do.
    private static func isEscapedSign(_ byte: UInt8) -> Bool {
        let scalar = Unicode.Scalar(byte)
        return scalar.isASCII && byte > 0x20 && byte < 0x7F
            && !("a"..."z" ~= scalar || "A"..."Z" ~= scalar || "0"..."9" ~= scalar)
    }

    static func escaped(_ scalar: Unicode.Scalar) -> String {
        if scalar == "\t" { return "\\x09" }
        let isWord = "a"..."z" ~= scalar || "A"..."Z" ~= scalar || "0"..."9" ~= scalar
        return scalar.isASCII && !isWord ? "\\" + String(scalar) : String(scalar)
    }

    private static func isHexDigit(_ byte: UInt8) -> Bool { Character(Unicode.Scalar(byte)).isHexDigit }
}
