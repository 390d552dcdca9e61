import PCRE2

/// A pattern that never has a line, because an earlier pattern or a discard takes all lines of its tests.
enum Shadowed: LintRule {
    static let name = "shadowed"
    static let level = Diagnostic.Level.warning
    static let meaning = "An earlier pattern or a discard takes every line of a pattern's tests."

    static func check(_ pack: Pack, among packs: LintedPacks) -> [Diagnostic] {
        let set = PatternSet(packs: [pack])
        let matcher = ReferenceMatcher(set)
        return set.rules.indices.compactMap { index in
            let rule = set.rules[index]
            guard let pattern = rule.pattern, pattern.origin == pack.name, !pattern.tests.match.isEmpty else {
                return nil
            }
            let winners = pattern.tests.match.map { matcher.winner(of: $0.line) }
            guard let first = winners.first, let winner = first, winner < index,
                winners.allSatisfy({ $0.map { $0 < index } ?? false })
            else { return nil }
            return remark(
                pattern.place, "\(set.rules[winner].name), asked earlier, takes every test line of \(pattern.id)",
                "put the narrower one first, or narrow the other")
        }
    }
}

extension ReferenceMatcher {
    /// The rule that has the record; nil where none does.
    func winner(of record: String) -> Int? {
        var record = record
        return record.withUTF8 { match(UnsafeRawBufferPointer($0))?.rule }
    }
}
