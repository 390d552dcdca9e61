/// Secrets that are known by their form alone, without a key before them.
enum SecretForms {
    /// The password in `scheme://user:password@host`, or a long user name alone; `start` is the byte after `://`.
    static func userinfo(in text: UnsafeRawBufferPointer, at start: Int) -> Range<Int>? {
        let limit = min(text.count, start + userinfoBytesMax)
        var at: Int?
        var colon: Int?
        var index = start
        while index < limit {
            let byte = text[index]
            if byte.isGap || "/?#\"'<>,".utf8.contains(byte) {
                guard byte == UInt8(ascii: "<"), text.has("<secret>", at: index) else { break }
            }
            if byte == UInt8(ascii: "@") { at = index }
            if byte == UInt8(ascii: ":") && colon == nil { colon = index }
            index += 1
        }
        guard let at else { return nil }
        if let colon, colon < at { return SecretValues.unlessReplaced(colon + 1..<at, in: text) }
        guard at - start >= loneUserBytesMin, text.cut(start..<at).contains(where: \.isDigit) else { return nil }
        return SecretValues.unlessReplaced(start..<at, in: text)
    }

    private static let userinfoBytesMax = 512
    /// `https://ghp_…@host`: a user name this long, with digits and without a password, is a token.
    private static let loneUserBytesMin = 20

    /// A PEM block (RFC 7468) that says PRIVATE KEY: up to its end line, or to the end of the text if that is missing.
    static func privateKey(in text: UnsafeRawBufferPointer, at start: Int) -> Range<Int>? {
        let label = start + 11
        guard text.has("-----BEGIN ", at: start),
            let labelEnd = text.cut(label..<min(text.count, label + 64)).find("-----"),
            text.cut(label..<label + labelEnd).trimmed.isOne(of: keyLabels)
        else { return nil }
        let body = label + labelEnd + 5
        guard let end = text.find("-----END ", from: body) else { return start..<text.count }
        let tail = text.cut(end + 9..<min(text.count, end + 73))
        return start..<(tail.find("-----").map { end + 9 + $0 + 5 } ?? end + 9)
    }

    private static let keyLabels: [StaticString] = [
        "PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY", "DSA PRIVATE KEY", "OPENSSH PRIVATE KEY",
        "ENCRYPTED PRIVATE KEY", "PGP PRIVATE KEY BLOCK",
    ]

    /// A payment card number: 13 to 19 digits in one piece or in groups, of a card issuer's range, with a Luhn check
    /// digit (ISO/IEC 7812-1). At least four bytes lie at `start`. Milliseconds and microseconds since 1970 begin with
    /// 1 and are no issuer's.
    static func card(in text: UnsafeRawBufferPointer, at start: Int) -> Range<Int>? {
        guard text[start] >= UInt8(ascii: "2"), text[start] <= UInt8(ascii: "6"), text[start + 3].isDigit else {
            return nil
        }
        if start > 0, isNumberJoint(text[start - 1]) { return nil }
        if start > 1, text[start - 1] == UInt8(ascii: ":"), text[start - 2].isDigit { return nil }
        var digits = 0
        var sum = 0
        var doubledSum = 0
        var prefix = 0
        var index = start
        var end = start
        while index < text.count, digits < 20 {
            let byte = text[index]
            if byte.isDigit {
                let digit = Int(byte - UInt8(ascii: "0"))
                // The digit before the last one is doubled: keep both sums and swap them at each step.
                (sum, doubledSum) = (doubledSum + digit, sum + (digit > 4 ? 2 * digit - 9 : 2 * digit))
                if digits < 4 { prefix = prefix * 10 + digit }
                digits += 1
                end = index + 1
                let isGroupEnd = end == text.count || !text[end].isDigit
                if isGroupEnd, sum % 10 == 0, isIssuer(prefix, digits: digits) { break }
            } else if byte != 0x20 && byte != UInt8(ascii: "-") || index + 1 >= text.count || !text[index + 1].isDigit
                || digits % 4 != 0 && prefix / 100 != 34 && prefix / 100 != 37
            {
                break
            }
            index += 1
        }
        if end < text.count, text[end].isWord || text[end] == UInt8(ascii: ".") && isDigit(text, end + 1) { return nil }
        return isIssuer(prefix, digits: digits) && sum % 10 == 0 ? start..<end : nil
    }

    /// What makes the digits behind it a part of something longer.
    private static func isNumberJoint(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "/") || byte == UInt8(ascii: "+")
    }

    private static func isDigit(_ text: UnsafeRawBufferPointer, _ index: Int) -> Bool {
        index < text.count && text[index].isDigit
    }

    private static func isIssuer(_ prefix: Int, digits: Int) -> Bool {
        switch prefix {
        case 4_000...4_999: digits == 13 || digits == 16 || digits == 19
        case 5_100...5_599, 2_221...2_720: digits == 16
        case 3_400...3_499, 3_700...3_799: digits == 15
        case 3_600...3_699, 3_800...3_899: digits == 14
        case 3_528...3_589, 6_011, 6_440...6_599: digits == 16
        default: false
        }
    }

    /// Forms of access tokens: what they begin with, which bytes follow, and how many at least.
    private static let tokenForms: [(prefix: StaticString, bytesMin: Int)] = [
        ("AKIA", 16), ("ASIA", 16), ("AIza", 35), ("eyJ", 30), ("ghp_", 30), ("gho_", 30), ("ghs_", 30), ("ghu_", 30),
        ("github_pat_", 30), ("glpat-", 20), ("xoxb-", 20), ("xoxp-", 20), ("xoxa-", 20), ("sk_live_", 16),
        ("sk-", 32), ("xapp-", 20), ("rk_live_", 16), ("whsec_", 24), ("glrt-", 20), ("npm_", 36), ("dop_v1_", 40),
        ("hf_", 30),
        ("pypi-", 50), ("SG.", 60),
    ]

    /// The shortest of them.
    static let knownTokenBytesMin = 20

    /// A token of AWS, Google, GitHub, GitLab, Slack, Stripe, npm, PyPI, DigitalOcean, Hugging Face or SendGrid, or a JSON web token that begins at `start`, a word's
    /// start.
    static func knownToken(in text: UnsafeRawBufferPointer, at start: Int) -> Range<Int>? {
        for (prefix, bytesMin) in tokenForms where text.has(prefix, at: start) {
            var end = start + prefix.utf8CodeUnitCount
            while end < text.count, text[end].isWord || text[end] == 0x2d || text[end] == 0x2e { end += 1 }
            return end - start - prefix.utf8CodeUnitCount >= bytesMin ? start..<end : nil
        }
        return nil
    }
}
