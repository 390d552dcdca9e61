/// The JSON Schema of packs (draft 2020-12), for editors; made of `PackFormat`.
package enum PackSchema {
    /// The whole schema as indented JSON, ending in a newline.
    package static func text() -> String {
        let definitions = PackFormat.tables.dropFirst().map { ($0.name, value(of: $0)) }
        let top: [(String, SchemaValue)] = [
            ("$schema", .text("https://json-schema.org/draft/2020-12/schema")),
            ("title", .text("A pack of patterns for margay")),
        ]
        guard case .object(let members) = value(of: PackFormat.pack) else { return "" }
        return SchemaValue.object(top + members + [("$defs", .object(definitions))]).text(indent: 0) + "\n"
    }

    private static func value(of table: KeyTable) -> SchemaValue {
        let properties = table.keys.map { key in
            guard case .object(let members) = value(of: key.kind) else { return (key.name, SchemaValue.flag(true)) }
            return (key.name, SchemaValue.object([("description", .text(key.meaning))] + members))
        }
        var members: [(String, SchemaValue)] = [
            ("type", .text("object")), ("additionalProperties", .flag(false)), ("properties", .object(properties)),
        ]
        let required = table.keys.filter(\.isRequired).map { SchemaValue.text($0.name) }
        if !required.isEmpty { members.append(("required", .list(required))) }
        return .object(members)
    }

    private static func value(of kind: KeyTable.Kind) -> SchemaValue {
        switch kind {
        case .text: .object([("type", .list([.text("string"), .text("number"), .text("boolean")]))])
        case .value: .object([("type", .list([.text("string"), .text("number"), .text("boolean")]))])
        case .expression: .object([("type", .list([.text("string"), .text("number")])), ("format", .text("regex"))])
        case .shaped(let expression):
            .object([("type", .text("string")), ("pattern", .text("^" + expression + "$"))])
        case .flag: .object([("type", .text("boolean"))])
        case .word(let words): .object([("enum", .list(words.map { .text($0) }))])
        case .list(let element):
            .object([
                (
                    "anyOf",
                    .list([
                        value(of: element), .object([("type", .text("array")), ("items", value(of: element))]),
                    ])
                )
            ])
        case .table(let table): .object([("$ref", .text("#/$defs/" + table.name))])
        case .map(let element):
            .object([("type", .text("object")), ("additionalProperties", value(of: element))])
        case .any(let kinds): .object([("anyOf", .list(kinds.map { value(of: $0) }))])
        }
    }
}

/// As much of JSON as a schema needs, members in order.
private indirect enum SchemaValue {
    case text(String)
    case flag(Bool)
    case list([SchemaValue])
    case object([(String, SchemaValue)])

    private var isPlain: Bool {
        switch self {
        case .text, .flag: true
        case .list, .object: false
        }
    }

    func text(indent: Int) -> String {
        let inner = String(repeating: "  ", count: indent + 1)
        let outer = String(repeating: "  ", count: indent)
        switch self {
        case .text(let text): return SchemaValue.quoted(text)
        case .flag(let flag): return flag ? "true" : "false"
        case .list(let values) where values.allSatisfy(\.isPlain):
            return "[" + values.map { $0.text(indent: 0) }.joined(separator: ", ") + "]"
        case .list(let values):
            return "[\n" + values.map { inner + $0.text(indent: indent + 1) }.joined(separator: ",\n") + "\n\(outer)]"
        case .object(let members) where members.count == 1 && members[0].1.isPlain:
            return "{" + SchemaValue.quoted(members[0].0) + ": " + members[0].1.text(indent: 0) + "}"
        case .object(let members):
            return "{\n"
                + members.map { inner + SchemaValue.quoted($0.0) + ": " + $0.1.text(indent: indent + 1) }
                .joined(separator: ",\n") + "\n\(outer)}"
        }
    }

    private static func quoted(_ text: String) -> String {
        "\"" + text.map { $0 == "\"" || $0 == "\\" ? "\\\($0)" : String($0) }.joined() + "\""
    }
}
