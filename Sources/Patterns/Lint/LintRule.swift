/// One thing that is looked for in packs that can be read.
///
/// Each rule has a file of its own in this folder, a line in `Docs/reference/lint.md`, and is named in `LintCatalogue`.
package protocol LintRule: SendableMetatype {
    static var name: String { get }
    static var level: Diagnostic.Level { get }
    /// What it finds, in one sentence.
    static var meaning: String { get }

    static func check(_ pack: Pack, among packs: LintedPacks) -> [Diagnostic]
}

/// The packs that are looked at together.
package struct LintedPacks {
    package let packs: [Pack]

    package init(_ packs: [Pack]) { self.packs = packs }
}

extension LintRule {
    /// A remark of this rule at `place`.
    static func remark(_ place: Place, _ message: String, _ remedy: String, excerpt: Excerpt? = nil) -> Diagnostic {
        Diagnostic(place, level, rule: name, message, remedy: remedy, excerpt: excerpt)
    }

    /// A remark of this rule at a byte of an expression, with a caret.
    static func remark(_ text: PlacedText, atByte offset: Int, _ message: String, _ remedy: String) -> Diagnostic {
        text.diagnostic(atByte: offset, rule: name, message, level: level, remedy: remedy)
    }
}

extension Pack {
    /// What it wrote itself, not what it has inherited.
    var ownPatterns: [Pattern] { patterns.filter { $0.origin == name && $0.place.path == path } }
    var ownDiscards: [Discard] { discards.filter { $0.origin == name } }

    /// Every expression that it wrote itself, with a name for messages.
    var ownExpressions: [(name: String, text: PlacedText)] {
        ownPatterns.map { ($0.id, $0.match.text) } + ownDiscards.map { ("a discard", $0.match.text) }
            + definitions.filter { $0.origin == name }.map { ("'\($0.name)'", $0.text) }
            + masks.map { ("the mask '\($0.name)'", $0.match.text) }.filter { $0.text.place.path == path }
            + (header.map { [("the header", $0.text)] } ?? []).filter { $0.1.place.path == path }
    }

    /// Every line of its tests, each once.
    var testLines: [String] {
        let tests = ownPatterns.map(\.tests) + ownDiscards.map(\.tests)
        let records = tests.flatMap { $0.match.map(\.line) + $0.ignore.map(\.line) }
        var seen: Set<String> = []
        return records.flatMap { $0.split(separator: "\n").map(String.init) }.filter { seen.insert($0).inserted }
    }
}
