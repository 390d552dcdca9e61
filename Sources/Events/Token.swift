/// One word of a message between blanks, and what the normaliser makes of it.
struct Token {
    enum Verdict: UInt8 {
        /// Hashed as it stands.
        case constant
        /// Hashed as `<*>`, shown with typed placeholders.
        case masked
        /// Belongs to the masked neighbour (a unit, a month): hashed as `<*>`, shown as it stands.
        case absorbed
        /// Hashed as its first `kept` bytes and `<*>`.
        case prefix
        /// `HTTP/1.1` and the like: hashed up to and with `HTTP`.
        case protocolName
    }

    var start: Int32 = 0
    var end: Int32 = 0
    var classes: ByteClass = []
    var verdict = Verdict.constant
    /// Bytes kept of a `.prefix`.
    var kept: Int32 = 0

    var isPlaceholder: Bool { verdict == .masked || verdict == .absorbed }

    /// Its bytes in `text`, from which it was cut.
    func bytes(in text: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer { text.cut(Int(start)..<Int(end)) }
}
