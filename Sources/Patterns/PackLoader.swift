import Events
import PCRE2

/// Reads one pack. Everything wrong with it is reported at once; what is right of it can be used.
package struct PackLoader {
    /// A pack as far as it could be read, and all that was found wrong.
    package struct Result: Sendable {
        /// Nil when nothing of it can be used. A pattern with a fault is left out of it.
        package var pack: Pack?
        package var diagnostics: [Diagnostic]

        package var hasErrors: Bool { diagnostics.contains { $0.level == .error } }
    }

    let document: YAMLDocument
    let bases: PackDraft.Bases
    var definitions = Definitions()
    /// Of every expression of the pack.
    var options: CompiledExpression.Options = []
    private var seenIDs: [String: Place] = [:]

    init(document: YAMLDocument, bases: PackDraft.Bases) {
        self.document = document
        self.bases = bases
    }

    /// Reads the pack `text`, which came from the file `path` and may build on `bases`.
    package static func load(_ text: String, path: String, bases: PackDraft.Bases = .init()) -> Result {
        PackDraft(text, path: path).load(bases)
    }

    mutating func pack(_ top: YAMLMapping) -> Pack? {
        let name = top.required("pack", of: "the pack").flatMap { packName($0) }
        let description = top["description"]?.text("description") ?? ""
        let extended = top["extends"].map { self.bases(named: $0, by: name) } ?? []
        for base in extended { definitions.inherit(base.definitions) }
        options = top["options"].map { self.options($0) } ?? []
        if let value = top["define"] { define(value, pack: name ?? "") }
        let detection = top["detect"].flatMap { self.detection($0) } ?? Detection(paths: [], lines: [])
        let programs = top["programs"].flatMap { self.programs($0) } ?? extended.first { $0.programs != nil }?.programs
        let isRuntime = top["runtime"]?.bool("runtime") ?? false
        let header =
            top["header"].flatMap { expression($0, "header", anchored: true) }
            ?? extended.first { $0.header != nil }?.header
        let record = top["record"].flatMap { recordLines($0) } ?? extended.first { $0.record != nil }?.record
        let masks = (top["mask"]?.list() ?? []).compactMap { mask($0) } + extended.flatMap(\.masks)
        let type = top["type"].flatMap { self.type($0) } ?? extended.first?.type ?? .application
        let own = top["levels"].map { self.levels($0) } ?? [:]
        let levels = extended.reversed().reduce([:]) { $0.merging($1.levels) { $1 } }.merging(own) { $1 }
        let allowed = top["allow"].map { Set($0.texts("a rule")) } ?? []
        let fields = top["fields"]?.texts("a field")
        let patternValues = top["patterns"]?.list() ?? []
        let discardValues = top["discard"]?.list() ?? []
        let without = top["without"]
        top.reportUnknownKeys()
        guard let name else { return nil }
        let headerFields = header?.compiled.names.map(\.name) ?? []
        let patterns = patternValues.compactMap { pattern($0, pack: name, headerFields: headerFields) }
        let discards = discardValues.compactMap { discard($0, pack: name) }
        let inherited = inherited(from: extended, without, headerFields: headerFields)
        if patternValues.isEmpty && discardValues.isEmpty && extended.isEmpty && definitions.list.isEmpty {
            document.report(
                top.value, "empty-pack", "the pack has neither patterns nor discards", level: .warning,
                remedy: "add 'patterns:'")
        }
        return Pack(
            name: name, description: description, path: document.path, bases: extended.map(\.name),
            detection: detection, programs: programs, isRuntime: isRuntime, definitions: definitions.list,
            header: header,
            record: record, masks: masks, fields: fields ?? extended.first { $0.fields != nil }?.fields, type: type,
            levels: levels,
            patterns: layered(patterns, over: inherited), discards: discards + extended.flatMap(\.discards),
            allowed: allowed)
    }

    private mutating func pattern(_ value: YAMLValue, pack: String, headerFields: [String]) -> Pattern? {
        guard let mapping = document.mapping(value, PackFormat.pattern) else { return nil }
        let id = mapping.required("id", of: "the pattern").flatMap { patternID($0, pack: pack) }
        let options = mapping["options"].map { self.options($0) } ?? []
        let match = mapping.required("match", of: "the pattern").flatMap {
            expression($0, "match", options: options)
        }
        let severity = mapping["severity"].flatMap { self.severity($0) } ?? .fixed(.indeterminate)
        let type = mapping["type"].flatMap { self.type($0) }
        let known = match.map { $0.compiled.names.map(\.name) + headerFields }
        let title = mapping["title"].flatMap { self.title($0, fields: known) } ?? TitleTemplate.message
        let fingerprint = mapping["fingerprint"].map { self.fingerprint($0, fields: known) } ?? [.pattern]
        let fields = mapping["fields"].map { self.fields($0, known: known) }
        let runbook = mapping["runbook"]?.text("runbook")
        let always = mapping["always"]?.bool("always") ?? false
        let allowed = mapping["allow"].map { Set($0.texts("a rule")) } ?? []
        let tests = mapping["tests"].map { self.tests($0) } ?? PatternTests(match: [], ignore: [])
        mapping.reportUnknownKeys()
        if severity == .level, let known, !known.contains("level") {
            document.report(
                mapping["severity"], "no-such-field", "severity is 'level', but no group captures it", level: .error,
                remedy: "add (?<level>…) to 'match' or to the pack's 'header'")
            return nil
        }
        guard let id, let match else { return nil }
        return Pattern(
            origin: pack, id: id, place: mapping["id"]?.place ?? value.place, match: match, severity: severity,
            type: type, title: title, fingerprint: fingerprint, fields: fields, runbook: runbook, always: always,
            allowed: allowed, tests: tests)
    }

    private func discard(_ value: YAMLValue, pack: String) -> Discard? {
        guard let mapping = document.mapping(value, PackFormat.discard) else { return nil }
        let options = mapping["options"].map { self.options($0) } ?? []
        let match = mapping.required("match", of: "the discard").flatMap {
            expression($0, "match", options: options)
        }
        let allowed = mapping["allow"].map { Set($0.texts("a rule")) } ?? []
        let tests = mapping["tests"].map { self.tests($0) } ?? PatternTests(match: [], ignore: [])
        mapping.reportUnknownKeys()
        return match.map { Discard(origin: pack, place: value.place, match: $0, allowed: allowed, tests: tests) }
    }

    private func packName(_ value: YAMLValue) -> String? {
        guard let name = value.text("pack") else { return nil }
        guard name.isIdentifier else {
            document.report(
                value, "bad-name", "'\(name)' is no name for a pack",
                remedy: "use lower-case letters, digits and dashes, beginning with a letter")
            return nil
        }
        return name
    }

    private mutating func patternID(_ value: YAMLValue, pack: String) -> String? {
        guard let id = value.text("id") else { return nil }
        let parts = id.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0] == pack, String(parts[1]).isIdentifier else {
            document.report(
                value, "bad-id", "'\(id)' is no id for a pattern of the pack '\(pack)'",
                remedy: "write \(pack).name-of-the-fault, in lower-case letters, digits and dashes")
            return nil
        }
        if let first = seenIDs[id] {
            document.report(
                value, "duplicate-id", "'\(id)' is already the id of the pattern at line \(first.line)",
                remedy: "rename one of them")
            return nil
        }
        seenIDs[id] = value.place
        return id
    }
}
