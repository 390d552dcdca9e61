/// What stays the same of a message, as words, and the places at which siblings of it may differ.
///
/// Two skeletons are siblings where one word of them differs: `cannot load plugin mail from the registry` and `cannot
/// load plugin chat from the registry`. The normaliser cannot tell that the word is a value; a number of siblings can.
/// Not every word may be such a value: see `mayDiffer`.
package struct Skeleton: Sendable, Hashable {
    /// Words with one blank between them, as `Normaliser.skeleton` has it.
    package let text: String
    /// Bytes of the words, in order. Compared as bytes: `String` holds canonically equivalent words for equal.
    package let words: [[UInt8]]
    /// Indices of the words that may differ from those of a sibling, rising; at most `placesMax`.
    package let places: [Int]

    /// Constant words that a skeleton must have more than, so that enough is left to know it by.
    package static let constantWordsMin = 3
    /// Places looked at, from the first on.
    package static let placesMax = 32
    /// In place of a word that varies.
    package static let placeholder = "<*>"

    /// `text` is a skeleton as `Normaliser` writes it. Nil where it has too few words to have siblings.
    package init?(_ text: String) {
        let words = text.utf8.split(separator: UInt8(ascii: " ")).map { Array($0) }
        let constants = words.count { word in word.withUnsafeBytes(Skeleton.isConstant) }
        guard constants > Skeleton.constantWordsMin else { return nil }
        self.text = text
        self.words = words
        places = Array(
            words.indices.dropFirst().filter { Skeleton.mayDiffer(words, at: $0) }.prefix(Skeleton.placesMax))
    }

    /// The skeleton with a placeholder at `place`, and with one for a run of them.
    package func holed(at place: Int) -> String {
        let placeholder = Array(Skeleton.placeholder.utf8)
        var written: [UInt8] = []
        var before: [UInt8] = []
        for (index, word) in words.enumerated() {
            let next = index == place ? placeholder : word
            if next == placeholder, before == placeholder { continue }
            if index > 0 { written.append(UInt8(ascii: " ")) }
            written += next
            before = next
        }
        return String(decoding: written, as: UTF8.self)
    }

    /// The word at `place`, as text.
    package func word(at place: Int) -> String { String(decoding: words[place], as: UTF8.self) }

    /// Whether the two have the same words but at `place`, and other ones there.
    package func differs(from other: Skeleton, at place: Int) -> Bool {
        guard words.count == other.words.count, place < words.count else { return false }
        return words.indices.allSatisfy { (words[$0] == other.words[$0]) == ($0 != place) }
    }

    /// Holds a letter and nothing that was masked.
    private static func isConstant(_ word: UnsafeRawBufferPointer) -> Bool {
        word.find("<*>") == nil && word.contains { ByteClass.table[Int($0)].contains(.letter) }
    }

    /// Whether a word may be a value. Never the first word; never a level, the name of an exception, a code, a word that
    /// tells of a fault, or one of a pair of opposites: messages that differ in those are different messages.
    private static func mayDiffer(_ words: [[UInt8]], at place: Int) -> Bool {
        words[place].withUnsafeBytes { word in
            guard isConstant(word), LogLevel(word: word.core) == nil, !OppositeWord.contains(word.core),
                !FaultWord.isIn(word)
            else { return false }
            var classes: ByteClass = []
            for byte in word { classes.formUnion(ByteClass.table[Int(byte)]) }
            return words[place - 1].withUnsafeBytes { previous in
                ProtectedTokens.keptBytes(
                    of: word, classes: classes, previous: previous.core, previousIsFirst: place == 1) == 0
            }
        }
    }
}
