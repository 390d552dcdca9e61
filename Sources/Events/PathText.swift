/// Paths as text that gives their bytes back.
///
/// A path is bytes without NUL, in no encoding (path_resolution(7)); everything above the system calls holds it as a
/// `String`, whose equality is canonical equivalence. So a byte above 0x7F that is not part of a plain character becomes
/// the private character U+F700 + byte: a name in Latin-1 can be opened, and two names that look the same stay two.
/// Plain is valid UTF-8 whose characters neither combine with their neighbours nor stand for another character.
package enum PathText {
    /// The text of a path as the kernel gives it.
    package static func text(_ bytes: some Sequence<UInt8>) -> String {
        let bytes = Array(bytes)
        guard bytes.contains(where: { $0 >= 0x80 }) else { return String(decoding: bytes, as: UTF8.self) }
        var text = String.UnicodeScalarView()
        var at = 0
        while at < bytes.count {
            if let (scalar, length) = character(bytes[at...]), isPlain(scalar) {
                text.append(scalar)
                at += length
            } else {
                text.append(bytes[at] < 0x80 ? Unicode.Scalar(bytes[at]) : standIn(bytes[at]))
                at += 1
            }
        }
        return String(text)
    }

    /// The bytes of a path, without the NUL at its end. What holds no stand-in comes out as its UTF-8.
    package static func bytes(_ text: String) -> [UInt8] {
        guard hasStandIn(text) else { return Array(text.utf8) }
        var bytes: [UInt8] = []
        for scalar in text.unicodeScalars {
            if let byte = byte(scalar) { bytes.append(byte) } else { bytes += Array(UTF8.encode(scalar) ?? .init()) }
        }
        return bytes
    }

    /// The byte that a character stands for; nil where it stands for itself.
    package static func byte(_ scalar: Unicode.Scalar) -> UInt8? {
        (0xF780...0xF7FF).contains(scalar.value) ? UInt8(truncatingIfNeeded: scalar.value) : nil
    }

    /// Calls `body` with the path as system calls take it. The pointer is valid during the call.
    package static func withBytes<Result>(_ text: String, _ body: (UnsafePointer<CChar>) -> Result) -> Result {
        // Nearly all paths: no copy.
        guard hasStandIn(text) else { return text.withCString(body) }
        return (bytes(text).map { CChar(bitPattern: $0) } + [0]).withUnsafeBufferPointer { buffer in
            guard let start = buffer.baseAddress else { return text.withCString(body) }
            return body(start)
        }
    }

    /// U+F780 to U+F7FF are EF 9E 80 to EF 9F BF.
    private static func hasStandIn(_ text: String) -> Bool {
        var last: UInt8 = 0
        for byte in text.utf8 {
            if last == 0xEF, byte & 0xFE == 0x9E { return true }
            last = byte
        }
        return false
    }

    private static func standIn(_ byte: UInt8) -> Unicode.Scalar { Unicode.Scalar(0xF700 + UInt16(byte)) ?? "\u{FFFD}" }

    /// The first character of `bytes` if it is valid UTF-8, and its length in bytes.
    private static func character(_ bytes: ArraySlice<UInt8>) -> (Unicode.Scalar, Int)? {
        var decoder = UTF8()
        var iterator = bytes.prefix(4).makeIterator()
        guard case .scalarValue(let scalar) = decoder.decode(&iterator) else { return nil }
        return (scalar, UTF8.width(scalar))
    }

    /// Whether a character is equal to itself alone, whatever stands around it (UAX #15: it neither combines nor has a
    /// singleton decomposition), and is no stand-in.
    private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
        guard byte(scalar) == nil, scalar.properties.canonicalCombiningClass == .notReordered else { return false }
        return !unequal.contains { $0.contains(scalar.value) }
    }

    /// Jamo, which combine to syllables; Greek with two accents; signs and ideographs that stand for others.
    private static let unequal: [ClosedRange<UInt32>] = [
        0x0374...0x0374, 0x037E...0x037E, 0x0387...0x0387, 0x09BE...0x09BE, 0x09D7...0x09D7, 0x0B3E...0x0B57,
        0x0BBE...0x0BBE, 0x0BD7...0x0BD7, 0x0CC2...0x0CD6, 0x0D3E...0x0D57, 0x0DCF...0x0DDF, 0x102E...0x102E,
        0x1100...0x11FF, 0x1B35...0x1B35, 0x1F00...0x1FFF, 0x2000...0x2001, 0x2126...0x212B, 0x2329...0x232A,
        0xA960...0xA97F, 0xD7B0...0xD7FF, 0xF900...0xFAFF, 0x11000...0x11FFF, 0x1D100...0x1D1FF, 0x2F800...0x2FA1F,
    ]
}
