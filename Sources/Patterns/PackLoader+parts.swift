import Events
import PCRE2

/// The parts of a pack that are plain values.
extension PackLoader {
    func detection(_ value: YAMLValue) -> Detection? {
        guard let mapping = document.mapping(value, PackFormat.detect) else { return nil }
        let paths = mapping["paths"]?.list().compactMap { glob($0) } ?? []
        let lines = mapping["lines"]?.list().compactMap { expression($0, "a line") } ?? []
        mapping.reportUnknownKeys()
        return Detection(paths: paths, lines: lines)
    }

    /// Names as they stand in headers; one that can stand in none is refused.
    func programs(_ value: YAMLValue) -> ProgramNames? {
        let names = value.list().compactMap { value -> String? in
            guard let name = value.text("a program") else { return nil }
            guard !name.isEmpty, name != "*", !name.contains(where: { $0.isWhitespace }),
                !name.dropLast().contains("*")
            else {
                document.report(
                    value, "bad-program", "'\(name)' is no name of a program",
                    remedy: "write it as lines do, 'sshd', or its beginning and an asterisk, 'postfix/*'")
                return nil
            }
            return name
        }
        return names.isEmpty ? nil : ProgramNames(names)
    }

    /// A glob for absolute paths; one that does not begin at the root may match below any directory.
    func glob(_ value: YAMLValue) -> Glob? {
        guard let text = value.text("a path") else { return nil }
        do {
            return try Glob(text.hasPrefix("/") ? text : "/**/" + text)
        } catch {
            document.report(value, "bad-glob", "\(error)", remedy: "balance the brackets and braces")
            return nil
        }
    }

    func type(_ value: YAMLValue) -> EventType? {
        guard let word = value.text("type") else { return nil }
        if let type = EventType(rawValue: word) { return type }
        let known = EventType.allCases.map(\.rawValue)
        document.report(
            value, "unknown-type", "'\(word)' is no type of event",
            remedy: word.nearest(in: known).map { "did you mean '\($0)'?" } ?? "one of \(known.joined(separator: ", "))"
        )
        return nil
    }

    func severity(_ value: YAMLValue) -> SeverityRule? {
        guard let word = value.text("severity") else { return nil }
        if word == "level" { return .level }
        return plainSeverity(word, at: value).map { .fixed($0) }
    }

    func plainSeverity(_ word: String, at value: YAMLValue) -> Severity? {
        if let severity = Severity(name: word) { return severity }
        let known = Severity.allCases.reversed().map(\.name) + ["level"]
        document.report(
            value, "unknown-severity", "'\(word)' is no severity",
            remedy: word.nearest(in: known).map { "did you mean '\($0)'?" } ?? "one of \(known.joined(separator: ", "))"
        )
        return nil
    }

    func levels(_ value: YAMLValue) -> [String: Severity] {
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

    func title(_ value: YAMLValue, fields: [String]?) -> TitleTemplate? {
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

    /// Parts of a fingerprint: `fields` are the names that `match` and the header capture, nil where nobody knows.
    func fingerprint(_ value: YAMLValue, fields: [String]?) -> [FingerprintPart] {
        let parts = value.list().compactMap { value -> FingerprintPart? in
            guard let word = value.text("a part of the fingerprint") else { return nil }
            switch word {
            case "pattern": return .pattern
            case "message": return .message
            case "exception": return .exception
            case "frames": return .frames
            default: break
            }
            let isMasked = word.hasPrefix("masked(") && word.hasSuffix(")")
            let name = isMasked ? String(word.dropFirst("masked(".count).dropLast()) : word
            if let fields, !fields.contains(name), !FingerprintPart.headerFields.contains(name) {
                let known = ["pattern", "message", "exception", "frames"] + fields
                document.report(
                    value, "no-such-field",
                    "the fingerprint names '\(name)', which neither 'match' nor the header captures",
                    remedy: name.nearest(in: known).map { "did you mean '\($0)'?" }
                        ?? "known: \(known.joined(separator: ", "))")
                return nil
            }
            return isMasked ? .masked(name) : .capture(name)
        }
        return parts.isEmpty ? [.pattern] : parts
    }

    /// Names of fields that are kept.
    func fields(_ value: YAMLValue, known: [String]?) -> [String] {
        value.list().compactMap { value in
            guard let name = value.text("a field") else { return nil }
            if let known, !known.contains(name), !Pack.headerFields.contains(name) {
                document.report(
                    value, "no-such-field", "'\(name)' is kept, but nothing captures it",
                    remedy: name.nearest(in: known + Pack.headerFields).map { "did you mean '\($0)'?" }
                        ?? "known: \((known + Pack.headerFields).joined(separator: ", "))")
            }
            return name
        }
    }

    func tests(_ value: YAMLValue) -> PatternTests {
        var tests = PatternTests(match: [], ignore: [])
        guard let mapping = document.mapping(value, PackFormat.tests) else { return tests }
        tests.match = (mapping["match"]?.list() ?? []).compactMap { matchCase($0) }
        tests.ignore = (mapping["ignore"]?.list() ?? []).compactMap { value in
            value.text("a line to ignore").map { PatternTests.IgnoreCase(line: $0, place: value.place) }
        }
        mapping.reportUnknownKeys()
        return tests
    }

    func matchCase(_ value: YAMLValue) -> PatternTests.MatchCase? {
        guard value.isMapping else {
            return value.text("a line to match").map { .init(line: $0, place: value.place, expect: []) }
        }
        guard let mapping = document.mapping(value, PackFormat.test) else { return nil }
        let line = mapping.required("line", of: "the test")?.text("line")
        var expect: [(name: String, value: String, place: Place)] = []
        if let value = mapping["expect"], let expected = document.mapping(value, what: "expect") {
            for (key, value) in expected.entries {
                guard let name = key.text("a field"), let text = value.text("a value") else { continue }
                expect.append((name, text, value.place))
            }
        }
        mapping.reportUnknownKeys()
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
