/// The list of patterns in the text of a pack, to which items can be added without touching anything else.
///
/// For a list in block style: `patterns:` at the beginning of a line, and below it items that begin with a dash.
struct PatternList {
    private let lines: [Substring]
    /// Behind the last line of the list.
    private let end: Int
    /// Blanks before the dash of an item.
    private let indentation: Int

    /// Nil where there is no such list.
    init?(_ text: String) {
        lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard let key = lines.firstIndex(where: { $0.hasPrefix("patterns:") }),
            PatternList.isBare(lines[key].dropFirst("patterns:".count))
        else { return nil }
        let below = lines[(key + 1)...]
        let next = below.firstIndex { line in
            guard let first = line.first else { return false }
            return first != " " && first != "#" && first != "-" && first != "\r"
        }
        // Comments and empty lines in front of the next key belong to that.
        var end = next ?? lines.count
        while end > key + 1, PatternList.isBare(lines[end - 1]) { end -= 1 }
        self.end = end
        let item = below.prefix(while: { _ in true }).first { $0.drop { $0 == " " }.hasPrefix("- ") }
        if let item, below.prefix(upTo: max(end, key + 1)).contains(item) {
            indentation = item.prefix { $0 == " " }.count
        } else {
            guard end == key + 1 else { return nil }
            indentation = 2
        }
    }

    /// Nothing but blanks or a comment.
    private static func isBare(_ line: Substring) -> Bool {
        let rest = line.drop { $0 == " " || $0 == "\r" }
        return rest.isEmpty || rest.hasPrefix("#")
    }

    /// The text with `items` behind the last one. An item's lines stand as if its dash were at the margin.
    func adding(_ items: [String]) -> String {
        let blanks = String(repeating: " ", count: indentation)
        let added = items.map { item in
            "\n"
                + item.split(separator: "\n", omittingEmptySubsequences: true).map { blanks + $0 + "\n" }.joined()
        }.joined()
        let head = lines[..<end].joined(separator: "\n")
        let tail = lines[end...].joined(separator: "\n")
        let isFirst = end > 0 && lines[end - 1].hasPrefix("patterns:")
        return head + "\n" + (isFirst ? String(added.dropFirst()) : added) + (tail.isEmpty ? "" : tail)
    }
}
