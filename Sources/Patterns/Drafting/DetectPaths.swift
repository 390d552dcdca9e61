/// The globs under `detect: paths` in the text of a pack, to which some can be added without touching anything else.
///
/// For `detect:` at the beginning of a line, and `paths` below it or in its braces: a list in brackets on one line, a
/// list of one item a line, or no such key yet.
struct DetectPaths {
    private enum Form {
        /// In brackets: where the closing one stands in its line, and whether the list is empty.
        case flow(line: Int, end: String.Index, isEmpty: Bool)
        /// An item a line: the last one, and what stands before its dash.
        case block(last: Int, indentation: String)
        /// Below the line of `detect:` others, none of which is `paths`.
        case absent(below: Int, indentation: String)
    }

    private let lines: [Substring]
    private let form: Form

    /// Nil where the pack is not detected at all, or in a form that is not understood.
    init?(_ text: String) {
        lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard let detect = lines.firstIndex(where: { $0.hasPrefix("detect:") }),
            let form = DetectPaths.form(lines, detect)
        else { return nil }
        self.form = form
    }

    private static func form(_ lines: [Substring], _ detect: Int) -> Form? {
        let rest = lines[detect].dropFirst("detect:".count).drop { $0 == " " }
        if rest.hasPrefix("{") { return flow(lines[detect], detect) }
        guard rest.isEmpty || rest.hasPrefix("#") else { return nil }
        let below = lines[(detect + 1)...].prefix { $0.isEmpty || $0.hasPrefix(" ") || $0.hasPrefix("#") }
        guard let first = below.firstIndex(where: { isContent($0) }) else { return nil }
        let indentation = String(lines[first].prefix { $0 == " " })
        guard let paths = below.firstIndex(where: { $0.hasPrefix(indentation + "paths:") }) else {
            return .absent(below: detect, indentation: indentation)
        }
        let value = lines[paths].dropFirst(indentation.count + "paths:".count).drop { $0 == " " }
        if value.hasPrefix("[") { return flow(lines[paths], paths) }
        guard value.isEmpty || value.hasPrefix("#") else { return nil }
        let items = below[(paths + 1)...].prefix { !isContent($0) || $0.drop { $0 == " " }.hasPrefix("- ") }
        guard let last = items.lastIndex(where: { isContent($0) }) else { return nil }
        return .block(last: last, indentation: String(lines[last].prefix { $0 == " " }))
    }

    /// More than blanks and a comment.
    private static func isContent(_ line: Substring) -> Bool {
        let rest = line.drop { $0 == " " || $0 == "\r" }
        return !rest.isEmpty && !rest.hasPrefix("#")
    }

    /// The list in brackets behind `paths:` in a line; nil where it does not end there.
    private static func flow(_ line: Substring, _ number: Int) -> Form? {
        guard let key = line.firstRange(of: "paths:") else { return nil }
        let value = line[key.upperBound...].drop { $0 == " " }
        guard value.first == "[" else { return nil }
        var quote: Character?
        var isEmpty = true
        for index in value.indices.dropFirst() {
            let character = value[index]
            if let open = quote {
                if character == open { quote = nil }
            } else if character == "]" {
                return .flow(line: number, end: index, isEmpty: isEmpty)
            } else if character == "'" || character == "\"" {
                (quote, isEmpty) = (character, false)
            } else if character != " " {
                isEmpty = false
            }
        }
        return nil
    }

    /// The text with `globs`, in quotes for YAML, behind those that are there.
    func adding(_ globs: [String]) -> String {
        guard !globs.isEmpty else { return lines.joined(separator: "\n") }
        var lines = lines.map(String.init)
        let list = globs.joined(separator: ", ")
        switch form {
        case .flow(let number, let end, let isEmpty):
            let line = self.lines[number]
            lines[number] = line[..<end] + (isEmpty ? "" : ", ") + list + line[end...]
        case .block(let last, let indentation):
            lines.insert(contentsOf: globs.map { "\(indentation)- \($0)" }, at: last + 1)
        case .absent(let below, let indentation):
            lines.insert("\(indentation)paths: [\(list)]", at: below + 1)
        }
        return lines.joined(separator: "\n")
    }
}
