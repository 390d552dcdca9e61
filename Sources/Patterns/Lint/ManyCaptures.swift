import PCRE2

/// More groups than are reported.
enum ManyCaptures: LintRule {
    static let name = "many-captures"
    static let level = Diagnostic.Level.warning
    static let meaning = "An expression has more groups than are reported."

    static func check(_ pack: Pack, among packs: LintedPacks) -> [Diagnostic] {
        pack.ownPatterns.filter { $0.match.compiled.captureCount > MatchScratch.capturesMax }.map { pattern in
            remark(
                pattern.match.text.place,
                "\(pattern.id) has \(pattern.match.compiled.captureCount) groups; the first \(MatchScratch.capturesMax) are reported",
                "write (?:…) where nothing is to be captured")
        }
    }
}
