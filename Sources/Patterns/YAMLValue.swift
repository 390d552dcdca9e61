import Yams

/// A value in a YAML file, with its place.
package struct YAMLValue {
    let node: Node
    let document: YAMLDocument

    package var place: Place {
        Place(path: document.path, line: node.mark?.line ?? 0, column: node.mark?.column ?? 0)
    }

    /// What it is, in words for a message.
    package var kind: String {
        switch node {
        case .scalar(let scalar): "'\(scalar.string.prefix(40))'"
        case .mapping: "a mapping"
        case .sequence: "a list"
        case .alias: "an alias"
        }
    }

    /// The text of a scalar; nil, with a diagnostic, for anything else. `what` names the value in the message.
    package func text(_ what: String) -> String? {
        guard case .scalar(let scalar) = node else {
            document.report(self, "wrong-kind", "\(what) must be a text, not \(kind)")
            return nil
        }
        return scalar.string
    }

    /// The text of a scalar; nil for anything else.
    var scalarText: String? { node.scalar?.string }

    /// The text and where its characters stand in the file.
    package func placedText(_ what: String) -> PlacedText? {
        guard let text = text(what), case .scalar(let scalar) = node else { return nil }
        let lead: Int? =
            switch scalar.style {
            case .plain: text.utf8.contains(UInt8(ascii: "\n")) ? nil : 0
            case .singleQuoted: text.utf8.contains { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "'") } ? nil : 1
            default: nil
            }
        return PlacedText(text: text, place: place, leadColumns: lead)
    }

    /// The elements of a list; a single value counts as a list of one.
    package func list() -> [YAMLValue] {
        if case .sequence(let sequence) = node {
            return sequence.map { YAMLValue(node: $0, document: document) }
        }
        return [self]
    }

    /// A list of texts, each with a diagnostic when it is none.
    package func texts(_ what: String) -> [String] { list().compactMap { $0.text(what) } }

    package func bool(_ what: String) -> Bool? {
        switch text(what) {
        case "true"?, "yes"?, "on"?: return true
        case "false"?, "no"?, "off"?: return false
        case nil: return nil
        case .some(let other):
            document.report(self, "wrong-kind", "\(what) must be true or false, not '\(other)'")
            return nil
        }
    }

    /// True for a mapping: lets a reader take either a short or a long form.
    package var isMapping: Bool {
        if case .mapping = node { true } else { false }
    }
}

/// A text out of a YAML file that can name the place of each of its characters.
package struct PlacedText: Equatable, Sendable {
    package var text: String
    /// Of the scalar's first character in the file, its quote included.
    package var place: Place
    /// Columns before the text itself; nil where quoting, escapes or line folding make places inside it inexact.
    var leadColumns: Int?

    /// A fault at `offset` (bytes of the UTF-8 text): by its exact column if that is known, and by a caret in any case.
    package func diagnostic(
        atByte offset: Int, rule: String, _ message: String, level: Diagnostic.Level = .error, remedy: String = ""
    ) -> Diagnostic {
        let bytes = Array(text.utf8.prefix(max(0, offset)))
        let column = String(decoding: bytes, as: UTF8.self).unicodeScalars.count
        var place = place
        if let leadColumns, place.column > 0 { place.column += leadColumns + column }
        return Diagnostic(
            place, level, rule: rule, message, remedy: remedy, excerpt: Excerpt(text: text, column: column))
    }
}

/// A mapping in a YAML file that notices which of its keys were asked for.
package final class YAMLMapping {
    /// In the order of the file. Laid out once: Yams copies every node of a mapping each time it is gone through, which
    /// was a fifth of a start with all packs.
    private let keys: [Node]
    private let names: [String?]
    private let nodes: [Node]
    private let document: YAMLDocument
    package let value: YAMLValue
    private let table: KeyTable?
    private(set) var asked: [String] = []

    /// `table` names its keys; without one they are those that are asked for.
    init(_ mapping: Node.Mapping, of value: YAMLValue, in document: YAMLDocument, _ table: KeyTable? = nil) {
        self.table = table
        keys = mapping.map(\.key)
        names = keys.map { $0.scalar?.string }
        nodes = mapping.map(\.value)
        self.document = document
        self.value = value
    }

    /// The value of `key`, or nil. A key without a value (`key:`) counts as absent.
    package subscript(key: String) -> YAMLValue? {
        precondition(table?.has(key) != false, "'\(key)' is not in the table of keys")
        asked.append(key)
        guard let value = peek(key) else { return nil }
        if case .scalar(let scalar) = value.node, scalar.string.isEmpty, scalar.style == .plain { return nil }
        return value
    }

    /// The value of `key`, with a diagnostic when it is missing.
    package func required(_ key: String, of what: String) -> YAMLValue? {
        if let value = self[key] { return value }
        document.report(value, "missing-key", "\(what) has no '\(key)'", remedy: "add '\(key):'")
        return nil
    }

    /// All keys and values in the order of the file, for mappings whose keys are free.
    package var entries: [(key: YAMLValue, value: YAMLValue)] {
        asked += names.compactMap(\.self)
        return zip(keys, nodes).map { key, node in
            (YAMLValue(node: key, document: document), YAMLValue(node: node, document: document))
        }
    }

    /// The text of `key` if it is one, without a diagnostic and without asking for it.
    func peek(_ key: String) -> YAMLValue? {
        names.firstIndex(of: key).map { YAMLValue(node: nodes[$0], document: document) }
    }

    /// Reports every key that its table does not name.
    func reportUnknownKeys() {
        guard let table else { preconditionFailure("a mapping without a table knows its keys by being asked") }
        reportKeys(notIn: table.keys.map(\.name), what: table.what)
    }

    /// Reports every key that nobody asked for, with the nearest known one. Call it last.
    package func reportUnknownKeys(in what: String) { reportKeys(notIn: asked, what: what) }

    private func reportKeys(notIn known: [String], what: String) {
        for (key, name) in zip(keys, names) {
            if let name, known.contains(name) { continue }
            let value = YAMLValue(node: key, document: document)
            guard let name else {
                document.report(value, "wrong-kind", "a key must be a text, not \(value.kind)")
                continue
            }
            let known = Array(Set(known)).sorted()
            let remedy =
                name.nearest(in: known).map { "did you mean '\($0)'?" }
                ?? "known keys: \(known.joined(separator: ", "))"
            document.report(value, "unknown-key", "'\(name)' is not a key of \(what)", remedy: remedy)
        }
    }
}

extension String {
    /// The candidate that takes the fewest edits to reach, if that is about a third of the letters at most.
    package func nearest(in candidates: [String]) -> String? {
        let limit = max(1, (count + 1) / 3)
        let scored = candidates.map { (name: $0, distance: distance(to: $0)) }
        return scored.filter { $0.distance <= limit }.min { ($0.distance, $0.name) < ($1.distance, $1.name) }?.name
    }

    /// Levenshtein's edit distance, in characters.
    private func distance(to other: String) -> Int {
        let target = Array(other.prefix(64))
        var row = Array(0...target.count)
        for (index, character) in prefix(64).enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for column in target.indices {
                let above = row[column + 1]
                let substituted = diagonal + (target[column] == character ? 0 : 1)
                row[column + 1] = Swift.min(substituted, above + 1, row[column] + 1)
                diagonal = above
            }
        }
        return row[target.count]
    }
}
