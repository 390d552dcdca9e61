import Foundation

/// A value of JSON (RFC 8259).
enum JSONValue: Decodable, Sendable, Equatable {
    case null
    case flag(Bool)
    case integer(Int64)
    case number(Double)
    case text(String)
    case list([JSONValue])
    case object([String: JSONValue])

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let flag = JSONValue.read(Bool.self, container) {
            self = .flag(flag)
        } else if let number = JSONValue.read(Int64.self, container) {
            self = .integer(number)
        } else if let number = JSONValue.read(Double.self, container) {
            self = .number(number)
        } else if let text = JSONValue.read(String.self, container) {
            self = .text(text)
        } else if let list = JSONValue.read([JSONValue].self, container) {
            self = .list(list)
        } else {
            self = .object(try container.decode([String: JSONValue].self))
        }
    }

    /// Nil where it is something else, which the next guess finds out, or nothing at all, which the last one says.
    private static func read<Value: Decodable>(
        _ type: Value.Type, _ container: any SingleValueDecodingContainer
    ) -> Value? {
        do { return try container.decode(type) } catch { return nil }
    }
}

/// The body of a call: an object whose members are read by name. Strict, since a program does not see that a misspelt
/// member changes nothing: each is known. One that is null is as if it were not there.
struct CallBody {
    private let members: [String: JSONValue]

    /// Throws a `PageFault` where `bytes` are no object, or it has members that are not `known`.
    init(_ bytes: [UInt8], _ known: [String], example: String) throws {
        let value: JSONValue
        do {
            value = try JSONDecoder().decode(JSONValue.self, from: Data(bytes))
        } catch {
            throw PageFault.malformed("That is no JSON; send an object such as \(example).")
        }
        guard case .object(let members) = value else {
            throw PageFault.malformed("Send an object such as \(example).")
        }
        try self.init(members, known)
    }

    init(_ members: [String: JSONValue], _ known: [String]) throws {
        if let other = members.keys.filter({ !known.contains($0) }).min() {
            throw PageFault.malformed("There is no member '\(other)' here; there are \(known.joined(separator: ", ")).")
        }
        self.members = members.filter { $0.value != .null }
    }

    /// The names of what is given.
    var names: [String] { members.keys.sorted() }

    func text(_ name: String) throws -> String? {
        guard let value = members[name] else { return nil }
        guard case .text(let text) = value else { throw PageFault.malformed("'\(name)' is a text.") }
        return text
    }

    func needed(_ name: String) throws -> String {
        guard let text = try text(name) else { throw PageFault.malformed("The text '\(name)' is missing.") }
        return text
    }

    func flag(_ name: String) throws -> Bool? {
        guard let value = members[name] else { return nil }
        guard case .flag(let flag) = value else { throw PageFault.malformed("'\(name)' is true or false.") }
        return flag
    }

    func integer(_ name: String, _ range: ClosedRange<Int64>) throws -> Int64? {
        guard let value = members[name] else { return nil }
        guard let number = CallBody.whole(value), range.contains(number) else {
            throw PageFault.malformed("'\(name)' is a whole number from \(range.lowerBound) to \(range.upperBound).")
        }
        return number
    }

    /// JSON knows no whole numbers: 7 and 7.0 are the same.
    static func whole(_ value: JSONValue) -> Int64? {
        switch value {
        case .integer(let number): number
        case .number(let number): Int64(exactly: number)
        case .null, .flag, .text, .list, .object: nil
        }
    }

    func texts(_ name: String, atMost most: Int) throws -> [String]? {
        guard let value = members[name] else { return nil }
        let fault = PageFault.malformed("'\(name)' is a list of 1 to \(most) texts.")
        guard case .list(let list) = value, (1...most).contains(list.count) else { throw fault }
        return try list.map { element in
            guard case .text(let text) = element else { throw fault }
            return text
        }
    }

    func object(_ name: String) throws -> [String: JSONValue]? {
        guard let value = members[name] else { return nil }
        guard case .object(let object) = value else { throw PageFault.malformed("'\(name)' is an object.") }
        return object
    }
}
