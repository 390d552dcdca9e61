/// Makes bytes of a log safe to show: hostile text stays text.
package enum DisplayText {
    /// `bytes` as valid UTF-8 of at most `bytesMax` bytes. Control characters and those that change the direction of
    /// writing become `\u{…}`; where text is cut off it ends in "…".
    package static func escaped(_ bytes: some Sequence<UInt8>, bytesMax: Int) -> String {
        let bytes = Array(bytes.prefix(bytesMax + 4))
        let isPlain = bytes.count <= bytesMax && bytes.allSatisfy { $0 >= 0x20 && $0 < 0x7f }
        if isPlain { return String(decoding: bytes, as: UTF8.self) }
        var text = ""
        var count = 0
        /// Where to cut so that "…" fits behind.
        var roomy = text.endIndex
        for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
            let piece = isSteering(scalar) ? "\\u{\(String(scalar.value, radix: 16))}" : String(scalar)
            count += piece.utf8.count
            if count > bytesMax { return text[..<roomy] + "…" }
            text += piece
            if count <= bytesMax - 3 { roomy = text.endIndex }
        }
        return text
    }

    /// C0, DEL and C1 controls, line and paragraph separators, and the marks of bidirectional text.
    private static func isSteering(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7f..<0xa0, 0x200e...0x200f, 0x2028...0x202e, 0x2066...0x2069, 0xfeff: true
        default: false
        }
    }
}
