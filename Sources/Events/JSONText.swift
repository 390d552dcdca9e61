/// Writes JSON (RFC 8259) as bytes: one object a line is JSON Lines. Keys keep the order in which they are added.
package struct JSONText: Sendable {
    package private(set) var bytes: [UInt8] = []
    private var needsComma = false

    /// All that was written.
    package var text: String { String(decoding: bytes, as: UTF8.self) }

    /// One object, its members added by `body`.
    package static func object(_ body: (inout JSONText) -> Void) -> JSONText {
        var json = JSONText()
        json.braces(UInt8(ascii: "{"), UInt8(ascii: "}"), body)
        return json
    }

    package mutating func add(_ key: String, _ value: String?) {
        self.key(key)
        if let value { string(value) } else { raw("null") }
    }

    package mutating func add(_ key: String, _ value: some BinaryInteger) {
        self.key(key)
        raw(String(value))
    }

    package mutating func add(_ key: String, _ value: (some BinaryInteger)?) {
        self.key(key)
        raw(value.map { String($0) } ?? "null")
    }

    package mutating func add(_ key: String, _ value: Bool) {
        self.key(key)
        raw(value ? "true" : "false")
    }

    package mutating func add(_ key: String, _ value: Timestamp?) { add(key, value?.description) }

    package mutating func add(_ key: String, _ values: [String]) {
        add(key, array: values) { json, value in json.string(value) }
    }

    /// By name, so that equal fields are equal bytes.
    package mutating func add(_ key: String, _ fields: [String: String]) {
        add(
            key,
            object: { json in
                for (name, value) in fields.sorted(by: { $0.key < $1.key }) { json.add(name, value) }
            })
    }

    package mutating func add(_ key: String, object body: (inout JSONText) -> Void) {
        self.key(key)
        braces(UInt8(ascii: "{"), UInt8(ascii: "}"), body)
    }

    /// The same with the object behind the call.
    package mutating func object(_ key: String, _ body: (inout JSONText) -> Void) { add(key, object: body) }

    package mutating func add<Element>(_ key: String, array: [Element], element: (inout JSONText, Element) -> Void) {
        self.key(key)
        braces(UInt8(ascii: "["), UInt8(ascii: "]")) { json in
            for value in array {
                json.comma()
                element(&json, value)
                json.needsComma = true
            }
        }
    }

    /// An element of an array that is an object itself.
    package mutating func element(_ body: (inout JSONText) -> Void) {
        braces(UInt8(ascii: "{"), UInt8(ascii: "}"), body)
    }

    /// An element of an array that is a number.
    package mutating func element(_ value: Int) { raw(String(value)) }

    /// An element of an array that is an array of texts itself.
    package mutating func element(_ values: [String]) {
        braces(UInt8(ascii: "["), UInt8(ascii: "]")) { json in
            for value in values {
                json.comma()
                json.string(value)
                json.needsComma = true
            }
        }
    }

    private mutating func braces(_ open: UInt8, _ close: UInt8, _ body: (inout JSONText) -> Void) {
        bytes.append(open)
        needsComma = false
        body(&self)
        bytes.append(close)
        needsComma = true
    }

    private mutating func comma() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        needsComma = false
    }

    private mutating func key(_ name: String) {
        comma()
        string(name)
        bytes.append(UInt8(ascii: ":"))
        needsComma = true
    }

    private mutating func raw(_ text: String) { bytes.append(contentsOf: text.utf8) }

    /// Also escapes DEL, the C1 controls and U+2028/2029, which some terminals and parsers obey.
    private mutating func string(_ value: String) {
        bytes.append(UInt8(ascii: "\""))
        for scalar in value.unicodeScalars {
            switch scalar.value {
            case 0x22: raw("\\\"")
            case 0x5C: raw("\\\\")
            case 0x0A: raw("\\n")
            case 0x0D: raw("\\r")
            case 0x09: raw("\\t")
            case 0..<0x20, 0x7F...0x9F, 0x2028, 0x2029:
                let digits = String(scalar.value, radix: 16)
                raw("\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits)
            default: bytes.append(contentsOf: String(scalar).utf8)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }
}
