/// The names behind which secrets stand.
enum SecretKeys {
    enum Kind {
        /// The value is one word, or what stands in quotes.
        case word
        /// As `word`, but a common word of prose and code: after `: ` only a long value counts ("Unexpected token: x").
        case commonWord
        /// As `word`, but a plain or `0x` number is an id of a protocol, not a cookie.
        case session
        /// A header whose value is a scheme and credentials: `Authorization`.
        case authorization
        /// A header whose value goes on to the end of the line: `Cookie`.
        case header
    }

    static let keyBytesMax = 64

    private static let names: [(name: StaticString, kind: Kind)] = [
        ("password", .word), ("passwd", .word), ("passphrase", .word), ("pwd", .word), ("pass", .word),
        ("secret", .commonWord), ("token", .commonWord), ("apikey", .word), ("accesskey", .word),
        ("accesskeyid", .word), ("secretkey", .word), ("privatekey", .word), ("signingkey", .word),
        ("encryptionkey", .word), ("accountkey", .word), ("sharedaccesskey", .word), ("sessionid", .session),
        ("sessid", .session), ("credentials", .commonWord), ("signature", .commonWord), ("secretkeybase", .word),
        ("cvv", .word), ("cvc", .word),
        ("sig", .word), ("authorization", .authorization), ("cookie", .header),
    ]

    /// What kind of key ends at `end` (not before `from`); nil for any other word. Joints (`_`, `-`, `.`) do not count,
    /// so that `api_key`, `X-Api-Key` and `apiKey` are one name.
    static func kind(in text: UnsafeRawBufferPointer, endingAt end: Int, from: Int) -> Kind? {
        guard end - 3 >= from, mayEnd(with: text[end - 1].lowercased, after: text[end - 2].lowercased) else {
            return nil
        }
        for (name, kind) in names {
            guard let start = start(of: name, in: text, endingAt: end, from: from) else { continue }
            // "pass" and "pwd" end other words ("bypass", "compass"): they stand alone or after a joint.
            if name.utf8CodeUnitCount <= 4, start > from, text[start - 1].isAlphanumeric,
                !(text[start].isUppercase && text[start - 1].isLower)
            {
                continue
            }
            // The signature of a URL that grants access; elsewhere the number of a signal.
            if name.utf8CodeUnitCount == 3, text[end - 1].lowercased == UInt8(ascii: "g") {
                guard start > from, text[start - 1] == UInt8(ascii: "&") || text[start - 1] == UInt8(ascii: "?") else {
                    continue
                }
            }
            return kind
        }
        return nil
    }

    /// The last two letters of all names: what turns nearly every word away at once. A joint may stand between them.
    private static func mayEnd(with last: UInt8, after second: UInt8) -> Bool {
        if !second.isAlphanumeric { return true }
        switch last {
        case UInt8(ascii: "d"):
            return second == UInt8(ascii: "r") || second == UInt8(ascii: "w") || second == UInt8(ascii: "i")
        case UInt8(ascii: "e"):
            return second == UInt8(ascii: "s") || second == UInt8(ascii: "i") || second == UInt8(ascii: "r")
        case UInt8(ascii: "v"), UInt8(ascii: "c"): return second == UInt8(ascii: "v")
        case UInt8(ascii: "g"): return second == UInt8(ascii: "i")
        case UInt8(ascii: "n"): return second == UInt8(ascii: "e") || second == UInt8(ascii: "o")
        case UInt8(ascii: "s"): return second == UInt8(ascii: "s") || second == UInt8(ascii: "l")
        case UInt8(ascii: "t"), UInt8(ascii: "y"): return second == UInt8(ascii: "e")
        default: return false
        }
    }

    private static func start(
        of name: StaticString, in text: UnsafeRawBufferPointer, endingAt end: Int, from: Int
    ) -> Int? {
        var index = end
        var letter = name.utf8CodeUnitCount
        while letter > 0 {
            guard index > from else { return nil }
            let byte = text[index - 1].lowercased
            if byte == name.utf8Start[letter - 1] {
                letter -= 1
            } else if letter == name.utf8CodeUnitCount
                || byte != UInt8(ascii: "_") && byte != UInt8(ascii: "-") && byte != UInt8(ascii: ".")
            {
                return nil
            }
            index -= 1
        }
        return index
    }
}
