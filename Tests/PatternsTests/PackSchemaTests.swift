import Foundation
import Testing
import Yams

@testable import Patterns

/// The schema that editors use, the table it is made of, and the loader: all three say the same.
@Suite struct PackSchemaTests {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    private static let schemaPath = root.appendingPathComponent("Docs/pack.schema.json")

    private func schema() throws -> [String: Any] {
        let data = Data(PackSchema.text().utf8)
        return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    }

    @Test func `the schema in Docs is the one that the code makes`() throws {
        let text = PackSchema.text()
        if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" {
            try text.write(to: Self.schemaPath, atomically: true, encoding: .utf8)
        }
        #expect(try String(contentsOf: Self.schemaPath, encoding: .utf8) == text, "run 'make golden'")
    }

    @Test func `every shipped pack is valid`() throws {
        let folder = Self.root.appendingPathComponent("patterns")
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".yaml") }
        #expect(files.count >= 5)
        let validator = SchemaValidator(root: try schema())
        for file in files {
            let text = try String(contentsOf: folder.appendingPathComponent(file), encoding: .utf8)
            let value = try #require(try Yams.load(yaml: text))
            #expect(validator.faults(in: value) == [], "\(file)")
        }
    }

    /// One pack with every key there is.
    static let full = #"""
        pack: full
        description: all keys
        extends: [other]
        without: [other.gone]
        detect: { paths: ['*.log'], lines: ['^x'] }
        programs: [full]
        runtime: yes
        define: { word: '\w+' }
        options: [utf, ignore-case]
        header: '^(?<level>\w+) '
        record: { begins: '^\S', continues: '^\s' }
        mask: [{ match: 'x+', as: x }]
        fields: [level]
        type: business
        levels: { bad: major }
        allow: [untested]
        discard:
          - { match: 'y', options: utf, allow: [untested], tests: { match: ['y'] } }
        patterns:
          - id: full.one
            match: '(?<word>(?&word))'
            options: [utf]
            severity: level
            type: security
            title: '{word}'
            fingerprint: [word]
            fields: [word]
            runbook: look
            always: true
            allow: [unanchored]
            tests:
              match: ['x', { line: 'a b', expect: { word: a } }]
              ignore: ['']
        """#

    @Test func `a pack with every key is valid to both, and has every key`() throws {
        let value = try #require(try Yams.load(yaml: Self.full))
        #expect(SchemaValidator(root: try schema()).faults(in: value) == [])
        var library = PackLibrary()
        library.add([
            PackDraft("pack: other\npatterns: [{id: other.gone, match: x}]\n", path: "other.yaml"),
            PackDraft(Self.full, path: "full.yaml"),
        ])
        #expect(library.diagnostics.map(\.description) == [])
        let keys = Set(PackFormat.tables.flatMap { table in table.keys.map(\.name) })
        for key in keys { #expect(Self.full.contains("\(key):"), "\(key) is not in the pack with every key") }
    }

    @Test func `every key is in the reference`() throws {
        let text = try String(
            contentsOf: Self.root.appendingPathComponent("Docs/reference/packs.md"), encoding: .utf8)
        for table in PackFormat.tables {
            for key in table.keys {
                #expect(
                    text.contains("`\(key.name)`") || text.contains(": \(key.name)`"), "\(key.name) is not documented")
            }
        }
    }

    @Test(arguments: [
        "pack: a\npaterns: []\n", "pack: A\n", "pack: a\npatterns: [{id: a.b}]\n",
        "pack: a\npatterns: [{id: b, match: x}]\n", "pack: a\ntype: none\n", "pack: a\nlevels: {x: y}\n",
        "pack: a\npatterns: [{id: a.b, match: x, tests: {match: [{lin: x}]}}]\n", "pack: a\nmask: [{match: x}]\n",
        "pack: a\ndetect: []\n", "pack: a\nrecord: {start: x}\n", "patterns: []\n", "pack: a\noptions: [utf8]\n",
    ])
    func `what the loader refuses the schema refuses`(text: String) throws {
        let value = try #require(try Yams.load(yaml: text))
        #expect(!SchemaValidator(root: try schema()).faults(in: value).isEmpty)
        #expect(PackLoader.load(text, path: "p.yaml").hasErrors)
    }
}

/// As much of JSON Schema as `PackSchema` uses.
private struct SchemaValidator {
    let root: [String: Any]

    func faults(in value: Any) -> [String] { faults(in: value, root, at: "") }

    private func faults(in value: Any, _ schema: [String: Any], at place: String) -> [String] {
        var faults: [String] = []
        if let reference = schema["$ref"] as? String {
            let name = String(reference.split(separator: "/").last ?? "")
            let definitions = root["$defs"] as? [String: [String: Any]] ?? [:]
            return definitions[name].map { self.faults(in: value, $0, at: place) } ?? ["\(place): no \(reference)"]
        }
        if let type = schema["type"] {
            let types = type as? [String] ?? [type as? String ?? ""]
            if !types.contains(kind(of: value)) { return ["\(place): \(kind(of: value)) instead of \(types)"] }
        }
        if let words = schema["enum"] as? [String], !words.contains(value as? String ?? "") {
            faults.append("\(place): none of \(words)")
        }
        if let pattern = schema["pattern"] as? String, let text = value as? String,
            text.range(of: pattern, options: .regularExpression) == nil
        {
            faults.append("\(place): '\(text)' is not \(pattern)")
        }
        if let choices = schema["anyOf"] as? [[String: Any]] {
            let all = choices.map { self.faults(in: value, $0, at: place) }
            if !all.contains(where: \.isEmpty) { faults += all.min { $0.count < $1.count } ?? [] }
        }
        if let items = schema["items"] as? [String: Any], let list = value as? [Any] {
            for (index, element) in list.enumerated() {
                faults += self.faults(in: element, items, at: "\(place)[\(index)]")
            }
        }
        if let mapping = value as? [String: Any] { faults += self.faults(of: mapping, schema, at: place) }
        return faults
    }

    private func faults(of mapping: [String: Any], _ schema: [String: Any], at place: String) -> [String] {
        var faults: [String] = []
        for name in schema["required"] as? [String] ?? [] where mapping[name] == nil {
            faults.append("\(place): no \(name)")
        }
        let properties = schema["properties"] as? [String: [String: Any]] ?? [:]
        for (key, member) in mapping {
            if let known = properties[key] {
                faults += self.faults(in: member, known, at: "\(place).\(key)")
            } else if let other = schema["additionalProperties"] as? [String: Any] {
                faults += self.faults(in: member, other, at: "\(place).\(key)")
            } else if schema["additionalProperties"] as? Bool == false {
                faults.append("\(place): unknown \(key)")
            }
        }
        return faults
    }

    private func kind(of value: Any) -> String {
        switch value {
        case is String: "string"
        case is Bool: "boolean"
        case is Int, is Double: "number"
        case is [Any]: "array"
        case is [String: Any]: "object"
        default: "null"
        }
    }
}
