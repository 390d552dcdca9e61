/// `(a+)+`: a repetition inside of a repetition, which can be divided in exponentially many ways.
///
/// Heuristic. A group that is repeated without end and holds a repetition without end is reported unless something in
/// the group must match that the inner repetition cannot: `(?:\w+,)+` is divided by its commas.
enum NestedQuantifier: LintRule {
    static let name = "nested-quantifier"
    static let level = Diagnostic.Level.warning
    static let meaning = "A repetition inside of a repetition may backtrack without end."

    static func check(_ pack: Pack, among packs: LintedPacks) -> [Diagnostic] {
        pack.ownExpressions.flatMap { name, text in
            var found: [Diagnostic] = []
            ExpressionTree(text.text).forEachItem { item in
                guard item.max == nil, !item.isPossessive, case .group(let tree, .plain) = item.node,
                    tree.alternatives.contains(where: isAmbiguous)
                else { return }
                found.append(
                    remark(
                        text, atByte: item.quantifierOffset,
                        "\(name) repeats a repetition: a line that nearly matches is tried in very many ways",
                        "take out one of the two, or make the inner one possessive (++)"))
            }
            return found
        }
    }

    private static func isAmbiguous(_ items: [ExpressionTree.Item]) -> Bool {
        for item in items where item.max == nil && !item.isPossessive {
            let inner: ByteSet
            switch item.node {
            case .set(let set): inner = set
            case .group(let tree, .plain): inner = tree.bytes
            default: continue
            }
            let divides = items.contains { other in
                guard other.offset != item.offset, other.min > 0, case .set(let set) = other.node else { return false }
                return set.isDisjoint(with: inner)
            }
            if !divides { return true }
        }
        return items.contains { item in
            guard item.max != nil, case .group(let tree, .plain) = item.node, items.count == 1 else { return false }
            return tree.alternatives.contains(where: isAmbiguous)
        }
    }
}
