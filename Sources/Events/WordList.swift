/// A small fixed set of ASCII words that turns nearly every other word away by its length and first letter.
struct WordList: Sendable {
    private let words: [StaticString]
    /// For each length, the low five bits of the first bytes that occur: they are the same for both cases of a letter.
    private let firstBytes: [UInt32]

    private static let lengthMax = 23

    /// `words` have 1 to 23 bytes each.
    init(_ words: [StaticString]) {
        var firstBytes = [UInt32](repeating: 0, count: WordList.lengthMax + 1)
        for word in words where word.utf8CodeUnitCount <= WordList.lengthMax {
            firstBytes[word.utf8CodeUnitCount] |= 1 << UInt32(word.utf8Start[0] & 31)
        }
        self.words = words
        self.firstBytes = firstBytes
    }

    /// Whether `bytes` are one of the words.
    func contains(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard mayContain(bytes) else { return false }
        for word in words where bytes.equals(word) { return true }
        return false
    }

    /// The same in any case; the words are in lower case.
    func containsAnyCase(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard mayContain(bytes) else { return false }
        for word in words where bytes.equalsAnyCase(word) { return true }
        return false
    }

    private func mayContain(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard bytes.count > 0, bytes.count <= WordList.lengthMax else { return false }
        return firstBytes[bytes.count] & 1 << UInt32(bytes[0] & 31) != 0
    }
}
