internal import Events

/// All keys that begin with what a person typed, as two ends of a range.
struct FingerprintRange: Equatable {
    var lowest: Fingerprint
    var highest: Fingerprint
    /// Nil where the text names no version.
    var version: UInt8?

    /// Reads the beginning of a key: as an id (Crockford's base 32; O is read as 0, I and L as 1, case and hyphens do
    /// not matter), or as `v1-` and hexadecimal digits, or as all 32 of these. Nil for anything else.
    init?(_ text: String) {
        guard text.utf8.count <= FingerprintRange.bytesMax else { return nil }
        let bytes = text.utf8.map { byte in
            byte >= UInt8(ascii: "a") && byte <= UInt8(ascii: "z") ? byte - 32 : byte
        }
        var digits = bytes[...]
        if bytes.first == UInt8(ascii: "V"), let dash = bytes.firstIndex(of: UInt8(ascii: "-")),
            let named = UInt8(String(decoding: bytes[1..<dash], as: UTF8.self))
        {
            self.init(bytes[(dash + 1)...], bitsEach: 4, version: named)
        } else if digits.count == 32 {
            self.init(digits, bitsEach: 4, version: nil)
        } else {
            digits.removeAll { $0 == UInt8(ascii: "-") }
            guard !digits.isEmpty else { return nil }
            self.init(digits, bitsEach: 5, version: nil)
        }
    }

    /// Room for `v255-` and 32 digits.
    private static let bytesMax = 40

    private init?(_ digits: ArraySlice<UInt8>, bitsEach: Int, version: UInt8?) {
        var low: (high: UInt64, low: UInt64) = (0, 0)
        var high: (high: UInt64, low: UInt64) = (.max, .max)
        var bit = 0
        for digit in digits {
            guard let value = FingerprintRange.value(of: digit), value < 1 << bitsEach else { return nil }
            for place in (0..<bitsEach).reversed() {
                let set = value >> place & 1 == 1
                // The last of 26 characters has two bits more than the key; they are always zero.
                guard bit < 128 else {
                    if set || digits.count > Fingerprint.idCharactersMax { return nil }
                    continue
                }
                let mask: UInt64 = 1 << UInt64(63 - bit % 64)
                switch (bit < 64, set) {
                case (true, true): low.high |= mask
                case (true, false): high.high &= ~mask
                case (false, true): low.low |= mask
                case (false, false): high.low &= ~mask
                }
                bit += 1
            }
        }
        let anyVersion = version ?? Fingerprint.currentVersion
        lowest = Fingerprint(high: low.high, low: low.low, version: anyVersion)
        highest = Fingerprint(high: high.high, low: high.low, version: anyVersion)
        self.version = version
    }

    private static func value(of digit: UInt8) -> Int? {
        switch digit {
        case UInt8(ascii: "O"): 0
        case UInt8(ascii: "I"), UInt8(ascii: "L"): 1
        default: Fingerprint.idAlphabet.firstIndex(of: digit)
        }
    }
}
