/// What a byte of a message can mean to the normaliser; the union over a token says which rules are worth asking.
struct ByteClass: OptionSet {
    let rawValue: UInt16

    /// `0`–`9`.
    static let digit = ByteClass(rawValue: 1)
    static let slash = ByteClass(rawValue: 2)
    static let backslash = ByteClass(rawValue: 4)
    static let dot = ByteClass(rawValue: 8)
    static let at = ByteClass(rawValue: 16)
    static let colon = ByteClass(rawValue: 32)
    /// `<`, with which every placeholder begins.
    static let less = ByteClass(rawValue: 64)
    /// A letter of any script: `A`–`Z`, `a`–`z` and every byte of a multi-byte character.
    static let letter = ByteClass(rawValue: 128)
    /// A letter that is no hexadecimal digit, or `_`.
    static let notHex = ByteClass(rawValue: 256)
    /// Space and every control character.
    static let blank = ByteClass(rawValue: 512)
    /// One of `= : ( |`, before which step C looks for an identifier.
    static let keyEnd = ByteClass(rawValue: 1_024)
    /// `_`, `-`, `.` and `$`: what may stand inside a name.
    static let joint = ByteClass(rawValue: 2_048)

    /// `=`, `:`, `"` and `'`: behind or before them a secret may stand.
    static let sign = ByteClass(rawValue: 4_096)
    /// `-`, with which an option begins that a secret may follow.
    static let dash = ByteClass(rawValue: 8_192)

    /// The class of each byte.
    static let table: [ByteClass] = (0..<256).map { ByteClass(of: UInt8($0)) }

    private init(of byte: UInt8) {
        switch byte {
        case 0...0x20, 0x7f: self = .blank
        case UInt8(ascii: "0")...UInt8(ascii: "9"): self = .digit
        case UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: "A")...UInt8(ascii: "F"): self = .letter
        case UInt8(ascii: "g")...UInt8(ascii: "z"), UInt8(ascii: "G")...UInt8(ascii: "Z"): self = [.letter, .notHex]
        case 0x80...0xff: self = [.letter, .notHex]
        case UInt8(ascii: "_"): self = [.joint, .notHex]
        case UInt8(ascii: "-"): self = [.joint, .dash]
        case UInt8(ascii: "$"): self = .joint
        case UInt8(ascii: "."): self = [.dot, .joint]
        case UInt8(ascii: "/"): self = .slash
        case UInt8(ascii: "\\"): self = .backslash
        case UInt8(ascii: "@"): self = .at
        case UInt8(ascii: ":"): self = [.colon, .keyEnd, .sign]
        case UInt8(ascii: "="): self = [.keyEnd, .sign]
        case UInt8(ascii: "("), UInt8(ascii: "|"): self = .keyEnd
        case UInt8(ascii: "\""), UInt8(ascii: "'"): self = .sign
        case UInt8(ascii: "<"): self = .less
        default: self = []
        }
    }

    init(rawValue: UInt16) { self.rawValue = rawValue }
}

extension UInt8 {
    /// ASCII only.
    var isLower: Bool { self &- UInt8(ascii: "a") < 26 }
    var isHexDigit: Bool { isDigit || (self | 0x20) &- UInt8(ascii: "a") < 6 }
    /// ASCII letters, digits and `_`.
    var isWord: Bool { isAlphanumeric || self == UInt8(ascii: "_") }
    /// Space, control characters and DEL.
    var isGap: Bool { self <= 0x20 || self == 0x7f }
}
