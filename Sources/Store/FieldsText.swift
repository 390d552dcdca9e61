/// The named captures of a sample as a JSON object of strings, keys in byte order: what the column `fields` holds.
///
/// By hand, because log text holds NULs, at which SQLite's JSON functions end a string.
enum FieldsText {
    static func encode(_ fields: [String: String]) -> String {
        if fields.isEmpty { return "{}" }
        var text: [UInt8] = [UInt8(ascii: "{")]
        for (place, key) in fields.keys.sorted().enumerated() {
            if place > 0 { text.append(UInt8(ascii: ",")) }
            append(key, to: &text)
            text.append(UInt8(ascii: ":"))
            append(fields[key] ?? "", to: &text)
        }
        text.append(UInt8(ascii: "}"))
        return String(decoding: text, as: UTF8.self)
    }

    /// The inverse of `encode`. Nil for any text that `encode` does not write, white space included.
    static func decode(_ text: String) -> [String: String]? {
        var bytes = Array(text.utf8)[...]
        guard bytes.popFirst() == UInt8(ascii: "{"), bytes.popLast() == UInt8(ascii: "}") else { return nil }
        var fields: [String: String] = [:]
        while !bytes.isEmpty {
            guard let key = string(&bytes), bytes.popFirst() == UInt8(ascii: ":"), let value = string(&bytes) else {
                return nil
            }
            fields[key] = value
            guard bytes.isEmpty || (bytes.popFirst() == UInt8(ascii: ",") && !bytes.isEmpty) else { return nil }
        }
        return fields
    }

    private static let hexadecimal = Array("0123456789abcdef".utf8)

    private static func append(_ string: String, to text: inout [UInt8]) {
        text.append(UInt8(ascii: "\""))
        for byte in string.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): text += [UInt8(ascii: "\\"), byte]
            case 0..<0x20:
                text += Array("\\u00".utf8) + [hexadecimal[Int(byte >> 4)], hexadecimal[Int(byte & 15)]]
            default: text.append(byte)
            }
        }
        text.append(UInt8(ascii: "\""))
    }

    private static func string(_ bytes: inout ArraySlice<UInt8>) -> String? {
        guard bytes.popFirst() == UInt8(ascii: "\"") else { return nil }
        var value: [UInt8] = []
        while let byte = bytes.popFirst() {
            if byte == UInt8(ascii: "\"") { return String(decoding: value, as: UTF8.self) }
            guard byte == UInt8(ascii: "\\") else {
                value.append(byte)
                continue
            }
            switch bytes.popFirst() {
            case UInt8(ascii: "u")?:
                guard let code = UInt8(String(decoding: bytes.prefix(4), as: UTF8.self), radix: 16) else { return nil }
                bytes = bytes.dropFirst(4)
                value.append(code)
            case let escaped?: value.append(escaped)
            case nil: return nil
            }
        }
        return nil
    }
}
