/// `.*` at the start of an expression.
enum UnanchoredAny: LintRule {
    static let name = "unanchored-any"
    static let level = Diagnostic.Level.advice
    static let meaning = "An expression begins with any number of anything."

    static func check(_ pack: Pack, among packs: LintedPacks) -> [Diagnostic] {
        pack.ownPatterns.map(\.match.text).compactMap { check($0) }
            + pack.ownDiscards.map(\.match.text).compactMap { check($0) }
    }

    private static func check(_ text: PlacedText) -> Diagnostic? {
        for alternative in ExpressionTree(text.text).alternatives {
            var rest = alternative[...]
            if case .assertion(UInt8(ascii: "^")) = rest.first?.node { rest = rest.dropFirst() }
            guard let first = rest.first, first.max == nil, case .set(let set) = first.node, set.count > 200,
                rest.count > 1
            else { continue }
            return remark(
                text, atByte: first.offset, "the expression begins with any number of anything",
                "drop it: an expression is looked for in the whole line; or say what stands there")
        }
        return nil
    }
}
