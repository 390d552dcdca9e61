/// Turns the characters of a file into UTF-8.
///
/// Any bytes are text: an unpaired surrogate, and half a unit at the end, become U+FFFD.
extension TextForm {
    /// Most bytes of UTF-8 that `count` bytes of the file become.
    func utf8BytesMax(_ count: Int) -> Int {
        switch self {
        case .utf8: count
        case .latin1: count * 2
        case .utf16LittleEndian, .utf16BigEndian: (count + 1) / 2 * 3
        }
    }

    /// Writes `raw` as UTF-8 into `text`, which has room for `utf8BytesMax`; says how many bytes were taken and made.
    ///
    /// With `isWhole` all are taken; else what may be the first part of a character at the end is left.
    func decode(
        _ raw: UnsafeRawBufferPointer, into text: UnsafeMutableRawBufferPointer, isWhole: Bool = true
    ) -> (taken: Int, made: Int) {
        precondition(text.count >= utf8BytesMax(raw.count))
        switch self {
        case .utf8:
            text.copyMemory(from: raw)
            return (raw.count, raw.count)
        case .latin1: return (raw.count, TextForm.decodeLatin1(raw, into: text))
        case .utf16LittleEndian, .utf16BigEndian: return decodeUTF16(raw, into: text, isWhole: isWhole)
        }
    }

    private static func decodeLatin1(
        _ raw: UnsafeRawBufferPointer, into text: UnsafeMutableRawBufferPointer
    ) -> Int {
        var made = 0
        var at = 0
        while at < raw.count {
            if at + 8 <= raw.count {
                let word = raw.loadUnaligned(fromByteOffset: at, as: UInt64.self)
                if word & 0x8080_8080_8080_8080 == 0 {
                    text.storeBytes(of: word, toByteOffset: made, as: UInt64.self)
                    at += 8
                    made += 8
                    continue
                }
            }
            made += put(UInt32(raw[at]), text, made)
            at += 1
        }
        return made
    }

    private func decodeUTF16(
        _ raw: UnsafeRawBufferPointer, into text: UnsafeMutableRawBufferPointer, isWhole: Bool
    ) -> (taken: Int, made: Int) {
        var made = 0
        var at = 0
        while at < raw.count {
            if at + 8 <= raw.count {
                // Four units at once, as long as they are ASCII.
                var word = UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: at, as: UInt64.self))
                if isBigEndian { word = (word & 0x00FF_00FF_00FF_00FF) << 8 | word >> 8 & 0x00FF_00FF_00FF_00FF }
                if word & 0xFF80_FF80_FF80_FF80 == 0 {
                    word = (word | word >> 8) & 0x0000_FFFF_0000_FFFF
                    let four = UInt32(truncatingIfNeeded: word | word >> 16)
                    text.storeBytes(of: four.littleEndian, toByteOffset: made, as: UInt32.self)
                    at += 8
                    made += 4
                    continue
                }
            }
            if !isWhole, isCut(at: at, in: raw) { break }
            let (scalar, bytes) = scalar(at: at, in: raw)
            made += TextForm.put(scalar, text, made)
            at += bytes
        }
        return (at, made)
    }

    /// Whether the character at `at` may go on behind the end of `raw`.
    private func isCut(at: Int, in raw: UnsafeRawBufferPointer) -> Bool {
        if raw.count - at >= 4 { return false }
        return raw.count - at < 2 || TextForm.isHighSurrogate(unit(at: at, in: raw))
    }

    /// The unit that begins at `at`; two bytes must be there.
    func unit(at: Int, in raw: UnsafeRawBufferPointer) -> UInt16 {
        let unit = raw.loadUnaligned(fromByteOffset: at, as: UInt16.self)
        return isBigEndian ? UInt16(bigEndian: unit) : UInt16(littleEndian: unit)
    }

    static func isHighSurrogate(_ unit: UInt16) -> Bool { unit & 0xFC00 == 0xD800 }

    static func isLowSurrogate(_ unit: UInt16) -> Bool { unit & 0xFC00 == 0xDC00 }

    /// The character of UTF-16 at `at`, and the bytes that it takes of `raw`; at least one.
    private func scalar(at: Int, in raw: UnsafeRawBufferPointer) -> (scalar: UInt32, bytes: Int) {
        guard raw.count - at >= 2 else { return (0xFFFD, 1) }
        let first = unit(at: at, in: raw)
        guard first & 0xF800 == 0xD800 else { return (UInt32(first), 2) }
        guard TextForm.isHighSurrogate(first), raw.count - at >= 4 else { return (0xFFFD, 2) }
        let second = unit(at: at + 2, in: raw)
        guard TextForm.isLowSurrogate(second) else { return (0xFFFD, 2) }
        return (0x1_0000 + UInt32(first & 0x3FF) << 10 + UInt32(second & 0x3FF), 4)
    }

    /// Writes one character at `at`; returns its bytes.
    private static func put(_ scalar: UInt32, _ text: UnsafeMutableRawBufferPointer, _ at: Int) -> Int {
        let last = UInt8(truncatingIfNeeded: scalar & 0x3F | 0x80)
        switch scalar {
        case ..<0x80:
            text[at] = UInt8(truncatingIfNeeded: scalar)
            return 1
        case ..<0x800:
            text[at] = UInt8(truncatingIfNeeded: scalar >> 6 | 0xC0)
            text[at + 1] = last
            return 2
        case ..<0x1_0000:
            text[at] = UInt8(truncatingIfNeeded: scalar >> 12 | 0xE0)
            text[at + 1] = UInt8(truncatingIfNeeded: scalar >> 6 & 0x3F | 0x80)
            text[at + 2] = last
            return 3
        default:
            text[at] = UInt8(truncatingIfNeeded: scalar >> 18 | 0xF0)
            text[at + 1] = UInt8(truncatingIfNeeded: scalar >> 12 & 0x3F | 0x80)
            text[at + 2] = UInt8(truncatingIfNeeded: scalar >> 6 & 0x3F | 0x80)
            text[at + 3] = last
            return 4
        }
    }
}
