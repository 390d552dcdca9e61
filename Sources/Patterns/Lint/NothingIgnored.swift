/// A pattern without a line that it must leave alone.
enum NothingIgnored: LintRule {
    static let name = "nothing-ignored"
    static let level = Diagnostic.Level.advice
    static let meaning = "A pattern has no line that it must leave alone."

    static func check(_ pack: Pack, among packs: LintedPacks) -> [Diagnostic] {
        pack.ownPatterns.filter { $0.tests.ignore.isEmpty && !$0.tests.match.isEmpty }.map { pattern in
            remark(
                pattern.place, "\(pattern.id) has no line that it must leave alone",
                "add a line that is nearly one of its own to 'tests: {ignore: […]}'")
        }
    }
}
