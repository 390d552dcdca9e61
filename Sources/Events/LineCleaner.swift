/// Step A of grouping: the first line of a message without terminal colours and control characters, bounded.
enum LineCleaner {
    /// How many bytes of a message are looked at to fill the buffer; colours may take up three quarters of them.
    static let inputBytesMax = 4 * Normaliser.messageBytesMax

    /// Copies the first line of `message` into `target` (at least `Normaliser.messageBytesMax` bytes) and returns how
    /// many bytes it took. Control characters become blanks. A line that does not fit ends with its last whole word.
    static func clean(_ message: UnsafeRawBufferPointer, into target: UnsafeMutableBufferPointer<UInt8>) -> Int {
        let limit = min(message.count, inputBytesMax)
        let room = min(target.count, Normaliser.messageBytesMax)
        guard let base = target.baseAddress else { return 0 }
        var read = 0
        var written = 0
        while read < limit && written < room {
            // Eight bytes at once while none of them is a control character; DEL is rare enough to take the slow way.
            while read + 8 <= limit && written + 8 <= room {
                let eight = message.loadUnaligned(fromByteOffset: read, as: UInt64.self)
                let below = (eight &- 0x2020_2020_2020_2020) & ~eight & 0x8080_8080_8080_8080
                let deleted = eight ^ 0x7f7f_7f7f_7f7f_7f7f
                let equal = (deleted &- 0x0101_0101_0101_0101) & ~deleted & 0x8080_8080_8080_8080
                if below | equal != 0 { break }
                UnsafeMutableRawPointer(base + written).storeBytes(of: eight, as: UInt64.self)
                read += 8
                written += 8
            }
            guard read < limit && written < room else { break }
            let byte = message[read]
            if byte >= 0x20 && byte != 0x7f {
                target[written] = byte
                written += 1
                read += 1
            } else if byte == 0x0a {
                return written
            } else if byte == 0x1b {
                read = min(escapeEnd(message, at: read), limit)
            } else {
                target[written] = 0x20
                written += 1
                read += 1
            }
        }
        guard read < message.count, !message[read].isGap else { return written }
        var end = written
        while end > 0 && target[end - 1] != 0x20 { end -= 1 }
        return end > 0 ? end : written
    }

    /// The first byte after the escape sequence that begins at `offset` with ESC (ECMA-48: CSI, OSC, two-byte ones).
    static func escapeEnd(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> Int {
        var index = offset + 1
        guard index < bytes.count else { return index }
        switch bytes[index] {
        case UInt8(ascii: "["):
            index += 1
            while index < bytes.count, index - offset < sequenceBytesMax, bytes[index] >= 0x20, bytes[index] < 0x40 {
                index += 1
            }
            return index < bytes.count && bytes[index] >= 0x40 && bytes[index] < 0x7f ? index + 1 : index
        case UInt8(ascii: "]"):
            index += 1
            while index < bytes.count, index - offset < sequenceBytesMax, bytes[index] >= 0x20, bytes[index] != 0x7f {
                index += 1
            }
            if index < bytes.count && bytes[index] == 0x07 { return index + 1 }
            return bytes.has("\u{1b}\\", at: index) ? index + 2 : index
        case 0x20...0x7e: return index + 1
        default: return index
        }
    }

    /// An escape sequence longer than this is broken; the rest of it is taken as text.
    private static let sequenceBytesMax = 256
}
