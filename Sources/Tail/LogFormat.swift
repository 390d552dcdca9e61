/// How the bytes of a finished log lie on disk, told by its first bytes and never by its name.
package enum LogFormat: String, Sendable, CaseIterable {
    case plain
    case gzip
    case zstandard = "zstd"
    case bzip2
    case xz

    /// Bytes that settle the format of any file.
    static let magicBytesMax = 10

    private static let magics: [(format: LogFormat, bytes: [UInt8])] = [
        (.gzip, [0x1F, 0x8B, 0x08]),  // RFC 1952, section 2.3.1: method 8 is the only one in use
        (.zstandard, [0x28, 0xB5, 0x2F, 0xFD]),  // RFC 8878, section 3.1.1
        (.xz, [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00]),  // The .xz file format, section 2.1.1.1
    ]

    /// What follows `BZh` and a digit: the first block's mark, or the end's in an archive of nothing. Without it, a text
    /// that begins with `BZh9` is a text.
    private static let bzip2Marks: [[UInt8]] = [
        [0x31, 0x41, 0x59, 0x26, 0x53, 0x59], [0x17, 0x72, 0x45, 0x38, 0x50, 0x90],
    ]

    /// The format of a file that begins with `bytes`; nil while `bytes` could still become any of several.
    package static func of(_ bytes: some Collection<UInt8>) -> LogFormat? {
        var isOpen = false
        for magic in magics {
            if bytes.starts(with: magic.bytes) { return magic.format }
            if magic.bytes.starts(with: bytes) { isOpen = true }
        }
        for rest in [skippedFrame(bytes), bzip2(bytes)] {
            if let format = rest, format != .plain { return format }
            if rest == nil { isOpen = true }
        }
        return isOpen ? nil : .plain
    }

    /// A zstd frame to skip, with which archives of several threads begin (RFC 8878, section 3.1.2): 0x50 to 0x5F first.
    private static func skippedFrame(_ bytes: some Collection<UInt8>) -> LogFormat? {
        let rest: [UInt8] = [0x2A, 0x4D, 0x18]
        guard let first = bytes.first else { return nil }
        guard (0x50...0x5F).contains(first) else { return .plain }
        let following = bytes.dropFirst()
        if following.starts(with: rest) { return .zstandard }
        return rest.starts(with: following) ? nil : .plain
    }

    private static func bzip2(_ bytes: some Collection<UInt8>) -> LogFormat? {
        let stem = Array("BZh".utf8)
        guard bytes.starts(with: stem) else { return stem.starts(with: bytes) ? nil : .plain }
        guard let level = bytes.dropFirst(stem.count).first else { return nil }
        guard (UInt8(ascii: "1")...UInt8(ascii: "9")).contains(level) else { return .plain }
        let mark = bytes.dropFirst(stem.count + 1)
        if bzip2Marks.contains(where: { mark.starts(with: $0) }) { return .bzip2 }
        return bzip2Marks.contains { $0.starts(with: mark) } ? nil : .plain
    }
}
