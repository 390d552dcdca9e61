/// `allow` names a rule that is not there, or one that cannot be switched off.
enum UnknownRule: LintRule {
    static let name = "unknown-rule"
    static let level = Diagnostic.Level.warning
    static let meaning = "`allow` names a rule that is not there or cannot be switched off."

    static func check(_ pack: Pack, among packs: LintedPacks) -> [Diagnostic] {
        let top = Place(path: pack.path, line: 1, column: 1)
        let parts =
            [(top, pack.allowed)] + pack.ownPatterns.map { ($0.place, $0.allowed) }
            + pack.ownDiscards.map { ($0.place, $0.allowed) }
        let known = LintCatalogue.entries.filter { $0.level != .error }.map(\.name)
        return parts.flatMap { place, allowed in
            allowed.sorted().filter { !known.contains($0) }.map { rule in
                let isFault = LintCatalogue.entries.contains { $0.name == rule }
                return remark(
                    place, isFault ? "'\(rule)' is a fault and cannot be switched off" : "there is no rule '\(rule)'",
                    rule.nearest(in: known).map { "did you mean '\($0)'?" } ?? "see Docs/reference/lint.md")
            }
        }
    }
}
