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

    private let document: YAMLDocument
    private var seenIDs: [String: Place] = [:]

    private init(path: String) { document = YAMLDocument(path: path) }

    /// Reads the pack `text`, which came from the file `path`.
    package static func load(_ text: String, path: String) -> Result {
        var loader = PackLoader(path: path)
        guard let top = loader.document.topMapping(of: text) else {
            return Result(pack: nil, diagnostics: loader.document.diagnostics)
        }
        let pack = loader.pack(top)
        return Result(pack: pack, diagnostics: loader.document.diagnostics)
    }

    private mutating func pack(_ top: YAMLMapping) -> Pack? {
        let name = top.required("pack", of: "the pack").flatMap { packName($0) }
        let description = top["description"]?.text("description") ?? ""
        let detection = top["detect"].flatMap { self.detection($0) } ?? Detection(paths: [], lines: [])
        let header = top["header"].flatMap { expression($0, "header", anchored: true) }
        let type = top["type"].flatMap { self.type($0) } ?? .application
        let levels = top["levels"].map { self.levels($0) } ?? [:]
        let patternValues = top["patterns"]?.list() ?? []
        let discardValues = top["discard"]?.list() ?? []
        top.reportUnknownKeys(in: "a pack")
        guard let name else { return nil }
        let headerFields = header?.compiled.names.map(\.name) ?? []
        let patterns = patternValues.compactMap { pattern($0, pack: name, headerFields: headerFields) }
        let discards = discardValues.compactMap { discard($0) }
        if patternValues.isEmpty && discardValues.isEmpty {
            document.report(
                top.value, "empty-pack", "the pack has neither patterns nor discards", level: .warning,
                remedy: "add 'patterns:'")
        }
        return Pack(
            name: name, description: description, path: document.path, detection: detection, header: header,
            type: type, levels: levels, patterns: patterns, discards: discards)
    }

    private mutating func pattern(_ value: YAMLValue, pack: String, headerFields: [String]) -> Pattern? {
        guard let mapping = document.mapping(value, what: "a pattern") else { return nil }
        let id = mapping.required("id", of: "the pattern").flatMap { patternID($0, pack: pack) }
        let match = mapping.required("match", of: "the pattern").flatMap { expression($0, "match", anchored: false) }
        let severity = mapping["severity"].flatMap { self.severity($0) } ?? .fixed(.indeterminate)
        let type = mapping["type"].flatMap { self.type($0) }
        let fields = match.map { $0.compiled.names.map(\.name) + headerFields }
        let title = mapping["title"].flatMap { self.title($0, fields: fields) } ?? TitleTemplate.message
        let fingerprint = mapping["fingerprint"].map { self.fingerprint($0, match: match) } ?? [.pattern]
        let runbook = mapping["runbook"]?.text("runbook")
        let always = mapping["always"]?.bool("always") ?? false
        let tests = mapping["tests"].map { self.tests($0) } ?? PatternTests(match: [], ignore: [])
        mapping.reportUnknownKeys(in: "a pattern")
        if severity == .level, let fields, !fields.contains("level") {
            document.report(
                mapping["severity"], "no-such-field", "severity is 'level', but no group captures it", level: .error,
                remedy: "add (?<level>…) to 'match' or to the pack's 'header'")
            return nil
        }
        guard let id, let match else { return nil }
        return Pattern(
            id: id, place: mapping["id"]?.place ?? value.place, match: match, severity: severity, type: type,
            title: title, fingerprint: fingerprint, runbook: runbook, always: always, tests: tests)
    }

    private func discard(_ value: YAMLValue) -> Discard? {
        guard let mapping = document.mapping(value, what: "a discard") else { return nil }
        let match = mapping.required("match", of: "the discard").flatMap { expression($0, "match", anchored: false) }
        let tests = mapping["tests"].map { self.tests($0) } ?? PatternTests(match: [], ignore: [])
        mapping.reportUnknownKeys(in: "a discard")
        return match.map { Discard(place: value.place, match: $0, tests: tests) }
    }
}

// MARK: - The parts of a pack

extension PackLoader {
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

    private func detection(_ value: YAMLValue) -> Detection? {
        guard let mapping = document.mapping(value, what: "detect") else { return nil }
        let paths = mapping["paths"]?.list().compactMap { glob($0) } ?? []
        let lines = mapping["lines"]?.list().compactMap { expression($0, "a line", anchored: false) } ?? []
        mapping.reportUnknownKeys(in: "detect")
        return Detection(paths: paths, lines: lines)
    }

    /// A glob for absolute paths; one that does not begin at the root may match below any directory.
    private func glob(_ value: YAMLValue) -> Glob? {
        guard let text = value.text("a path") else { return nil }
        do {
            return try Glob(text.hasPrefix("/") ? text : "/**/" + text)
        } catch {
            document.report(value, "bad-glob", "\(error)", remedy: "balance the brackets and braces")
            return nil
        }
    }

    private func type(_ value: YAMLValue) -> EventType? {
        guard let word = value.text("type") else { return nil }
        if let type = EventType(rawValue: word) { return type }
        let known = EventType.allCases.map(\.rawValue)
        document.report(
            value, "unknown-type", "'\(word)' is no type of event",
            remedy: word.nearest(in: known).map { "did you mean '\($0)'?" } ?? "one of \(known.joined(separator: ", "))"
        )
        return nil
    }

    private func severity(_ value: YAMLValue) -> SeverityRule? {
        guard let word = value.text("severity") else { return nil }
        if word == "level" { return .level }
        return plainSeverity(word, at: value).map { .fixed($0) }
    }

