import Yams

/// A YAML file read as a tree whose every part knows its place, with one list of faults for the whole file.
///
/// The readers of packs and of the configuration ask it for what they expect; what is missing, of the wrong kind or
/// not expected at all becomes a `Diagnostic`, and reading goes on, so that all faults are reported at once.
package final class YAMLDocument {
    package let path: String
    package private(set) var diagnostics: [Diagnostic] = []

    /// A larger file is refused: packs are written by hand.
    package static let bytesMax = 4 * 1_024 * 1_024

    package init(path: String) { self.path = path }

    /// Parses `text` and returns its top mapping; nil, with a diagnostic, when there is none. `table` names its keys.
    package func topMapping(of text: String, _ table: KeyTable? = nil) -> YAMLMapping? {
        guard text.utf8.count <= YAMLDocument.bytesMax else {
            report(
                nil, "file-size", "larger than \(YAMLDocument.bytesMax) bytes", remedy: "split it into several files")
            return nil
        }
        do {
            guard let node = try Yams.compose(yaml: text, .basic, .default, .utf8) else {
                report(nil, "yaml", "the file is empty", remedy: "see Docs/reference/packs.md for what belongs in it")
                return nil
            }
            return mapping(YAMLValue(node: node, document: self), what: "the file", table)
        } catch let error as YamlError {
            report(error)
        } catch {
            report(nil, "yaml", "\(error)")
        }
        return nil
    }

    /// Adds a fault at the place of `value`, or at the file as a whole.
    package func report(
        _ value: YAMLValue?, _ rule: String, _ message: String, level: Diagnostic.Level = .error, remedy: String = "",
        excerpt: Excerpt? = nil
    ) {
        let place = value?.place ?? Place(path: path)
        diagnostics.append(Diagnostic(place, level, rule: rule, message, remedy: remedy, excerpt: excerpt))
    }

    package func report(_ diagnostic: Diagnostic) { diagnostics.append(diagnostic) }

    /// `value` as the mapping that `table` describes; nil, with a diagnostic, when it is something else.
    package func mapping(_ value: YAMLValue, _ table: KeyTable) -> YAMLMapping? {
        mapping(value, what: table.what, table)
    }

    /// `value` as a mapping; nil, with a diagnostic, when it is something else.
    package func mapping(_ value: YAMLValue, what: String, _ table: KeyTable? = nil) -> YAMLMapping? {
        guard case .mapping(let mapping) = value.node else {
            report(value, "wrong-kind", "\(what) must be a mapping of keys to values, not \(value.kind)")
            return nil
        }
        return YAMLMapping(mapping, of: value, in: self, table)
    }

    /// The parser's own faults, with its place.
    private func report(_ error: YamlError) {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            let place = Place(path: path, line: mark.line, column: mark.column)
            report(
                Diagnostic(
                    place, .error, rule: "yaml", problem.trimmed,
                    remedy: "quote a value that holds any of : # { } [ ] , & * ! | > ' \" % @ in single quotes"))
        case .duplicatedKeysInMapping(let duplicates, let context):
            let keys = duplicates.sorted().map { "'\($0)'" }.joined(separator: ", ")
            let place = Place(path: path, line: context.mark.line, column: context.mark.column)
            report(Diagnostic(place, .error, rule: "duplicate-key", "\(keys) stands twice", remedy: "keep one of them"))
        default:
            report(nil, "yaml", "\(error)")
        }
    }
}

extension String {
    /// Without blanks at either end.
    var trimmed: String {
        let scalars = unicodeScalars
        guard let first = scalars.firstIndex(where: { !$0.properties.isWhitespace }),
            let last = scalars.lastIndex(where: { !$0.properties.isWhitespace })
        else { return "" }
        return String(scalars[first...last])
    }
}
