import CLinux
import Glibc

/// Where lines begin and end in a block. A line's end is its newline, or the end of the block.
extension UnsafeRawBufferPointer {
    /// Offset of the first newline at or after `offset`; `count` when there is none.
    func lineEnd(from offset: Int) -> Int {
        guard let base = baseAddress, offset < count else { return count }
        guard let found = memchr(base + offset, Int32(UInt8(ascii: "\n")), count - offset) else { return count }
        return base.distance(to: UnsafeRawPointer(found))
    }

    /// Offset of the first byte of the line that holds the byte at `offset`, looking no further back than `floor`.
    func lineStart(of offset: Int, floor: Int) -> Int {
        guard let base = baseAddress, offset > floor else { return offset }
        let newline = margay_last_index(base + floor, Int32(UInt8(ascii: "\n")), offset - floor)
        return newline < 0 ? floor : floor + newline + 1
    }

    /// The line from `start` to `end`, without the `\r` of a CRLF.
    func line(_ start: Int, _ end: Int) -> UnsafeRawBufferPointer {
        let isCRLF = end > start && self[end - 1] == UInt8(ascii: "\r")
        return UnsafeRawBufferPointer(rebasing: self[start..<(isCRLF ? end - 1 : end)])
    }
}
