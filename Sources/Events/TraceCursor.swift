/// Small cuts out of one line of a trace.
extension UnsafeRawBufferPointer {
    /// How many blanks the line begins with.
    var indent: Int {
        var index = 0
        while index < count && self[index].isGap { index += 1 }
        return index
    }

    /// The part before the first `text`, and the part after it; nil where it does not occur.
    func split(at text: StaticString) -> (before: UnsafeRawBufferPointer, after: UnsafeRawBufferPointer)? {
        guard let start = find(text) else { return nil }
        return (cut(to: start), cut(from: start + text.utf8CodeUnitCount))
    }

    /// The decimal number at `offset`, at most nine digits, and where it ends; nil where there is none.
    func number(at offset: Int) -> (value: Int, end: Int)? {
        var index = offset
        var value = 0
        while index < count, index - offset < 9, self[index].isDigit {
            value = value * 10 + Int(self[index] - UInt8(ascii: "0"))
            index += 1
        }
        return index > offset ? (value, index) : nil
    }

    /// `path:12:34` or `path:12`: the path and the line; the whole as a path where no number ends it.
    var fileAndLine: (file: UnsafeRawBufferPointer, line: Int?) {
        var end = count
        var line: Int?
        for _ in 0..<2 {
            guard let colon = findLast(UInt8(ascii: ":"), before: end), colon > 0, let number = number(at: colon + 1),
                number.end == end
            else { break }
            line = number.value
            end = colon
        }
        return (cut(to: end), line)
    }

    /// The bytes as text of at most `bytesMax` bytes.
    func text(bytesMax: Int) -> String {
        cut(to: bytesMax).string
    }

    /// A message: without blanks around it, bounded.
    var message: String { trimmed.text(bytesMax: StackTrace.messageBytesMax) }

    /// A name: bounded.
    var name: String { text(bytesMax: FrameName.bytesMax) }
}
