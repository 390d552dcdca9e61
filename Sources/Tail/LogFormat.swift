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

    /// The first block's mark, after `BZh` and a digit: without it, a text that begins with `BZh9` is a text.
    private static let bzip2Block: [UInt8] = [0x31, 0x41, 0x59, 0x26, 0x53, 0x59]

    /// The format of a file that begins with `bytes`; nil while `bytes` could still become any of several.
    package static func of(_ bytes: some Collection<UInt8>) -> LogFormat? {
        for magic in magics {
            if bytes.starts(with: magic.bytes) { return magic.format }
            if magic.bytes.starts(with: bytes) { return nil }
        }
        let pattern = Array("BZh".utf8)
        for (index, byte) in bytes.enumerated() {
            switch index {
            case 0..<3: if byte != pattern[index] { return .plain }
            case 3: if !(UInt8(ascii: "1")...UInt8(ascii: "9")).contains(byte) { return .plain }
            case 4..<magicBytesMax: if byte != bzip2Block[index - 4] { return .plain }
            default: return .bzip2
            }
            if index == magicBytesMax - 1 { return .bzip2 }
        }
        return nil
    }
}
