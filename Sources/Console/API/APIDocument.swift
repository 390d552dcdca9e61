import Foundation

/// The description of the API (OpenAPI 3.1), as the page of the API needs it.
struct APIDocument: Sendable {
    /// A value that whoever calls gives.
    struct Parameter: Sendable, Equatable {
        enum Place: String, Sendable { case path, query, header }

        var name: String
        var place: Place
        var isRequired: Bool
        var description: String
        /// The values that there are; empty where there are too many to list.
        var choices: [String]
        /// Fits, and means little; empty for none.
        var example: String
    }

    struct Operation: Sendable, Equatable {
        /// Names it in addresses of the console.
        var id: String
        /// In capitals.
        var method: String
        /// With names of parameters in braces.
        var path: String
        var tag: String
        var summary: String
        var description: String
        var parameters: [Parameter]
        /// A body that fits; nil where there is none to send.
        var example: String?
    }

    /// In the order of their tags, then of their paths.
    let operations: [Operation]
    /// What each tag is about, in their order.
    let tags: [(name: String, description: String)]

    /// The one that is compiled in.
    static let standard: APIDocument = {
        do {
            return try APIDocument(PackageResources.openapi_json)
        } catch {
            preconditionFailure("openapi.json is malformed: \(error)")
        }
    }()

    init(_ bytes: [UInt8]) throws {
        let document = try JSONDecoder().decode(JSONValue.self, from: Data(bytes))
        let tags = document["tags"].elements.map { ($0["name"].string, $0["description"].string) }
        var operations: [Operation] = []
        for (path, methods) in document["paths"].members {
            for (method, operation) in methods.members {
                operations.append(APIDocument.operation(method, path, operation, document))
            }
        }
        let order = Dictionary(tags.enumerated().map { ($1.0, $0) }, uniquingKeysWith: { first, _ in first })
        let methods = ["GET", "POST", "PUT", "PATCH", "DELETE"]
        func rank(_ operation: Operation) -> (Int, String, Int) {
            (order[operation.tag] ?? tags.count, operation.path, methods.firstIndex(of: operation.method) ?? 9)
        }
        self.operations = operations.sorted { rank($0) < rank($1) }
        self.tags = tags.map { (name: $0.0, description: $0.1) }
    }

    private static func operation(
        _ method: String, _ path: String, _ value: JSONValue, _ document: JSONValue
    ) -> Operation {
        let content = value["requestBody"]["content"]["application/json"]["schema"]
        return Operation(
            id: value["operationId"].string, method: method.uppercased(), path: path,
            tag: value["tags"].elements.first?.string ?? "", summary: value["summary"].string,
            description: value["description"].string,
            parameters: value["parameters"].elements.map { parameter(document.resolved($0)) },
            example: content == .null ? nil : example(content, document)?.json ?? "{}")
    }

    private static func parameter(_ value: JSONValue) -> Parameter {
        let schema = value["schema"]
        return Parameter(
            name: value["name"].string, place: Parameter.Place(rawValue: value["in"].string) ?? .query,
            isRequired: value["required"] == .flag(true), description: value["description"].string,
            choices: schema["enum"].elements.map(\.string),
            example: value["example"].string.isEmpty
                ? schema["enum"].elements.first?.string ?? "" : value["example"].string)
    }

    /// The example of a schema, or of the first of those that it is made of.
    private static func example(_ schema: JSONValue, _ document: JSONValue) -> JSONValue? {
        let schema = document.resolved(schema)
        if schema["example"] != .null { return schema["example"] }
        return schema["oneOf"].elements.lazy.compactMap { example($0, document) }.first
    }

    /// The text of the document; where there are users, nothing is answered without a token, and it says so.
    static func text(hasUsers: Bool) -> String {
        let text = String(decoding: PackageResources.openapi_json, as: UTF8.self)
        guard hasUsers, let range = text.firstRange(of: openSecurity) else { return text }
        return text.replacingCharacters(in: range, with: closedSecurity)
    }

    private static let openSecurity = "\"security\": [{}, {\"token\": []}]"
    private static let closedSecurity = "\"security\": [{\"token\": []}]"
}

extension JSONValue {
    /// A member of an object; null where there is none.
    fileprivate subscript(name: String) -> JSONValue {
        if case .object(let members) = self { return members[name] ?? .null }
        return .null
    }

    /// The elements of a list; none of anything else.
    fileprivate var elements: [JSONValue] {
        if case .list(let list) = self { return list }
        return []
    }

    /// By name.
    fileprivate var members: [(key: String, value: JSONValue)] {
        if case .object(let members) = self { return members.sorted { $0.key < $1.key } }
        return []
    }

    fileprivate var string: String {
        if case .text(let text) = self { return text }
        return ""
    }

    /// What `$ref` leads to within this document; else the value itself.
    fileprivate func resolved(_ value: JSONValue) -> JSONValue {
        let reference = value["$ref"].string
        guard reference.hasPrefix("#/") else { return value }
        return reference.dropFirst(2).split(separator: "/").reduce(self) { $0[String($1)] }
    }

    /// As JSON, members by name.
    fileprivate var json: String {
        switch self {
        case .null: "null"
        case .flag(let flag): flag ? "true" : "false"
        case .integer(let number): String(number)
        case .number(let number): String(number)
        case .text(let text): JSONValue.quoted(text)
        case .list(let list): "[" + list.map(\.json).joined(separator: ", ") + "]"
        case .object:
            "{" + members.map { "\(JSONValue.quoted($0.key)): \($0.value.json)" }.joined(separator: ", ") + "}"
        }
    }

    /// Examples of ours: nothing in them has to be escaped but these.
    private static func quoted(_ text: String) -> String {
        "\"" + text.map { $0 == "\"" || $0 == "\\" ? "\\\($0)" : String($0) }.joined() + "\""
    }
}