    private func plainSeverity(_ word: String, at value: YAMLValue) -> Severity? {
        if let severity = Severity(name: word) { return severity }
        let known = Severity.allCases.reversed().map(\.name) + ["level"]
        document.report(
            value, "unknown-severity", "'\(word)' is no severity",
            remedy: word.nearest(in: known).map { "did you mean '\($0)'?" } ?? "one of \(known.joined(separator: ", "))"
        )
        return nil
    }

    private func levels(_ value: YAMLValue) -> [String: Severity] {
        guard let mapping = document.mapping(value, what: "levels") else { return [:] }
        var levels: [String: Severity] = [:]
        for (key, value) in mapping.entries {
            guard let level = key.text("a level"), let word = value.text("a severity"),
                let severity = plainSeverity(word, at: value)
            else { continue }
            levels[level.lowercased()] = severity
        }
        return levels
    }

    private func title(_ value: YAMLValue, fields: [String]?) -> TitleTemplate? {
        guard let text = value.placedText("title") else { return nil }
        let template: TitleTemplate
        do {
            template = try TitleTemplate(text.text)
        } catch {
            document.report(text.diagnostic(atByte: error.offset, rule: "bad-title", error.message))
            return nil
        }
        guard let fields else { return template }
        for hole in template.holes where !fields.contains(hole) && !TitleTemplate.builtIns.contains(hole) {
            let known = fields + TitleTemplate.builtIns
            let remedy =
                hole.nearest(in: known).map { "did you mean '{\($0)}'?" } ?? "known: \(known.joined(separator: ", "))"
            document.report(
                value, "no-such-field", "the title names '{\(hole)}', which nothing captures", remedy: remedy)
        }
        return template
    }

    private func fingerprint(_ value: YAMLValue, match: Expression?) -> [FingerprintPart] {
        let parts = value.list().compactMap { value -> FingerprintPart? in
            guard let word = value.text("a part of the fingerprint") else { return nil }
            switch word {
            case "pattern": return .pattern
            case "message": return .message
            case "exception": return .exception
            case "frames": return .frames
            default: break
            }
            if let match, match.compiled.number(of: word) == nil {
                let known = ["pattern", "message", "exception", "frames"] + match.compiled.names.map(\.name)
                document.report(
                    value, "no-such-field", "the fingerprint names '\(word)', which 'match' does not capture",
                    remedy: word.nearest(in: known).map { "did you mean '\($0)'?" }
                        ?? "known: \(known.joined(separator: ", "))")
                return nil
            }
            return .capture(word)
        }
        return parts.isEmpty ? [.pattern] : parts
    }

    /// Compiles an expression; an anchored one is tried at the start of a record only.
    private func expression(_ value: YAMLValue, _ what: String, anchored: Bool) -> Expression? {
        guard let text = value.placedText(what) else { return nil }
        do {
            let compiled = try CompiledExpression(text.text)
            if anchored && !text.text.hasPrefix("^") && !text.text.hasPrefix("\\A") {
                document.report(
                    value, "unanchored-header", "'\(what)' is not anchored", level: .warning,
                    remedy: "begin it with '^': a header stands at the start of a record")
            }
            return Expression(text: text, compiled: compiled)
        } catch {
            document.report(
                text.diagnostic(
                    atByte: error.offset, rule: "bad-expression", "PCRE2: \(error.message)",
                    remedy: "see pcre2pattern(3); this pattern is left out until then"))
            return nil
        }
    }

    private func tests(_ value: YAMLValue) -> PatternTests {
        var tests = PatternTests(match: [], ignore: [])
        guard let mapping = document.mapping(value, what: "tests") else { return tests }
        tests.match = (mapping["match"]?.list() ?? []).compactMap { matchCase($0) }
        tests.ignore = (mapping["ignore"]?.list() ?? []).compactMap { value in
            value.text("a line to ignore").map { PatternTests.IgnoreCase(line: $0, place: value.place) }
        }
        mapping.reportUnknownKeys(in: "tests")
        return tests
    }

    private func matchCase(_ value: YAMLValue) -> PatternTests.MatchCase? {
        guard value.isMapping else {
            return value.text("a line to match").map { .init(line: $0, place: value.place, expect: []) }
        }
        guard let mapping = document.mapping(value, what: "a test") else { return nil }
        let line = mapping.required("line", of: "the test")?.text("line")
        var expect: [(name: String, value: String, place: Place)] = []
        if let value = mapping["expect"], let expected = document.mapping(value, what: "expect") {
            for (key, value) in expected.entries {
                guard let name = key.text("a field"), let text = value.text("a value") else { continue }
                expect.append((name, text, value.place))
            }
        }
        mapping.reportUnknownKeys(in: "a test")
        return line.map { .init(line: $0, place: value.place, expect: expect) }
    }
}

extension TitleTemplate {
    /// The masked message: the title of a pattern that has none.
    static let message: TitleTemplate = {
        do { return try TitleTemplate("{message}") } catch { preconditionFailure("a constant template is valid") }
    }()
}

extension String {
    /// Lower-case letters, digits and dashes, beginning with a letter.
    var isIdentifier: Bool {
        guard let first = utf8.first, first >= UInt8(ascii: "a"), first <= UInt8(ascii: "z") else { return false }
        return utf8.allSatisfy { byte in
            byte == UInt8(ascii: "-") || (byte >= UInt8(ascii: "a") && byte <= UInt8(ascii: "z"))
                || (byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9"))
        }
    }
}
