import Events
import PCRE2

/// A pattern drafted from records with one skeleton: its words stand as they are, its placeholders are captured.
struct DraftPattern {
    var id: String
    var match: String
    var title: String
    var lines: [String]

    /// Words of a skeleton that make up a name.
    static let nameWordsMax = 4
    /// Words that the expression keeps; what comes behind them says little more.
    static let wordsMax = 24

    /// `skeleton` has words and `<*>` with one blank between them; `lines` are records with it.
    init?(skeleton: String, lines: [String], pack: String, taken: Set<String>) {
        var words = skeleton.split(separator: " ").prefix(DraftPattern.wordsMax)
        while words.first == "<*>" { words = words.dropFirst() }
        while words.last == "<*>", words.count > 1 { words = words.dropLast() }
        let letters = words.filter { $0.contains(where: \.isLetter) && $0 != "<*>" }
        guard letters.count > 0, letters.joined().count >= 4 else { return nil }
        (match, title) = DraftPattern.expression(words, lines)
        id = DraftPattern.id(of: letters, pack: pack, taken: taken)
        self.lines = lines
    }

    /// Its item in a list of patterns, its dash at the margin. `ignored` is a line that it must leave alone.
    func yaml(severity: Severity, type: EventType?, ignored: String) -> String {
        var text = "- id: \(id)\n  match: \(match.quotedForYAML ?? "''")\n  severity: \(severity.name)\n"
        if let type { text += "  type: \(type.rawValue)\n" }
        text += "  title: \(title.quotedForYAML ?? "''")\n  tests:\n    match:\n"
        for line in lines { text += "      - \(line.quotedForYAML ?? "''")\n" }
        return text + "    ignore:\n      - \(ignored.quotedForYAML ?? "''")\n"
    }

    /// The plainest expression that finds all of `lines`, and its title.
    private static func expression(
        _ words: ArraySlice<Substring>, _ lines: [String]
    ) -> (match: String, title: String) {
        let scratch = MatchScratch()
        let ways = [(" ", "\\S{1,200}"), (" ", anything), (" {1,8}", "\\S{1,200}"), (" {1,8}", anything)]
        for (blank, value) in ways.dropLast() {
            let made = expression(words, blank: blank, value: value)
            let found: Bool
            do {
                let compiled = try CompiledExpression(made.match)
                found = lines.allSatisfy { line in
                    Array(line.utf8).withUnsafeBytes { scratch.match(compiled, in: $0) == .matched }
                }
            } catch {
                found = false
            }
            if found { return made }
        }
        return expression(words, blank: " {1,8}", value: anything)
    }

    /// A value of several words, as short as what follows lets it be.
    private static let anything = "[^\\n]{1,200}?"

    private static func expression(
        _ words: ArraySlice<Substring>, blank: String, value: String
    ) -> (match: String, title: String) {
        var match = ""
        var title = ""
        var captures = 0
        for (index, word) in words.enumerated() {
            if index > 0 {
                match += blank
                title += " "
            }
            guard word.hasSuffix("<*>") else {
                match += String(word).escapedForExpression
                title += String(word).escapedForTitle
                continue
            }
            captures += 1
            let kept = String(word.dropLast(3))
            match += kept.escapedForExpression + "(?<value\(captures)>\(value))"
            title += kept.escapedForTitle + "{value\(captures)}"
        }
        return (match, title)
    }

    private static func id(of words: [Substring], pack: String, taken: Set<String>) -> String {
        let parts = words.prefix(nameWordsMax).map { word in
            String(word.lowercased().map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" })
        }
        var name = parts.joined(separator: "-").split(separator: "-").joined(separator: "-")
        name = String(name.drop { !$0.isLetter }.prefix(48))
        if name.isEmpty { name = "fault" }
        var id = "\(pack).\(name)"
        var number = 2
        while taken.contains(id) {
            id = "\(pack).\(name)-\(number)"
            number += 1
        }
        return id
    }
}

extension String {
    fileprivate var escapedForTitle: String { replacing("{", with: "{{").replacing("}", with: "}}") }

    /// In single quotes for YAML, on one line; nil where it holds what single quotes cannot (a control character).
    var quotedForYAML: String? {
        guard !unicodeScalars.contains(where: { $0.value < 0x20 || (0x7F...0x9F).contains($0.value) }) else {
            return nil
        }
        return "'" + replacing("'", with: "''") + "'"
    }
}
