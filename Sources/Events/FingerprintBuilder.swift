/// Hashes the fields that make up the key of an issue, in the order in which they are added.
///
/// Each field is preceded by its length, so that ("ab", "c") and ("a", "bc") are two keys. No allocation.
/// ```swift
/// var builder = FingerprintBuilder()
/// builder.add("nginx.upstream-timeout")
/// builder.add(reasonBytes)
/// let fingerprint = builder.finish()
/// ```
package struct FingerprintBuilder: Sendable {
    private var hash = SipHash()

    /// An empty key of `Fingerprint.currentVersion`; the version is hashed with it.
    package init() {
        hash.add(UInt64(Fingerprint.currentVersion))
    }

    /// Adds one field, which may be empty. The bytes are read at once and not kept.
    package mutating func add(_ bytes: UnsafeRawBufferPointer) {
        hash.add(UInt64(bytes.count))
        hash.add(bytes)
    }

    /// Adds the UTF-8 of `text` as one field.
    package mutating func add(_ text: String) {
        var text = text
        text.withUTF8 { add(UnsafeRawBufferPointer($0)) }
    }

    /// Adds a number as one field: a count of the fields that follow, a code.
    package mutating func add(_ number: Int) {
        withUnsafeBytes(of: UInt64(bitPattern: Int64(number)).littleEndian) { add($0) }
    }

    /// The key over all fields; the builder may go on being used.
    package func finish() -> Fingerprint {
        let words = hash.finish()
        return Fingerprint(high: words.first.byteSwapped, low: words.second.byteSwapped)
    }
}
