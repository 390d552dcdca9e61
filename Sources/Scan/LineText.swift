import CLinux
import Glibc

/// Comparing the bytes of a line, without a String. Every offset may lie outside.
extension UnsafeRawBufferPointer {
    /// Whether `text` stands at `offset`.
    @inline(__always) func has(_ text: StaticString, at offset: Int = 0) -> Bool {
        let length = text.utf8CodeUnitCount
        guard let base = baseAddress, offset >= 0, offset + length <= count else { return false }
        return memcmp(base + offset, text.utf8Start, length) == 0
    }

    @inline(__always) func ends(with text: StaticString) -> Bool { has(text, at: count - text.utf8CodeUnitCount) }

    /// Where `text` first stands at or after `offset`; nil where it does not.
    func find(_ text: StaticString, from offset: Int = 0) -> Int? {
        guard let base = baseAddress, offset >= 0, offset < count else { return nil }
        let length = text.utf8CodeUnitCount
        guard let found = margay_find(base + offset, count - offset, text.utf8Start, length) else { return nil }
        return base.distance(to: found)
    }

    /// Where `byte` first stands at or after `offset`; nil where it does not.
    func find(byte: UInt8, from offset: Int = 0) -> Int? {
        guard let base = baseAddress, offset >= 0, offset < count else { return nil }
        guard let found = memchr(base + offset, Int32(byte), count - offset) else { return nil }
        return base.distance(to: UnsafeRawPointer(found))
    }

    /// The byte at `offset`; 0 where there is none.
    @inline(__always) func byte(_ offset: Int) -> UInt8 { offset >= 0 && offset < count ? self[offset] : 0 }

    /// The bytes from `start` on.
    @inline(__always) func from(_ start: Int) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: self[Swift.min(start, count)...])
    }

    /// The place of the first byte at or after `start` that is no blank.
    @inline(__always) func behindBlanks(_ start: Int = 0) -> Int {
        var index = start
        while index < count, self[index] == UInt8(ascii: " ") || self[index] == UInt8(ascii: "\t") { index += 1 }
        return index
    }

    /// The place behind the digits that begin at `start`.
    @inline(__always) func behindDigits(_ start: Int) -> Int {
        var index = start
        while index < count, self[index].isDigit { index += 1 }
        return index
    }

    /// The place behind the terminal colours that begin at `start` (ECMA-48 control sequences).
    func behindColours(_ start: Int) -> Int {
        var index = start
        while byte(index) == 0x1b, byte(index + 1) == UInt8(ascii: "[") {
            var end = index + 2
            while end < count, end < index + 24, self[end].isDigit || self[end] == UInt8(ascii: ";") { end += 1 }
            guard byte(end).isLetter else { return index }
            index = end + 1
        }
        return index
    }

    /// The last byte that is no blank and no part of a colour; 0 for an empty line.
    var lastByte: UInt8 {
        var end = count
        while end > 0 {
            let byte = self[end - 1]
            if byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") {
                end -= 1
            } else if byte == UInt8(ascii: "m"), let start = colourStart(endingAt: end) {
                end = start
            } else {
                return byte
            }
        }
        return 0
    }

    private func colourStart(endingAt end: Int) -> Int? {
        var start = end - 2
        while start > 0, self[start].isDigit || self[start] == UInt8(ascii: ";") { start -= 1 }
        return start > 0 && self[start] == UInt8(ascii: "[") && self[start - 1] == 0x1b ? start - 1 : nil
    }
}

extension UInt8 {
    @inline(__always) var isDigit: Bool { self &- 0x30 < 10 }
    @inline(__always) var isLetter: Bool { (self | 0x20) &- 0x61 < 26 }
    @inline(__always) var isUppercase: Bool { self &- 0x41 < 26 }
    @inline(__always) var isHexDigit: Bool { isDigit || (self | 0x20) &- 0x61 < 6 }
    @inline(__always) var isBlank: Bool { self == 0x20 || self == 0x09 }
}
