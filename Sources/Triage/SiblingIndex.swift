package import Events

/// Finds skeletons that differ in one word, and tells when they are so many that the word is a value.
///
/// Step E of grouping: the places at which one word differs are counted, and from `wordsMin` words on the messages are
/// one. Which skeletons belong together is a function of the set of them: the order in which they were inserted does not
/// matter, and neither does it which two were compared first. All skeletons of one index are of one shape.
package struct SiblingIndex {
    /// Different words at one place that make it a value. Fewer take different messages for one, more hardly find
    /// anything: measured on sixteen public logs, 4 and 5 are as good, 3 merges what does not belong together.
    package static let wordsMin = 5
    /// Skeletons of one shape; those beyond keep to themselves.
    package static let skeletonsMax = 2_000

    /// Skeletons that are one but for the word at a place.
    package struct Group: Sendable, Equatable {
        package var place: Int
        /// In the order in which they were inserted; the one asked about is not among them.
        package var members: [Int64]
        /// The words at the place, in the order of their bytes; that of the one asked about is among them.
        package var words: [String]
    }

    private struct Member {
        var number: Int64
        var word: [UInt8]
    }

    /// By place and all words but the one there.
    private var members: [Fingerprint: [Member]] = [:]
    package private(set) var count = 0

    package init() {}

    /// Whether there is room for another one.
    package var isFull: Bool { count >= SiblingIndex.skeletonsMax }

    /// Adds a skeleton under any number; two may have the same.
    package mutating func insert(_ skeleton: Skeleton, number: Int64) {
        guard !isFull else { return }
        count += 1
        for place in skeleton.places {
            members[SiblingIndex.key(skeleton, place), default: []].append(
                Member(number: number, word: skeleton.words[place]))
        }
    }

    /// The groups that the skeleton would be in, of `wordsMin` words or more with its own. It need not be inserted.
    package func groups(of skeleton: Skeleton) -> [Group] {
        skeleton.places.compactMap { place in
            guard let found = members[SiblingIndex.key(skeleton, place)] else { return nil }
            let others = found.filter { $0.word != skeleton.words[place] }
            let words = Set(others.map(\.word)).union([skeleton.words[place]])
            guard words.count >= SiblingIndex.wordsMin else { return nil }
            let ordered = words.sorted { $0.lexicographicallyPrecedes($1) }
            return Group(
                place: place, members: others.map(\.number), words: ordered.map { String(decoding: $0, as: UTF8.self) })
        }
    }

    private static func key(_ skeleton: Skeleton, _ place: Int) -> Fingerprint {
        var builder = FingerprintBuilder()
        builder.add(place)
        for (index, word) in skeleton.words.enumerated() where index != place {
            word.withUnsafeBytes { builder.add($0) }
        }
        return builder.finish()
    }
}

/// What siblings have in common besides their words: only messages of one pattern, severity and length are compared.
package struct SiblingShape: Hashable, Sendable {
    package var pattern: String
    package var severity: Severity
    package var wordCount: Int

    package init(pattern: String, severity: Severity, skeleton: Skeleton) {
        self.pattern = pattern
        self.severity = severity
        wordCount = skeleton.words.count
    }

    /// The same number on every host and for ever.
    package var key: Int64 {
        var builder = FingerprintBuilder()
        builder.add(pattern)
        builder.add(severity.name)
        builder.add(wordCount)
        return Int64(bitPattern: builder.finish().high)
    }

    /// The key of the issue that siblings become, by the skeleton with the placeholder.
    package func familyFingerprint(_ holed: String) -> Fingerprint {
        var builder = FingerprintBuilder()
        builder.add("siblings")
        builder.add(pattern)
        builder.add(severity.name)
        builder.add(holed)
        return builder.finish()
    }
}
