/// What users and tokens may be called: 1 to 64 of `A-Z a-z 0-9 . _ @ + -`, a letter or digit first. Pages, logs and
/// command lines bear these as they are, and no two of them look alike.
package enum AccountName {
    package static let bytesMax = 64
    /// The rule, as the end of a sentence.
    package static let rule = "1 to 64 of the letters A to Z, digits and . _ @ + -, a letter or digit first"

    /// What the history calls Margay itself, and what `assign` takes for the author.
    private static let taken: Set<String> = ["margay", "me", "console"]

    package static func isValid(_ name: String) -> Bool {
        guard let first = name.utf8.first, isLetterOrDigit(first), name.utf8.count <= bytesMax,
            !taken.contains(name.lowercased())
        else { return false }
        return name.utf8.allSatisfy { isLetterOrDigit($0) || marks.contains($0) }
    }

    private static let marks = Set("._@+-".utf8)

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }
}
