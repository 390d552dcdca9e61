/// The bytes of one line, read by position, where every position beyond the ends reads as 0.
///
/// So a parser can look ahead without asking first and still never leaves the line. The memory belongs to the caller
/// and is lent for the length of one call.
struct LineBytes {
    private let start: UnsafeRawPointer
    let count: Int

    /// Nil for a line without bytes.
    init?(_ bytes: UnsafeRawBufferPointer) {
        guard let start = bytes.baseAddress, bytes.count > 0 else { return nil }
        self.start = start
        count = bytes.count
    }

    @inline(__always) subscript(position: Int) -> UInt8 {
        UInt(bitPattern: position) < UInt(bitPattern: count) ? start.load(fromByteOffset: position, as: UInt8.self) : 0
    }

    /// The bytes of `range`, which must lie inside the line.
    @inline(__always) func slice(_ range: Range<Int>) -> UnsafeRawBufferPointer {
        precondition(range.lowerBound >= 0 && range.upperBound <= count)
        return UnsafeRawBufferPointer(start: start + range.lowerBound, count: range.count)
    }

    /// The first ASCII digit in `from ..< limit`; nil where there is none. Eight bytes a step: most lines that hold no
    /// time hold few digits, and this is all that they cost.
    @inline(__always) func nextDigit(from: Int, limit: Int) -> Int? {
        let end = min(limit, count)
        var position = from
        while position &+ 8 <= end {
            let word = UInt64(littleEndian: start.loadUnaligned(fromByteOffset: position, as: UInt64.self))
            let low = word & 0x7F7F_7F7F_7F7F_7F7F
            // Per byte: the top bit of the first sum is set from "0" on, of the second above "9"; no sum carries over.
            let digits =
                (low &+ 0x5050_5050_5050_5050) & ~(low &+ 0x4646_4646_4646_4646) & ~word & 0x8080_8080_8080_8080
            if digits != 0 { return position &+ digits.trailingZeroBitCount / 8 }
            position &+= 8
        }
        while position < end {
            if self[position].isDigit { return position }
            position &+= 1
        }
        return nil
    }

    /// The first `byte` in `from ..< limit`; nil where there is none. Eight bytes a step.
    @inline(__always) func next(_ byte: UInt8, from: Int, limit: Int) -> Int? {
        let end = min(limit, count)
        var position = max(from, 0)
        let wanted = UInt64(byte) &* 0x0101_0101_0101_0101
        while position &+ 8 <= end {
            let word = UInt64(littleEndian: start.loadUnaligned(fromByteOffset: position, as: UInt64.self)) ^ wanted
            // The lowest byte that is zero has the lowest bit that is set; those above it may be set by a carry.
            let zeros = (word &- 0x0101_0101_0101_0101) & ~word & 0x8080_8080_8080_8080
            if zeros != 0 { return position &+ zeros.trailingZeroBitCount / 8 }
            position &+= 8
        }
        while position < end {
            if self[position] == byte { return position }
            position &+= 1
        }
        return nil
    }

    /// Number of ASCII digits that stand at `position` in a row, at most `limit`.
    @inline(__always) func digitRun(at position: Int, limit: Int) -> Int {
        var length = 0
        while length < limit && self[position &+ length].isDigit { length &+= 1 }
        return length
    }

    /// The number written by `count` (at most 18) digits at `position`; -1 where one of them is no digit.
    @inline(__always) func number(at position: Int, digits: Int) -> Int {
        var value = 0
        for index in 0..<digits {
            let byte = self[position &+ index]
            guard byte.isDigit else { return -1 }
            value = value &* 10 &+ Int(byte &- UInt8(ascii: "0"))
        }
        return value
    }

    /// Whether `word`, written in lower case, stands at `position` in any case.
    @inline(__always) func matches(_ word: StaticString, at position: Int) -> Bool {
        let length = word.utf8CodeUnitCount
        guard position >= 0, position &+ length <= count else { return false }
        for index in 0..<length where self[position &+ index].lowercased != word.utf8Start[index] { return false }
        return true
    }
}

extension UInt8 {
    @inline(__always) var isDigit: Bool { self &- 0x30 < 10 }
    @inline(__always) var isUppercase: Bool { self &- 0x41 < 26 }
    @inline(__always) var isLetter: Bool { (self | 0x20) &- 0x61 < 26 }
    @inline(__always) var isAlphanumeric: Bool { isDigit || isLetter }
    @inline(__always) var isBlank: Bool { self == 0x20 || self == 0x09 }
    /// Whether it is one of the ASCII characters in `set`.
    @inline(__always) func isOne(of set: StaticString) -> Bool {
        for index in 0..<set.utf8CodeUnitCount where set.utf8Start[index] == self { return true }
        return false
    }
    /// ASCII letters in lower case, every other byte as it is.
    @inline(__always) var lowercased: UInt8 { isUppercase ? self | 0x20 : self }
}
