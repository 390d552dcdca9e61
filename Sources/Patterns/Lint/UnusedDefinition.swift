/// A definition that nothing refers to.
enum UnusedDefinition: LintRule {
    static let name = "unused-definition"
    static let level = Diagnostic.Level.advice
    static let meaning = "Nothing refers to a definition."

    static func check(_ pack: Pack, among packs: LintedPacks) -> [Diagnostic] {
        // A pack of nothing but definitions is there for others.
        guard !pack.ownPatterns.isEmpty else { return [] }
        let heirs = packs.packs.filter { $0.name == pack.name || $0.bases.contains(pack.name) }
        var texts = heirs.flatMap { $0.ownExpressions.map(\.text.text) }
        texts += heirs.flatMap { $0.detection.lines.map(\.text.text) }
        texts += heirs.flatMap { [$0.record?.begins?.text.text, $0.record?.continues?.text.text].compactMap { $0 } }
        let used = Set(texts.flatMap { ExpressionWalk.references(in: $0).map(\.name) })
        return pack.definitions.filter { $0.origin == pack.name && !used.contains($0.name) }.map { definition in
            remark(
                definition.text.place, "nothing refers to '\(definition.name)'",
                "write (?&\(definition.name)), or take it out")
        }
    }
}
