/// Where the value behind a secret key begins and ends.
enum SecretValues {
    /// The value at `start`, or nil if there is none worth hiding. `loose`: behind a colon and a blank, as in prose.
    static func range(
        in text: UnsafeRawBufferPointer, from start: Int, of kind: SecretKeys.Kind, loose: Bool
    ) -> Range<Int>? {
        var start = start
        // Headers are printed as lists of their values: `["Bearer x"]`, `[Bearer x]`.
        if kind == .authorization || kind == .header, start < text.count, text[start] == UInt8(ascii: "[") {
            var first = start + 1
            while first < text.count, text[first] == 0x20 || text[first] == 0x0a { first += 1 }
            let end = text.find(UInt8(ascii: "]"), from: first) ?? text.count
            return range(
                in: text.cut(0..<min(end, first + SecretFinder.valueBytesMax)), from: first, of: kind, loose: loose)
        }
        while start < text.count, text[start] == UInt8(ascii: "\\") { start += 1 }
        guard start < text.count else { return nil }
        if text[start] == UInt8(ascii: "\"") || text[start] == UInt8(ascii: "'") {
            let quote = text[start]
            let end = closingQuote(in: text, from: start + 1, quote: quote)
            guard let end else { return plain(in: text, from: start + 1, of: kind, loose: loose) }
            let opens = start > 0 && text[start - 1] == UInt8(ascii: "\\")
            let escaped = opens && end > start + 1 && text[end - 1] == UInt8(ascii: "\\")
            return unlessReplaced(start + 1..<(escaped ? end - 1 : end), in: text)
        }
        return plain(in: text, from: start, of: kind, loose: loose)
    }

    private static func plain(
        in text: UnsafeRawBufferPointer, from start: Int, of kind: SecretKeys.Kind, loose: Bool
    ) -> Range<Int>? {
        // Asked before the end of the line is sought: a line of hidden cookies would be read once for each of them.
        if isHidden(text.cut(start..<text.count)) { return nil }
        switch kind {
        case .authorization: return credentials(in: text, from: start)
        case .header: return unlessReplaced(start..<lineEnd(in: text, from: start), in: text)
        case .word, .commonWord, .session:
            let end = wordEnd(in: text, from: start)
            if kind == .commonWord && loose && end - start < commonWordBytesMin { return nil }
            if kind == .session && isNumber(text.cut(start..<end)) { return nil }
            // A shell writes its working directory as PWD=/…
            if start < end, text[start] == UInt8(ascii: "/"), text.hasAnyCase("pwd=", at: start - 4) { return nil }
            if MaskRules.hasPlaceholder(text.cut(start..<end)) { return nil }
            return unlessReplaced(start..<end, in: text)
        }
    }

    private static func isNumber(_ value: UnsafeRawBufferPointer) -> Bool {
        value.has("0x") ? value.dropFirst(2).allSatisfy(\.isHexDigit) : value.allSatisfy(\.isDigit)
    }

    /// "token: x" in the message of a parser is no secret; tokens are longer.
    private static let commonWordBytesMin = 8

    /// Schemes with one word of credentials behind them (RFC 9110, section 11; RFC 6750; RFC 7617).
    private static let schemes: [StaticString] = ["basic", "bearer", "token", "negotiate", "ntlm", "apikey", "key"]

    private static func credentials(in text: UnsafeRawBufferPointer, from start: Int) -> Range<Int>? {
        let end = wordEnd(in: text, from: start)
        guard text.cut(start..<end).isOneAnyCase(of: schemes) else {
            return unlessReplaced(start..<lineEnd(in: text, from: start), in: text)
        }
        var credentials = end
        while credentials < text.count, text[credentials] == 0x20 { credentials += 1 }
        return unlessReplaced(credentials..<wordEnd(in: text, from: credentials), in: text)
    }

    /// Where a value without quotes ends: at a blank or at a sign that closes it.
    static func wordEnd(in text: UnsafeRawBufferPointer, from start: Int) -> Int {
        let limit = min(text.count, start + SecretFinder.valueBytesMax)
        var index = start
        while index < limit {
            let byte = text[index]
            if byte.isGap || ",;&\"')]}".utf8.contains(byte) || byte == UInt8(ascii: "\\") { break }
            index += 1
        }
        return index
    }

    /// The end of the line, or the quote that closes the text around it.
    static func lineEnd(in text: UnsafeRawBufferPointer, from start: Int) -> Int {
        var index = start
        while index < text.count {
            let byte = text[index]
            if byte == 0x0a || byte == 0x0d || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") { break }
            index += 1
        }
        while index > start && text[index - 1].isGap { index -= 1 }
        return index
    }

    /// The closing quote, an escaped one (`\"`) only where the opening one was escaped too; nil if there is none near.
    static func closingQuote(in text: UnsafeRawBufferPointer, from start: Int, quote: UInt8) -> Int? {
        let escapedOpening = start >= 2 && text[start - 2] == UInt8(ascii: "\\")
        let limit = min(text.count, start + SecretFinder.valueBytesMax)
        var index = start
        while index < limit, text[index] != 0x0a {
            if text[index] == quote { return index }
            if text[index] == UInt8(ascii: "\\") && !escapedOpening { index += 1 }
            index += 1
        }
        return nil
    }

    /// Words that say there is no value.
    private static let nothings: [StaticString] = ["null", "nil", "none", "true", "false", "undefined", "<secret>"]

    /// `range`, unless it is empty, hidden already (`***`, `<secret>`, `<*>`, `[FILTERED]`) or says that there is
    /// nothing.
    static func unlessReplaced(_ range: Range<Int>, in text: UnsafeRawBufferPointer) -> Range<Int>? {
        let value = text.cut(range)
        if value.isEmpty || value.isOneAnyCase(of: nothings) || isHidden(value) { return nil }
        return value.allSatisfy { $0 == UInt8(ascii: "*") } ? nil : range
    }

    private static func isHidden(_ value: UnsafeRawBufferPointer) -> Bool {
        value.has("<secret>") || value.has("<*>") || value.hasAnyCase("[filtered")
    }
}
