/// SipHash-2-4 with a fixed key: the hash behind every id that leaves the process.
///
/// Keyed so that nobody can prepare colliding log lines without knowing our constants, fixed so that every host and
/// every restart agrees; Swift's `Hasher` is seeded per process and must never reach an id. Source: Aumasson and
/// Bernstein, "SipHash: a fast short-input PRF" (2012); the 128-bit variant is that of their reference implementation.
/// A value: copies hash on independently.
package struct SipHash: Sendable {
    /// A 128-bit key, little-endian halves.
    package struct Key: Sendable {
        package var low: UInt64
        package var high: UInt64

        package init(low: UInt64, high: UInt64) {
            self.low = low
            self.high = high
        }

        /// The key of every stored hash: the bytes of "margay.eventkey1". Changing it renames every issue.
        package static let fixed = Key(low: 0x652e_7961_6772_616d, high: 0x3179_656b_746e_6576)
    }

    private var v0: UInt64
    private var v1: UInt64
    private var v2: UInt64
    private var v3: UInt64
    /// Bytes not yet mixed in, the first in the lowest byte. Invariant: holds `length % 8` of them.
    private var tail: UInt64 = 0
    /// Bytes added so far.
    private var length = 0

    /// A hash with 128 bits of output.
    package init(key: Key = .fixed) {
        self.init(key: key, wide: true)
    }

    private init(key: Key, wide: Bool) {
        v0 = key.low ^ 0x736f_6d65_7073_6575
        v1 = key.high ^ 0x646f_7261_6e64_6f6d ^ (wide ? 0xee : 0)
        v2 = key.low ^ 0x6c79_6765_6e65_7261
        v3 = key.high ^ 0x7465_6462_7974_6573
    }

    /// SipHash-2-4 with 64 bits of output over `bytes`: content proofs and the rank of samples.
    package static func hash64(_ bytes: UnsafeRawBufferPointer, key: Key = .fixed) -> UInt64 {
        var hash = SipHash(key: key, wide: false)
        hash.add(bytes)
        hash.close()
        hash.v2 ^= 0xff
        for _ in 0..<4 { hash.round() }
        return hash.word
    }

    /// Adds bytes; how they are split over calls makes no difference.
    package mutating func add(_ bytes: UnsafeRawBufferPointer) {
        var index = 0
        while length % 8 != 0 && index < bytes.count {
            add(bytes[index])
            index += 1
        }
        while index + 8 <= bytes.count {
            mix(UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)))
            length &+= 8
            index += 8
        }
        let rest = bytes.count - index
        guard rest > 0 else { return }
        if length % 8 != 0 {
            // Fewer bytes than fill the block.
            while index < bytes.count {
                add(bytes[index])
                index += 1
            }
            return
        }
        // At most seven bytes on an empty tail: gathered at once.
        for place in 0..<rest { tail |= UInt64(bytes[index &+ place]) &<< UInt64(truncatingIfNeeded: 8 &* place) }
        length &+= rest
    }

    /// Adds a number as eight bytes, the lowest first.
    package mutating func add(_ number: UInt64) {
        if length % 8 == 0 {
            mix(number)
            length &+= 8
        } else {
            withUnsafeBytes(of: number.littleEndian) { add($0) }
        }
    }

    /// The 128 bits over all that was added; `first` is the first eight bytes of the reference output, little-endian.
    package consuming func finish() -> (first: UInt64, second: UInt64) {
        close()
        v2 ^= 0xee
        for _ in 0..<4 { round() }
        let first = word
        v1 ^= 0xdd
        for _ in 0..<4 { round() }
        return (first, word)
    }

    private var word: UInt64 { v0 ^ v1 ^ v2 ^ v3 }

    private mutating func add(_ byte: UInt8) {
        tail |= UInt64(byte) << UInt64(8 * (length % 8))
        length &+= 1
        if length % 8 == 0 {
            mix(tail)
            tail = 0
        }
    }

    private mutating func close() {
        mix(tail | UInt64(truncatingIfNeeded: length) << 56)
    }

    private mutating func mix(_ block: UInt64) {
        v3 ^= block
        round()
        round()
        v0 ^= block
    }

    private mutating func round() {
        v0 = v0 &+ v1
        v1 = v1.rotated(13) ^ v0
        v0 = v0.rotated(32)
        v2 = v2 &+ v3
        v3 = v3.rotated(16) ^ v2
        v0 = v0 &+ v3
        v3 = v3.rotated(21) ^ v0
        v2 = v2 &+ v1
        v1 = v1.rotated(17) ^ v2
        v2 = v2.rotated(32)
    }
}

extension UInt64 {
    fileprivate func rotated(_ bits: UInt64) -> UInt64 { self &<< bits | self &>> (64 &- bits) }
}
