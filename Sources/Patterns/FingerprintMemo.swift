import Events
import Glibc

/// Remembers the fingerprints of messages that came before, byte for byte: the same fault over and over is masked and
/// hashed once.
///
/// It cannot change an answer. The fingerprint of a pattern that groups by the message alone depends on the pattern, the
/// severity and the bytes of the message, and all of these are compared, not their hash alone. In a log in which every
/// message differs it costs a hash and a copy of each, about a hundredth of what an event costs.
///
/// One for each interpreter, of one thread. Its memory (6 MB when full) is given by the system as it is written to.
final class FingerprintMemo {
    /// Entries; a power of two.
    private static let entriesMax = 1 << 15
    /// Bytes of messages that are kept, in a ring: the latest of them.
    private static let textBytesMax = 4 << 20
    /// Entries among which the place of a hash is chosen.
    private static let ways = 4
    /// A longer message is not remembered.
    static let messageBytesMax = 256

    /// What an answer depends on besides the bytes of the message.
    struct Key: Equatable {
        var rule: Int32
        var severity: Severity
    }

    private struct Entry {
        var key: Key
        /// Bytes of the message.
        var count: Int32
        /// Where its bytes begin, counted over all that was ever written to the ring.
        var position: Int
        var fingerprint: Fingerprint
    }

    /// The hash of each entry; 0 for none.
    private let hashes: UnsafeMutablePointer<UInt64>
    private let entries: UnsafeMutablePointer<Entry>
    private let texts: UnsafeMutableRawPointer
    /// Bytes ever written to the ring, with those left out at its end.
    private var written = 0
    /// Which of the ways is given up next.
    private var turn = 0

    /// Nil where there is no memory for it.
    init?() {
        // Zeroed pages of their own: not there until they are used.
        guard let hashes = calloc(FingerprintMemo.entriesMax, MemoryLayout<UInt64>.stride),
            let entries = calloc(FingerprintMemo.entriesMax, MemoryLayout<Entry>.stride),
            let texts = calloc(FingerprintMemo.textBytesMax, 1)
        else { return nil }
        self.hashes = hashes.bindMemory(to: UInt64.self, capacity: FingerprintMemo.entriesMax)
        self.entries = entries.bindMemory(to: Entry.self, capacity: FingerprintMemo.entriesMax)
        self.texts = texts
    }

    deinit {
        free(hashes)
        free(entries)
        free(texts)
    }

    /// The fingerprint of `message`, from memory or made by `make`.
    func fingerprint(
        of message: UnsafeRawBufferPointer, _ key: Key, orMake make: () -> Fingerprint
    ) -> Fingerprint {
        guard let base = message.baseAddress, message.count <= FingerprintMemo.messageBytesMax else { return make() }
        let hash = FingerprintMemo.hash(base, message.count, key)
        let set = Int(truncatingIfNeeded: hash >> 32) & (FingerprintMemo.entriesMax / FingerprintMemo.ways - 1)
        let first = set * FingerprintMemo.ways
        for place in first..<first + FingerprintMemo.ways where hashes[place] == hash {
            let entry = entries[place]
            if entry.count == message.count, entry.key == key, isKept(entry, base, message.count) {
                return entry.fingerprint
            }
            return note(message, key, hash, make(), at: place)
        }
        turn = (turn + 1) & (FingerprintMemo.ways - 1)
        let free = (first..<first + FingerprintMemo.ways).first { hashes[$0] == 0 }
        return note(message, key, hash, make(), at: free ?? first + turn)
    }

    private func note(
        _ message: UnsafeRawBufferPointer, _ key: Key, _ hash: UInt64, _ made: Fingerprint, at place: Int
    ) -> Fingerprint {
        guard let base = message.baseAddress else { return made }
        hashes[place] = hash
        entries[place] = Entry(
            key: key, count: Int32(message.count), position: keep(base, message.count), fingerprint: made)
        return made
    }

    /// Whether the bytes of the entry are still in the ring, and are those at `base`.
    private func isKept(_ entry: Entry, _ base: UnsafeRawPointer, _ count: Int) -> Bool {
        guard written - entry.position <= FingerprintMemo.textBytesMax else { return false }
        return memcmp(texts + entry.position % FingerprintMemo.textBytesMax, base, count) == 0
    }

    /// Writes bytes to the ring, in one piece; returns where they begin.
    private func keep(_ base: UnsafeRawPointer, _ count: Int) -> Int {
        let room = FingerprintMemo.textBytesMax - written % FingerprintMemo.textBytesMax
        if room < count { written += room }
        let position = written
        (texts + position % FingerprintMemo.textBytesMax).copyMemory(from: base, byteCount: count)
        written += count
        return position
    }

    /// Tells messages apart in memory and never leaves it: two multiplications of 64 bits for sixteen bytes, halves
    /// folded. Never 0.
    private static func hash(_ base: UnsafeRawPointer, _ count: Int, _ key: Key) -> UInt64 {
        var hash = UInt64(truncatingIfNeeded: count) &+ UInt64(truncatingIfNeeded: Int(key.rule)) << 32
        hash = folded(hash ^ 0x9E37_79B9_7F4A_7C15, UInt64(key.severity.rawValue) ^ 0xC2B2_AE3D_27D4_EB4F)
        var offset = 0
        while offset + 8 <= count {
            hash = folded(
                hash ^ base.loadUnaligned(fromByteOffset: offset, as: UInt64.self), 0x9FB2_1C65_1E98_DF25)
            offset += 8
        }
        var tail: UInt64 = 0
        while offset < count {
            tail = tail << 8 | UInt64(base.load(fromByteOffset: offset, as: UInt8.self))
            offset += 1
        }
        return folded(hash ^ tail, 0xD6E8_FEB8_6659_FD93) | 1
    }

    @inline(__always) private static func folded(_ left: UInt64, _ right: UInt64) -> UInt64 {
        let product = left.multipliedFullWidth(by: right)
        return product.high ^ product.low
    }
}
