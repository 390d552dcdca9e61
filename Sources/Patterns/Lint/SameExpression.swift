import PCRE2

/// Two patterns with the same expression.
enum SameExpression: LintRule {
    static let name = "same-expression"
    static let level = Diagnostic.Level.warning
    static let meaning = "Two patterns have the same expression: the later one never has a record."

    static func check(_ pack: Pack, among packs: LintedPacks) -> [Diagnostic] {
        var first: [String: String] = [:]
        return pack.ownPatterns.compactMap { pattern in
            let source = pattern.match.compiled.portableSource
            guard let earlier = first[source] else {
                first[source] = pattern.id
                return nil
            }
            return remark(
                pattern.match.text.place, "\(pattern.id) has the expression of \(earlier)", "take out one of the two")
        }
    }
}
