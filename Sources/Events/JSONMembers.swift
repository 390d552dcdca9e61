/// The members of one JSON object (RFC 8259), from left to right: no tree, no strings, nothing copied.
///
/// Lenient where nothing hangs on it: values are told apart, not checked. Any bytes are borne; what is no object ends the
/// walk, and then `isWhole` is false.
package struct JSONMembers {
    /// A value and where it lies in the bytes.
    package enum Value: Equatable, Sendable {
        /// What stands between the quotes, still escaped.
        case string(Range<Int>)
        /// What stands between the brackets.
        case array(Range<Int>)
        /// A number, `true`, `false` or an object.
        case other(Range<Int>)
        case null
    }

    private let bytes: UnsafeRawBufferPointer
    private var place = 0
    private var isFirst = true
    /// The object was closed, and nothing but blanks stands behind it.
    package private(set) var isWhole = false

    /// Objects and arrays within each other; deeper ones are refused.
    package static let depthMax = 64

    /// Borrows `bytes` for as long as it is used.
    package init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    /// The next member; nil behind the last, and at the first fault.
    package mutating func next() -> (key: Range<Int>, value: Value)? {
        skipBlanks()
        if isFirst {
            guard take(UInt8(ascii: "{")) else { return nil }
            skipBlanks()
        }
        if take(UInt8(ascii: "}")) {
            skipBlanks()
            isWhole = place == bytes.count
            place = bytes.count
            return nil
        }
        if !isFirst {
            guard take(UInt8(ascii: ",")) else { return nil }
            skipBlanks()
        }
        isFirst = false
        guard let key = string() else { return nil }
        skipBlanks()
        guard take(UInt8(ascii: ":")) else { return nil }
        skipBlanks()
        guard let value = value() else { return nil }
        return (key, value)
    }

    /// Whether the key or text in `range` is `text`, which holds nothing that would be escaped.
    package func matches(_ range: Range<Int>, _ text: StaticString) -> Bool {
        range.count == text.utf8CodeUnitCount
            && bytes[range].elementsEqual(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    /// The values of an array, as if they were members without keys.
    package func elements(of range: Range<Int>) -> [Value] { list(of: range).values }

    /// The values of an array up to the first fault, and whether there is none.
    package func list(of range: Range<Int>) -> (values: [Value], isWhole: Bool) {
        var walk = JSONMembers(bytes)
        walk.place = range.lowerBound
        var found: [Value] = []
        walk.skipBlanks()
        if walk.place >= range.upperBound { return (found, true) }
        while true {
            walk.skipBlanks()
            guard walk.place < range.upperBound, let value = walk.value() else { return (found, false) }
            found.append(value)
            walk.skipBlanks()
            if walk.place >= range.upperBound { return (found, true) }
            guard walk.take(UInt8(ascii: ",")) else { return (found, false) }
        }
    }

    private mutating func value() -> Value? {
        guard place < bytes.count else { return nil }
        switch bytes[place] {
        case UInt8(ascii: "\""): return string().map { .string($0) }
        case UInt8(ascii: "["), UInt8(ascii: "{"):
            let isArray = bytes[place] == UInt8(ascii: "[")
            let start = place
            guard skipNested() else { return nil }
            return isArray ? .array(start + 1..<place - 1) : .other(start..<place)
        default:
            let start = place
            while place < bytes.count, !isEnd(bytes[place]) { place += 1 }
            if place == start { return nil }
            return matches(start..<place, "null") ? .null : .other(start..<place)
        }
    }

    private func isEnd(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: ",") || byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]") || isBlank(byte)
    }

    private mutating func string() -> Range<Int>? {
        guard take(UInt8(ascii: "\"")) else { return nil }
        let start = place
        while place < bytes.count {
            switch bytes[place] {
            case UInt8(ascii: "\""):
                place += 1
                return start..<place - 1
            case UInt8(ascii: "\\"): place += 2
            default: place += 1
            }
        }
        place = bytes.count
        return nil
    }

    /// Passes an array or object; false where it has no end.
    private mutating func skipNested() -> Bool {
        var depth = 0
        while place < bytes.count {
            switch bytes[place] {
            case UInt8(ascii: "["), UInt8(ascii: "{"):
                depth += 1
                if depth > JSONMembers.depthMax { return false }
                place += 1
            case UInt8(ascii: "]"), UInt8(ascii: "}"):
                depth -= 1
                place += 1
                if depth == 0 { return true }
            case UInt8(ascii: "\""): if string() == nil { return false }
            default: place += 1
            }
        }
        return false
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard place < bytes.count, bytes[place] == byte else { return false }
        place += 1
        return true
    }

    private mutating func skipBlanks() {
        while place < bytes.count, isBlank(bytes[place]) { place += 1 }
    }

    private func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D }
}

extension JSONMembers {
    /// The text of a string as UTF-8, its escapes resolved; what is no character becomes U+FFFD. Bytes that are not
    /// escaped are taken as they are, valid or not.
    package func text(_ range: Range<Int>) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(range.count)
        var at = range.lowerBound
        while at < range.upperBound {
            guard bytes[at] == UInt8(ascii: "\\"), at + 1 < range.upperBound else {
                text.append(bytes[at])
                at += 1
                continue
            }
            let escaped = bytes[at + 1]
            at += 2
            switch escaped {
            case UInt8(ascii: "n"): text.append(0x0A)
            case UInt8(ascii: "t"): text.append(0x09)
            case UInt8(ascii: "r"): text.append(0x0D)
            case UInt8(ascii: "b"): text.append(0x08)
            case UInt8(ascii: "f"): text.append(0x0C)
            case UInt8(ascii: "u"): text += character(&at, range.upperBound).utf8
            default: text.append(escaped)
            }
        }
        return text
    }

    /// The bytes that an array lists as numbers, as journalctl writes what is not UTF-8; nil where it lists anything else.
    package func byteValues(_ range: Range<Int>) -> [UInt8]? {
        var values: [UInt8] = []
        values.reserveCapacity(range.count / 4 + 1)
        var number: Int?
        for byte in bytes[range] {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                number = (number ?? 0) * 10 + Int(byte - UInt8(ascii: "0"))
                if number ?? 0 > 255 { return nil }
            case UInt8(ascii: ","):
                guard let value = number.flatMap(UInt8.init(exactly:)) else { return nil }
                values.append(value)
                number = nil
            default: if !isBlank(byte) { return nil }
            }
        }
        if let value = number.flatMap(UInt8.init(exactly:)) { values.append(value) }
        return values
    }

    /// The character whose four digits begin at `at`, with the second half of a pair where there is one.
    private func character(_ at: inout Int, _ end: Int) -> Character {
        guard let first = unit(at, end) else { return "\u{FFFD}" }
        at += 4
        if let scalar = Unicode.Scalar(first) { return Character(scalar) }
        guard first < 0xDC00, at + 1 < end, bytes[at] == UInt8(ascii: "\\"), bytes[at + 1] == UInt8(ascii: "u"),
            let second = unit(at + 2, end), 0xDC00...0xDFFF ~= second,
            let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
        else { return "\u{FFFD}" }
        at += 6
        return Character(scalar)
    }

    private func unit(_ start: Int, _ end: Int) -> UInt32? {
        guard start + 4 <= end else { return nil }
        var value: UInt32 = 0
        for byte in bytes[start..<start + 4] {
            let digit: UInt8
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = byte - UInt8(ascii: "a") + 10
            case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = byte - UInt8(ascii: "A") + 10
            default: return nil
            }
            value = value << 4 | UInt32(digit)
        }
        return value
    }
}
