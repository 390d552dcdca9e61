extension String {
    /// Control characters, also those of Unicode that turn the direction of text, written out: log text is shown, never
    /// obeyed.
    package var safe: String {
        func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
            switch scalar.value {
            case 0..<0x20, 0x7F...0x9F, 0x061C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069, 0xFEFF: true
            // A byte of a path that is no UTF-8 (`PathText`).
            case 0xF780...0xF7FF: true
            default: false
            }
        }
        guard unicodeScalars.contains(where: isUnsafe) else { return self }
        return unicodeScalars.map { scalar in
            guard isUnsafe(scalar) else { return String(scalar) }
            let digits = String(PathText.byte(scalar).map(UInt32.init) ?? scalar.value, radix: 16)
            return scalar.value < 0x100 || digits.utf8.count < 3
                ? "\\x" + String(repeating: "0", count: 2 - digits.utf8.count) + digits : "\\u{\(digits)}"
        }.joined()
    }
}
