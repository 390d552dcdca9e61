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
        (match, title) = DraftPattern.expression(words)
        id = DraftPattern.id(of: letters, pack: pack, taken: taken)
        self.lines = lines
    }

    private static func expression(_ words: ArraySlice<Substring>) -> (match: String, title: String) {
        var match = ""
        var title = ""
        var captures = 0
        for (index, word) in words.enumerated() {
            if index > 0 {
                match += " {1,8}"
                title += " "
            }
            guard word.hasSuffix("<*>") else {
                match += String(word).escapedForExpression
                title += String(word).escapedForTitle
                continue
            }
            captures += 1
            let kept = String(word.dropLast(3))
            match += kept.escapedForExpression + "(?<value\(captures)>[^\\n]{1,200}?)"
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
