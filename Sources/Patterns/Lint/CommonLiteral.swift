import PCRE2

/// An expression whose only fixed text stands in nearly every line: the prefilter keeps nothing away from it.
enum CommonLiteral: LintRule {
    static let name = "common-literal"
    static let level = Diagnostic.Level.advice
    static let meaning = "The fixed text of an expression stands in nearly every line."

    /// Lines that the pack's tests must have at least, and how many of them in percent must hold the text.
    static let linesMin = 10
    static let sharePercentMin = 80

    static func check(_ pack: Pack, among packs: LintedPacks) -> [Diagnostic] {
        let lines = pack.testLines
        guard lines.count >= linesMin else { return [] }
        return pack.ownPatterns.compactMap { pattern in
            // What holds classes of bytes between its texts is more than its texts.
            guard let literals = RequiredLiterals(pattern.match.compiled.source).literals else { return nil }
            let ignoresCase = pattern.match.compiled.isCaseInsensitive || pattern.match.compiled.source.contains("(?i")
            let hits = lines.count { line in literals.mayBe(in: line, ignoresCase: ignoresCase) }
            guard hits * 100 >= lines.count * sharePercentMin else { return nil }
            let shown = literals.longest.prefix(3).map { "'\($0)'" }.joined(separator: " or ")
            return remark(
                pattern.match.text.place,
                "\(pattern.id): \(shown), its longest fixed text, stands in \(hits) of \(lines.count) test lines",
                "write out more of the text that makes the line what it is")
        }
    }
}

/// The texts that an expression insists on.
struct RequiredLiterals {
    /// Texts of which one must be there.
    typealias Choice = [String]

    /// What is needed for a match: all choices of one of the ways.
    struct Ways {
        let ways: [[Choice]]

        /// Of each way the choice with the longest texts.
        var longest: Choice {
            ways.flatMap { way in way.max { RequiredLiterals.length($0) < RequiredLiterals.length($1) } ?? [] }
        }

        func mayBe(in line: String, ignoresCase: Bool) -> Bool {
            let line = ignoresCase ? line.lowercased() : line
            return ways.contains { way in
                way.allSatisfy { choice in choice.contains { line.contains(ignoresCase ? $0.lowercased() : $0) } }
            }
        }
    }

    /// Nil where there is a way without any.
    let literals: Ways?

    /// Ways that are followed.
    static let literalsMax = 64

    init(_ source: String) {
        let ways = ExpressionTree(source).alternatives.map { RequiredLiterals.choices(of: $0) }
        let isBounded = ways.joined().joined().count <= RequiredLiterals.literalsMax
        literals =
            ways.contains(where: \.isEmpty) || !isBounded
            ? nil : Ways(ways: ways.map { way in way.map { $0.map { String(decoding: $0, as: UTF8.self) } } })
    }

    private static func length(_ choice: Choice) -> Int { choice.map(\.utf8.count).min() ?? 0 }

    private static func best(of tree: ExpressionTree) -> [[UInt8]] {
        let found = tree.alternatives.map { items in
            choices(of: items).max { ($0.map(\.count).min() ?? 0) < ($1.map(\.count).min() ?? 0) } ?? []
        }
        guard !found.contains(where: \.isEmpty), found.joined().count <= literalsMax else { return [] }
        return Array(found.joined())
    }

    /// All that one way insists on, in its order.
    private static func choices(of items: [ExpressionTree.Item]) -> [[[UInt8]]] {
        var choices: [[[UInt8]]] = []
        var run: [UInt8] = []
        func close() {
            if !run.isEmpty { choices.append([run]) }
            run = []
        }
        for item in items {
            switch item.node {
            case .assertion, .group(_, .look): continue
            case .set(let set):
                guard item.min > 0, let byte = set.single else {
                    close()
                    continue
                }
                run.append(byte)
                if item.max != 1 { close() }
            case .group(let tree, _):
                close()
                guard item.min > 0 else { continue }
                let inner = best(of: tree)
                if !inner.isEmpty { choices.append(inner) }
            case .unknown: close()
            }
        }
        close()
        return choices
    }
}
