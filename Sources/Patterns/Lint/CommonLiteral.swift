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
            // What holds classes of bytes between its texts is more than its longest text.
            guard let literals = RequiredLiterals(pattern.match.compiled.source).literals else { return nil }
            let ignoresCase = pattern.match.compiled.isCaseInsensitive || pattern.match.compiled.source.contains("(?i")
            let wanted = ignoresCase ? literals.map { $0.lowercased() } : literals
            let hits = lines.count { line in
                let line = ignoresCase ? line.lowercased() : line
                return wanted.contains { line.contains($0) }
            }
            guard hits * 100 >= lines.count * sharePercentMin else { return nil }
            let shown = literals.prefix(3).map { "'\($0)'" }.joined(separator: " or ")
            return remark(
                pattern.match.text.place,
                "\(pattern.id): \(shown), its longest fixed text, stands in \(hits) of \(lines.count) test lines",
                "write out more of the text that makes the line what it is")
        }
    }
}

/// The texts of which an expression must find one: the longest it insists on, one for each way through its alternatives.
struct RequiredLiterals {
    /// Nil where it insists on none.
    let literals: [String]?

    /// Ways that are followed.
    static let literalsMax = 64

    init(_ source: String) {
        let found = RequiredLiterals.best(of: ExpressionTree(source))
        literals = found.isEmpty ? nil : found.map { String(decoding: $0, as: UTF8.self) }
    }

    private static func best(of tree: ExpressionTree) -> [[UInt8]] {
        let found = tree.alternatives.map { best(of: $0) }
        guard !found.contains(where: \.isEmpty), found.joined().count <= literalsMax else { return [] }
        return Array(found.joined())
    }

    private static func best(of items: [ExpressionTree.Item]) -> [[UInt8]] {
        var best: [[UInt8]] = []
        var run: [UInt8] = []
        func offer(_ ways: [[UInt8]]) {
            let length = ways.map(\.count).min() ?? 0
            if length > best.map(\.count).min() ?? 0 { best = ways }
        }
        func close() {
            if !run.isEmpty { offer([run]) }
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
                if item.min > 0 { offer(RequiredLiterals.best(of: tree)) }
            case .unknown: close()
            }
        }
        close()
        return best
    }
}
