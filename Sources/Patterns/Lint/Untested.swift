/// A pattern or discard without a line that it must match.
enum Untested: LintRule {
    static let name = "untested"
    static let level = Diagnostic.Level.warning
    static let meaning = "A pattern has no line that it must match."

    static func check(_ pack: Pack, among packs: LintedPacks) -> [Diagnostic] {
        let named =
            pack.ownPatterns.map { ($0.id, $0.place, $0.tests) }
            + pack.ownDiscards.map { ("a discard", $0.place, $0.tests) }
        return named.filter { $0.2.match.isEmpty }.map { name, place, _ in
            remark(place, "\(name) has no line that it must match", "add 'tests: {match: […]}' with a real line")
        }
    }
}
