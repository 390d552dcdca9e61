/// What a pack's mask leaves in a message for the normaliser: `<*order>`, hashed as `<*>` and shown as `<order>`.
package enum NamedPlaceholder {
    /// Bytes of a name.
    package static let nameBytesMax = 32

    /// The bytes to put in place of what varies. `name` is of lower-case letters, digits and dashes.
    package static func bytes(_ name: String) -> [UInt8] { Array("<*\(name.prefix(nameBytesMax))>".utf8) }

    /// Where the placeholder that begins at `start` ends; nil where none does. `<*>` is one without a name.
    static func end(in bytes: UnsafeRawBufferPointer, at start: Int) -> Int? {
        guard bytes.has("<*", at: start) else { return nil }
        var index = start + 2
        while index < bytes.count, index - start - 2 <= nameBytesMax {
            let byte = bytes[index]
            if byte == UInt8(ascii: ">") { return index + 1 }
            guard byte.isLower || byte.isDigit || byte == UInt8(ascii: "-") else { return nil }
            index += 1
        }
        return nil
    }
}
