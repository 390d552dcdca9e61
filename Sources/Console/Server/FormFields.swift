/// Names and values of an address or a form, in `application/x-www-form-urlencoded` (WHATWG URL, 5).
struct FormFields: Sendable, Equatable {
    private(set) var pairs: [Pair] = []

    struct Pair: Sendable, Equatable {
        var name: String
        var value: String
    }

    init() {}

    /// Reads at most `ConsoleLimits.fieldsMax` pairs; nil where there are more. Bytes that are no UTF-8 are replaced.
    init?(_ text: some Sequence<UInt8>) {
        for piece in Array(text).split(separator: UInt8(ascii: "&")) {
            guard pairs.count < ConsoleLimits.fieldsMax else { return nil }
            let sides = piece.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            pairs.append(
                Pair(name: FormFields.decoded(sides[0]), value: sides.count > 1 ? FormFields.decoded(sides[1]) : ""))
        }
    }

    /// Adds a pair, where there is a value.
    mutating func add(_ name: String, _ value: String?) {
        if let value { pairs.append(Pair(name: name, value: value)) }
    }

    /// The first value of that name; nil where there is none.
    subscript(name: String) -> String? { pairs.first { $0.name == name }?.value }

    /// The same, nil where it is empty or blank too; without white space at its ends.
    func text(_ name: String) -> String? {
        guard let value = self[name] else { return nil }
        let trimmed = value.drop(while: \.isWhitespace)
        guard let last = trimmed.lastIndex(where: { !$0.isWhitespace }) else { return nil }
        return String(trimmed[...last])
    }

    func all(_ name: String) -> [String] { pairs.filter { $0.name == name }.map(\.value) }

    /// A text as a value of an address.
    static func encoded(_ text: String) -> String {
        var result = ""
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E, 0x3A:
                result.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                result += "%" + (digits.utf8.count < 2 ? "0" : "") + digits
            }
        }
        return result
    }

    private static func decoded(_ bytes: ArraySlice<UInt8>) -> String {
        var result: [UInt8] = []
        var rest = bytes
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "+") {
                result.append(0x20)
            } else if byte == UInt8(ascii: "%"), let high = digit(rest.first), let low = digit(rest.dropFirst().first) {
                result.append(high << 4 | low)
                rest = rest.dropFirst(2)
            } else {
                result.append(byte)
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    private static func digit(_ byte: UInt8?) -> UInt8? {
        switch byte {
        case .some(let byte) where (0x30...0x39).contains(byte): byte - 0x30
        case .some(let byte) where (0x41...0x46).contains(byte): byte - 0x41 + 10
        case .some(let byte) where (0x61...0x66).contains(byte): byte - 0x61 + 10
        default: nil
        }
    }
}
