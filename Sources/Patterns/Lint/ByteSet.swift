/// A set of byte values.
struct ByteSet: Equatable, Sendable {
    private var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)

    init() {}
    init(_ bytes: some Swift.Sequence<UInt8>) { for byte in bytes { insert(byte) } }
    init(where holds: (UInt8) -> Bool) { for byte in UInt8.min...UInt8.max where holds(byte) { insert(byte) } }

    /// Every byte but the newline.
    static let any = ByteSet { $0 != UInt8(ascii: "\n") }

    static func == (left: ByteSet, right: ByteSet) -> Bool { left.words == right.words }

    var isEmpty: Bool { words == (0, 0, 0, 0) }
    var count: Int {
        words.0.nonzeroBitCount + words.1.nonzeroBitCount + words.2.nonzeroBitCount + words.3.nonzeroBitCount
    }
    /// The only byte in it; nil where there are none or several.
    var single: UInt8? { count == 1 ? (UInt8.min...UInt8.max).first { contains($0) } : nil }
    var inverted: ByteSet {
        var set = ByteSet()
        set.words = (~words.0, ~words.1, ~words.2, ~words.3)
        return set
    }

    func contains(_ byte: UInt8) -> Bool {
        let bit = UInt64(1) << UInt64(byte & 63)
        return switch byte >> 6 {
        case 0: words.0 & bit != 0
        case 1: words.1 & bit != 0
        case 2: words.2 & bit != 0
        default: words.3 & bit != 0
        }
    }

    mutating func insert(_ byte: UInt8) {
        let bit = UInt64(1) << UInt64(byte & 63)
        switch byte >> 6 {
        case 0: words.0 |= bit
        case 1: words.1 |= bit
        case 2: words.2 |= bit
        default: words.3 |= bit
        }
    }

    mutating func formUnion(_ other: ByteSet) {
        words = (
            words.0 | other.words.0, words.1 | other.words.1, words.2 | other.words.2, words.3 | other.words.3
        )
    }

    func isDisjoint(with other: ByteSet) -> Bool {
        words.0 & other.words.0 == 0 && words.1 & other.words.1 == 0 && words.2 & other.words.2 == 0
            && words.3 & other.words.3 == 0
    }

    /// What `\d`, `\w` and the like stand for; nil for any other letter.
    init?(escape letter: UInt8) {
        func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }
        func isWord(_ byte: UInt8) -> Bool {
            isDigit(byte) || byte == UInt8(ascii: "_")
                || (byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z"))
        }
        func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
        switch letter {
        case UInt8(ascii: "d"): self.init(where: isDigit)
        case UInt8(ascii: "D"): self.init { !isDigit($0) }
        case UInt8(ascii: "w"): self.init(where: isWord)
        case UInt8(ascii: "W"): self.init { !isWord($0) }
        case UInt8(ascii: "s"): self.init(where: isSpace)
        case UInt8(ascii: "S"): self.init { !isSpace($0) }
        case UInt8(ascii: "h"): self.init([0x20, 0x09, 0xA0])
        case UInt8(ascii: "t"): self.init([0x09])
        case UInt8(ascii: "r"): self.init([0x0D])
        case UInt8(ascii: "n"): self.init([0x0A])
        case UInt8(ascii: "e"): self.init([0x1B])
        case UInt8(ascii: "f"): self.init([0x0C])
        default: return nil
        }
    }
}
