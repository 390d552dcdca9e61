import Events
import Patterns

/// What `packs lint` and `packs test` have to say, for programs.
enum LintReport {
    /// One object a line: `file, line, column, level, rule, message, remedy, expression, caret`.
    static func json(_ diagnostic: Diagnostic) -> String {
        JSONText.object { json in
            json.add("file", diagnostic.place.path)
            json.add("line", diagnostic.place.line)
            json.add("column", diagnostic.place.column)
            json.add("level", diagnostic.level.rawValue)
            json.add("rule", diagnostic.rule)
            json.add("message", diagnostic.message)
            json.add("remedy", diagnostic.remedy)
            json.add("expression", diagnostic.excerpt?.text)
            json.add("caret", diagnostic.excerpt?.column)
        }.text + "\n"
    }

    /// Static Analysis Results Interchange Format, version 2.1.0 (OASIS, 2020): one run with all results.
    static func sarif(_ diagnostics: [Diagnostic]) -> String {
        let entries = LintCatalogue.entries
        let log = JSONText.object { log in
            log.add("$schema", "https://json.schemastore.org/sarif-2.1.0.json")
            log.add("version", "2.1.0")
            log.add("runs", array: [0]) { runs, _ in
                runs.element { run in
                    run.object("tool") { tool in
                        tool.object("driver") { driver in
                            driver.add("name", "margay packs lint")
                            driver.add("semanticVersion", Version.number)
                            driver.add("rules", array: entries) { json, entry in rule(entry, &json) }
                        }
                    }
                    run.add("columnKind", "unicodeCodePoints")
                    run.add("results", array: diagnostics) { json, found in result(found, entries, &json) }
                }
            }
        }
        return log.text + "\n"
    }

    private static func rule(_ entry: LintCatalogue.Entry, _ json: inout JSONText) {
        json.element { json in
            json.add("id", entry.name)
            json.object("shortDescription") { $0.add("text", entry.meaning) }
            json.object("defaultConfiguration") { $0.add("level", level(entry.level)) }
        }
    }

    private static func result(
        _ found: Diagnostic, _ entries: [LintCatalogue.Entry], _ json: inout JSONText
    ) {
        json.element { json in
            json.add("ruleId", found.rule)
            if let index = entries.firstIndex(where: { $0.name == found.rule }) { json.add("ruleIndex", index) }
            json.add("level", level(found.level))
            let text = found.remedy.isEmpty ? found.message : found.message + "; " + found.remedy
            json.object("message") { $0.add("text", text) }
            json.add("locations", array: [0]) { json, _ in
                json.element { json in
                    json.object("physicalLocation") { json in
                        json.object("artifactLocation") { $0.add("uri", address(of: found.place.path)) }
                        guard found.place.line > 0 else { return }
                        json.object("region") { json in
                            json.add("startLine", found.place.line)
                            if found.place.column > 0 { json.add("startColumn", found.place.column) }
                        }
                    }
                }
            }
        }
    }

    private static func level(_ level: Diagnostic.Level) -> String {
        switch level {
        case .error: "error"
        case .warning: "warning"
        case .advice: "note"
        }
    }

    /// A path as an RFC 3986 reference: relative ones stay relative.
    private static func address(of path: String) -> String {
        let digits = Array("0123456789ABCDEF")
        let escaped = path.utf8.map { byte in
            let isPlain =
                byte == UInt8(ascii: "/") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
                || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "~")
                || (byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9"))
                || (byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z"))
            return isPlain
                ? String(Character(Unicode.Scalar(byte))) : "%\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
        }.joined()
        return path.hasPrefix("/") ? "file://" + escaped : escaped
    }
}
