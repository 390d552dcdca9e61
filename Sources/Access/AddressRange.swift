internal import Glibc

/// An address of the network layer, or all that begin with the same bits: `127.0.0.1`, `::1`, `10.0.0.0/8`.
package struct AddressRange: Sendable, Equatable, CustomStringConvertible {
    private let bytes: [UInt8]
    private let bits: Int
    package let description: String

    /// Nil where it is none.
    package init?(_ text: String) {
        let sides = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let bytes = AddressRange.bytes(String(sides[0])) else { return nil }
        var bits = bytes.count * 8
        if sides.count == 2 {
            guard let given = Int(sides[1]), (0...bits).contains(given) else { return nil }
            bits = given
        }
        self.bytes = bytes
        self.bits = bits
        description = text
    }

    package func contains(_ address: String) -> Bool {
        guard let other = AddressRange.bytes(address), other.count == bytes.count else { return false }
        let whole = bits / 8
        guard bytes[..<whole] == other[..<whole] else { return false }
        let rest = bits % 8
        guard rest > 0 else { return true }
        let mask = UInt8(truncatingIfNeeded: 0xFF << (8 - rest))
        return bytes[whole] & mask == other[whole] & mask
    }

    /// Whether `text` is an address, and no name that could be made to lead anywhere.
    package static func isAddress(_ text: String) -> Bool { bytes(text) != nil }

    /// By what a visitor is counted: the address; of one of IPv6 the first 64 bits, since whoever has one has all of these.
    package static func group(of address: String) -> String {
        guard let bytes = bytes(address) else { return address }
        return bytes.count == 4
            ? bytes.map { String($0) }.joined(separator: ".")
            : bytes.prefix(8).map { String($0, radix: 16) }.joined(separator: ":") + "/64"
    }

    /// 4 or 16 bytes; an IPv4 address in the clothes of IPv6 (`::ffff:10.0.0.1`) is the one of IPv4.
    private static func bytes(_ text: String) -> [UInt8]? {
        var four = in_addr()
        if inet_pton(AF_INET, text, &four) == 1 { return withUnsafeBytes(of: &four) { Array($0) } }
        var six = in6_addr()
        guard inet_pton(AF_INET6, text, &six) == 1 else { return nil }
        let bytes = withUnsafeBytes(of: &six) { Array($0) }
        let mapped = [UInt8](repeating: 0, count: 10) + [0xFF, 0xFF]
        return Array(bytes.prefix(12)) == mapped ? Array(bytes.suffix(4)) : bytes
    }
}
