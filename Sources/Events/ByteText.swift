/// Comparing and cutting text as bytes, without a String.
extension UnsafeRawBufferPointer {
    /// The bytes of `range`, which lies within `0 ..< count`, counted from 0 again.
    func cut(_ range: Range<Int>) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: self[range])
    }

    /// The bytes from `start` up to `end`, both brought within bounds; none where `end` comes before `start`. For text
    /// cut by positions that its writer chose.
    func cut(from start: Int = 0, to end: Int? = nil) -> UnsafeRawBufferPointer {
        let end = Swift.min(Swift.max(end ?? count, 0), count)
        let start = Swift.min(Swift.max(start, 0), end)
        return UnsafeRawBufferPointer(rebasing: self[start..<end])
    }

    /// Whether the bytes from `offset` on begin with `text`; false where they are too few or `offset` is negative.
    func has(_ text: StaticString, at offset: Int = 0) -> Bool {
        let length = text.utf8CodeUnitCount
        guard offset >= 0, offset + length <= count else { return false }
        let start = text.utf8Start
        for index in 0..<length where self[offset + index] != start[index] { return false }
        return true
    }

    /// The same, with ASCII letters of either case; `text` is in lower case.
    func hasAnyCase(_ text: StaticString, at offset: Int = 0) -> Bool {
        let length = text.utf8CodeUnitCount
        guard offset >= 0, offset + length <= count else { return false }
        let start = text.utf8Start
        for index in 0..<length where self[offset + index].lowercased != start[index] { return false }
        return true
    }

    func ends(with text: StaticString) -> Bool { has(text, at: count - text.utf8CodeUnitCount) }

    func endsAnyCase(with text: StaticString) -> Bool { hasAnyCase(text, at: count - text.utf8CodeUnitCount) }

    func equals(_ text: StaticString) -> Bool { count == text.utf8CodeUnitCount && has(text) }

    func equalsAnyCase(_ text: StaticString) -> Bool { count == text.utf8CodeUnitCount && hasAnyCase(text) }

    /// Whether the bytes are one of `words`.
    func isOne(of words: [StaticString]) -> Bool {
        for word in words where equals(word) { return true }
        return false
    }

    /// Whether the bytes are one of `words`, in any case; `words` are in lower case.
    func isOneAnyCase(of words: [StaticString]) -> Bool {
        for word in words where equalsAnyCase(word) { return true }
        return false
    }

    /// Where `text` first begins at or after `offset`; nil where it does not.
    func find(_ text: StaticString, from offset: Int = 0) -> Int? {
        let length = text.utf8CodeUnitCount
        guard length > 0, count >= length else { return nil }
        let first = text.utf8Start[0]
        var index = Swift.max(offset, 0)
        while index <= count - length {
            if self[index] == first && has(text, at: index) { return index }
            index += 1
        }
        return nil
    }

    /// Where `byte` first stands at or after `offset`; nil where it does not.
    func find(_ byte: UInt8, from offset: Int = 0) -> Int? {
        var index = Swift.max(offset, 0)
        while index < count {
            if self[index] == byte { return index }
            index += 1
        }
        return nil
    }

    /// Where `byte` last stands before `end`; nil where it does not.
    func findLast(_ byte: UInt8, before end: Int? = nil) -> Int? {
        var index = Swift.min(end ?? count, count) - 1
        while index >= 0 {
            if self[index] == byte { return index }
            index -= 1
        }
        return nil
    }

    /// Without the blanks at both ends.
    var trimmed: UnsafeRawBufferPointer {
        var start = 0
        var end = count
        while start < end && self[start].isGap { start += 1 }
        while end > start && self[end - 1].isGap { end -= 1 }
        return cut(start..<end)
    }

    /// Without the punctuation at both ends: brackets, quotes, commas, colons and the like.
    var core: UnsafeRawBufferPointer {
        var start = 0
        var end = count
        while start < end && !self[start].isCore { start += 1 }
        while end > start && !self[end - 1].isCore { end -= 1 }
        return cut(start..<end)
    }

    /// The bytes as text, with invalid UTF-8 repaired.
    var string: String { String(decoding: self, as: UTF8.self) }
}

extension UInt8 {
    /// Word bytes and every byte of a multi-byte character.
    var isCore: Bool { isWord || self >= 0x80 }
}
