/// The key of an issue: 128 bits that depend on the event alone, never on the host, the order or the process.
package struct Fingerprint: Hashable, Sendable, Codable {
    package var high: UInt64
    package var low: UInt64
    /// Which normaliser and which recipe made it. A change to either raises it, so that old keys can be aliased.
    package var version: UInt8

    /// The version that this program writes.
    package static let currentVersion: UInt8 = 1

    package init(high: UInt64, low: UInt64, version: UInt8 = Fingerprint.currentVersion) {
        self.high = high
        self.low = low
        self.version = version
    }
}

extension Fingerprint: CustomStringConvertible, LosslessStringConvertible {
    /// `v1-` and 32 hexadecimal digits.
    package var description: String { "v\(version)-" + Fingerprint.hex(high) + Fingerprint.hex(low) }

    package init?(_ description: String) {
        guard description.hasPrefix("v"), let dash = description.firstIndex(of: "-"),
            let version = UInt8(description[description.index(after: description.startIndex)..<dash])
        else { return nil }
        let digits = description[description.index(after: dash)...]
        guard digits.utf8.count == 32, digits.utf8.allSatisfy({ $0 != UInt8(ascii: "+") && $0 != UInt8(ascii: "-") }),
            let high = UInt64(digits.prefix(16), radix: 16), let low = UInt64(digits.suffix(16), radix: 16)
        else { return nil }
        self.init(high: high, low: low, version: version)
    }

    private static func hex(_ word: UInt64) -> String {
        let digits = String(word, radix: 16)
        return String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }

    /// Crockford's base 32, without I, L, O and U: what people read out on the phone at night.
    package static let idAlphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)
    /// How many characters of an id are given to an issue at first; it grows when two issues would share it.
    package static let idCharactersMin = 5
    /// All 128 bits.
    package static let idCharactersMax = 26

    /// The first `characters` (1 to 26) of the key in Crockford's base 32: the id of an issue, like a short commit hash.
    package func id(characters: Int = Fingerprint.idCharactersMin) -> String {
        var id = ""
        for index in 0..<min(characters, Fingerprint.idCharactersMax) {
            var value = 0
            for bit in index * 5..<index * 5 + 5 {
                let set = bit < 64 ? high >> (63 - bit) & 1 : bit < 128 ? low >> (127 - bit) & 1 : 0
                value = value << 1 | Int(set)
            }
            id.unicodeScalars.append(Unicode.Scalar(Fingerprint.idAlphabet[value]))
        }
        return id
    }
}
