/// Replaces e-mail addresses by `<email>`, for those who must not keep them. Only where it is asked for: addresses often tell
/// whom a fault struck.
///
/// Pure; scrubbing twice changes nothing more. Each `@` is looked at once, a bounded number of bytes to both sides.
package enum EmailScrubber {
    package static let placeholder = "<email>"

    /// Bytes before and behind the `@` (RFC 5321, 4.5.3.1).
    private static let localBytesMax = 64
    private static let domainBytesMax = 255

    /// `text` with its addresses replaced; the same string where there are none.
    package static func scrub(_ text: String) -> String {
        var text = text
        let scrubbed = text.withUTF8 { scrub(UnsafeRawBufferPointer($0)) }
        return scrubbed.map { String(decoding: $0, as: UTF8.self) } ?? text
    }

    /// The bytes with their addresses replaced; nil where there are none.
    static func scrub(_ bytes: UnsafeRawBufferPointer) -> [UInt8]? {
        var output: [UInt8]?
        var copied = 0
        var from = 0
        while let at = bytes.find(UInt8(ascii: "@"), from: from) {
            from = at + 1
            guard let address = address(in: bytes, around: at, from: copied) else { continue }
            var written = output ?? []
            written.append(contentsOf: bytes.cut(copied..<address.lowerBound))
            written.append(contentsOf: placeholder.utf8)
            output = written
            copied = address.upperBound
            from = copied
        }
        output?.append(contentsOf: bytes.cut(copied..<bytes.count))
        return output
    }

    /// `bob.smith+x@mail.example.com`: a domain of two labels or more, the last one of letters. `user@host` is a login.
    private static func address(in bytes: UnsafeRawBufferPointer, around at: Int, from floor: Int) -> Range<Int>? {
        var start = at
        while start > floor, at - start < localBytesMax, isLocal(bytes[start - 1]) { start -= 1 }
        while start < at, bytes[start] == UInt8(ascii: ".") || bytes[start] == UInt8(ascii: "=") { start += 1 }
        guard start < at else { return nil }
        // `to=<bob@…>`, `user=bob@…`: a key is no part of it.
        if let sign = bytes.cut(start..<at).findLast(UInt8(ascii: "=")), start + sign + 1 < at { start += sign + 1 }
        var end = at + 1
        var lastDot: Int?
        while end < bytes.count, end - at < domainBytesMax {
            let byte = bytes[end]
            if byte == UInt8(ascii: ".") {
                guard end > at + 1, bytes[end - 1] != byte else { return nil }
                lastDot = end
            } else if !byte.isAlphanumeric, byte != UInt8(ascii: "-"), byte < 0x80 {
                break
            }
            end += 1
        }
        // The full stop behind a sentence.
        if lastDot == end - 1 {
            end -= 1
            lastDot = bytes.cut(at..<end).findLast(UInt8(ascii: ".")).map { at + $0 }
        }
        guard let lastDot, end - lastDot > 2, bytes[lastDot + 1].isLetter || bytes[lastDot + 1] >= 0x80 else {
            return nil
        }
        return start..<end
    }

    /// What addresses hold in practice; of the other signs that RFC 5322 allows, logs put some around addresses.
    private static func isLocal(_ byte: UInt8) -> Bool {
        byte.isAlphanumeric || byte >= 0x80 || "._%+-=!#$*^~".utf8.contains(byte)
    }
}
