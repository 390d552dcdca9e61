import Patterns
import Tail

/// Reads the key `journal:` of a source.
struct JournalLoader {
    private let document: YAMLDocument
    private let environment: Surroundings

    init(_ document: YAMLDocument, _ environment: Surroundings) {
        self.document = document
        self.environment = environment
    }

    /// Nil, with a diagnostic, where it is no mapping.
    func source(_ value: YAMLValue) -> JournalSource? {
        guard let mapping = document.mapping(value, what: "the journal") else { return nil }
        var source = JournalSource()
        source.units = mapping["units"]?.texts("a unit") ?? []
        source.matches = mapping["matches"]?.list().compactMap { match($0) } ?? []
        source.priority = mapping["priority"].flatMap { priority($0) }
        source.directory = mapping["directory"]?.text("directory").map { environment.absolute($0) }
        if let command = mapping["command"]?.text("command") {
            source.command = command.contains("/") ? environment.absolute(command) : command
        }
        mapping.reportUnknownKeys(in: "the journal")
        return source
    }

    private func match(_ value: YAMLValue) -> String? {
        guard let text = value.text("a match") else { return nil }
        let name = text.prefix { $0 != "=" }
        let isName =
            !name.isEmpty
            && name.utf8.allSatisfy { byte in
                UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
                    || byte == UInt8(ascii: "_")
            }
        if text == "+" || isName && name.endIndex < text.endIndex { return text }
        document.report(
            value, "bad-match", "'\(text)' is no match of the journal",
            remedy: "write FIELD=value, as _TRANSPORT=kernel, or + between two that may hold instead of each other")
        return nil
    }

    private func priority(_ value: YAMLValue) -> String? {
        guard let text = value.text("priority") else { return nil }
        let ends = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        let isRange = ends.count == 3 && ends[1].isEmpty
        let words = isRange ? [ends[0], ends[2]] : [text]
        if words.allSatisfy(JournalLoader.priorities.contains) { return text }
        document.report(
            value, "bad-priority", "'\(text)' is no level of the journal",
            remedy: "one of \(JournalLoader.priorities.dropFirst(8).joined(separator: ", ")), 0 to 7, or a range as "
                + "emerg..err")
        return nil
    }

    /// journalctl(1), `--priority`.
    private static let priorities = [
        "0", "1", "2", "3", "4", "5", "6", "7", "emerg", "alert", "crit", "err", "warning", "notice", "info", "debug",
    ]
}
