/// Finds secrets in text, one after the other.
///
/// The scan goes from one end of a word to the next and looks there only: at the sign behind it, and at the word itself
/// where it is long enough or begins like a secret. Looking back from there and forward is bounded, so that time is
/// linear in the length.
enum SecretFinder {
    /// A value longer than this is cut there; private keys and whole headers excepted.
    static let valueBytesMax = 4_096

    /// Bytes that make up a run: words with `-` and `.` between them. Only what stands at the end of a run is looked
    /// at.
    private static let isInRun: [Bool] = (0..<256).map { number in
        let byte = UInt8(number)
        return byte.isWord || byte >= 0x80 || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
    }

    /// The next secret that begins at or after `offset`.
    static func next(in text: UnsafeRawBufferPointer, from offset: Int) -> Range<Int>? {
        next(in: text, announcedIn: offset..<text.count, from: offset)
    }

    /// Whether a word of `text` may announce a secret, or be one: only those have to be searched. `classes` are those of
    /// its bytes.
    static func mayAnnounce(_ classes: ByteClass, length: Int) -> Bool {
        length > 3 && !classes.isDisjoint(with: [.sign, .dash, .digit]) || length >= SecretForms.knownTokenBytesMin
            || classes.contains(.sign)
    }

    /// The next secret whose key, sign or beginning stands in `range`, which begins and ends where a word does. No key
    /// is sought before `offset`.
    static func next(
        in text: UnsafeRawBufferPointer, announcedIn range: Range<Int>, from offset: Int
    ) -> Range<Int>? {
        isInRun.withUnsafeBufferPointer { isInRun in
            var index = range.lowerBound
            while index < range.upperBound {
                let start = index
                while index < range.upperBound, isInRun[Int(text[index])] { index += 1 }
                if index - start > 3, let secret = secret(in: text, run: start..<index) { return secret }
                guard index < range.upperBound else { break }
                if let secret = secret(in: text, atSign: index, from: offset) { return secret }
                index += 1
            }
            return nil
        }
    }

    /// A secret that is a run, or begins with one, by its form.
    private static func secret(in text: UnsafeRawBufferPointer, run: Range<Int>) -> Range<Int>? {
        let first = text[run.lowerBound]
        if first == UInt8(ascii: "-") {
            return text.has("-----BEGIN", at: run.lowerBound)
                ? SecretForms.privateKey(in: text, at: run.lowerBound)
                : option(in: text, at: run.lowerBound)
        }
        if first.isDigit { return SecretForms.card(in: text, at: run.lowerBound) }
        return run.count >= SecretForms.knownTokenBytesMin ? SecretForms.knownToken(in: text, at: run.lowerBound) : nil
    }

    private static func secret(in text: UnsafeRawBufferPointer, atSign index: Int, from offset: Int) -> Range<Int>? {
        switch text[index] {
        case UInt8(ascii: "="), UInt8(ascii: ":"):
            if text.has("://", at: index) { return SecretForms.userinfo(in: text, at: index + 3) }
            return value(in: text, afterSignAt: index, from: offset)
        case UInt8(ascii: "'"), UInt8(ascii: "\""):
            return quoted(in: text, at: index, from: offset)
        default: return nil
        }
    }

    /// `password=hunter2`, `"api_key": "…"`, `Authorization: Bearer …`: the value of the key that ends before `sign`.
    private static func value(in text: UnsafeRawBufferPointer, afterSignAt sign: Int, from offset: Int) -> Range<Int>? {
        var end = sign
        while end > offset, isBetween(text[end - 1]) { end -= 1 }
        guard let key = SecretKeys.kind(in: text, endingAt: end, from: offset) else { return nil }
        var start = sign + 1
        if start < text.count && text[start] == UInt8(ascii: ">") { start += 1 }
        var spaced = false
        while start < text.count, text[start] == 0x20 || text[start] == 0x09 {
            spaced = true
            start += 1
        }
        let loose = spaced && text[sign] == UInt8(ascii: ":")
        return SecretValues.range(in: text, from: start, of: key, loose: loose)
    }

    private static func isBetween(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\\")
            || byte == UInt8(ascii: "]")
    }

    /// `PASSWORD 'x'`, `IDENTIFIED BY 'x'`.
    private static func quoted(in text: UnsafeRawBufferPointer, at quote: Int, from offset: Int) -> Range<Int>? {
        guard quote > offset + 3, text[quote - 1] == 0x20 else { return nil }
        var key = quote
        while key > offset, text[key - 1] == 0x20 { key -= 1 }
        let identified = text.hasAnyCase("identified by", at: key - 13)
        guard identified || SecretKeys.kind(in: text, endingAt: key, from: offset) == .word,
            let end = SecretValues.closingQuote(in: text, from: quote + 1, quote: text[quote]), end > quote + 1
        else { return nil }
        return SecretValues.unlessReplaced(quote + 1..<end, in: text)
    }

    /// `--password hunter2`.
    private static func option(in text: UnsafeRawBufferPointer, at dash: Int) -> Range<Int>? {
        guard text.has("--", at: dash) else { return nil }
        var end = dash + 2
        while end < text.count, end - dash < SecretKeys.keyBytesMax, text[end].isWord || text[end] == 0x2d { end += 1 }
        guard end < text.count, text[end] == 0x20,
            let key = SecretKeys.kind(in: text, endingAt: end, from: dash + 2)
        else { return nil }
        var start = end
        while start < text.count, text[start] == 0x20 { start += 1 }
        guard start < text.count, text[start] != UInt8(ascii: "-"), text[start] != UInt8(ascii: "="),
            text[start] != UInt8(ascii: ":")
        else { return nil }
        return SecretValues.range(in: text, from: start, of: key, loose: false)
    }
}
