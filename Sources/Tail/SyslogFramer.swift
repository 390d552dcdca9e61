import Glibc

/// Cuts a stream of syslog messages into messages (RFC 6587): a connection either counts bytes, `LENGTH message`, or ends
/// each message with a newline. Which, its first bytes tell.
///
/// A value without effects: bytes in, messages out, the same however the stream is cut. Holds at most one message.
package struct SyslogFramer: Sendable {
    /// How a connection's messages are told apart.
    package enum Framing: Sendable, Equatable {
        /// Too little has come.
        case unknown
        case counted
        case lines
    }

    /// A message without what ended it, and how many of its bytes were beyond the limit.
    package struct Message: Sendable, Equatable {
        package var bytes: [UInt8]
        package var bytesCut: Int

        package init(bytes: [UInt8], bytesCut: Int = 0) {
            self.bytes = bytes
            self.bytesCut = bytesCut
        }
    }

    package private(set) var framing = Framing.unknown
    /// A length was expected and something else came: where the next message begins is not known any more.
    package private(set) var isBroken = false
    /// Nothing of a message has come that was not handed out.
    package var isAtBoundary: Bool { held.isEmpty && bytesCut == 0 && digits.isEmpty && bytesLeft == nil }

    private let messageBytesMax: Int
    private var held: [UInt8] = []
    private var bytesCut = 0
    /// Of a length, or of what may become one.
    private var digits: [UInt8] = []
    /// Of the counted message that is being read; nil while its length is.
    private var bytesLeft: Int?

    /// Digits of a length; more are none.
    static let digitsMax = 9

    /// - Parameter messageBytesMax: bytes kept of a message.
    package init(messageBytesMax: Int) { self.messageBytesMax = messageBytesMax }

    /// Takes what came, and hands out what is complete.
    package mutating func add(_ bytes: UnsafeRawBufferPointer, _ found: (Message) -> Void) {
        var rest = bytes[...]
        while !rest.isEmpty, !isBroken {
            switch framing {
            case .unknown: takeFirst(&rest)
            case .lines: takeLine(&rest, found)
            case .counted: takeCounted(&rest, found)
            }
        }
    }

    /// Hands out what a connection that has ended left unfinished: a last line needs no newline, and of a message whose
    /// bytes are counted some may be better than none.
    package mutating func end(_ found: (Message) -> Void) {
        if framing == .unknown { settle(as: .lines) }
        if framing == .lines || bytesLeft != nil { finish(found) }
        bytesLeft = nil
        digits = []
    }

    /// A length is digits, a blank and the first byte of a message, which is a priority: the text of a line can begin with
    /// a number too.
    private mutating func takeFirst(_ rest: inout Slice<UnsafeRawBufferPointer>) {
        guard let byte = rest.first else { return }
        let isDigit = byte >= 0x30 && byte <= 0x39
        if digits.last == UInt8(ascii: " ") {
            return settle(as: byte == UInt8(ascii: "<") ? .counted : .lines)
        }
        let isBlank = byte == UInt8(ascii: " ") && !digits.isEmpty
        guard isDigit && digits.count < SyslogFramer.digitsMax && !(digits.isEmpty && byte == 0x30) || isBlank else {
            return settle(as: .lines)
        }
        digits.append(byte)
        rest.removeFirst()
    }

    private mutating func settle(as framing: Framing) {
        self.framing = framing
        if framing == .counted {
            digits.removeLast()
            bytesLeft = length
        } else {
            keep(digits[...])
        }
        digits = []
    }

    private var length: Int { digits.reduce(0) { $0 * 10 + Int($1 - 0x30) } }

    private mutating func takeLine(
        _ rest: inout Slice<UnsafeRawBufferPointer>, _ found: (Message) -> Void
    ) {
        let line = UnsafeRawBufferPointer(rebasing: rest)
        guard let start = line.baseAddress, let end = memchr(start, 0x0A, line.count) else {
            keep(rest)
            rest = rest[rest.endIndex...]
            return
        }
        let length = UnsafeRawPointer(end) - start
        keep(rest.prefix(length))
        rest = rest.dropFirst(length + 1)
        finish(found)
    }

    private mutating func takeCounted(
        _ rest: inout Slice<UnsafeRawBufferPointer>, _ found: (Message) -> Void
    ) {
        if let left = bytesLeft {
            let piece = rest.prefix(left)
            keep(piece)
            rest = rest.dropFirst(piece.count)
            bytesLeft = left - piece.count
            if left == piece.count {
                bytesLeft = nil
                finish(found)
            }
            return
        }
        guard let byte = rest.first else { return }
        rest.removeFirst()
        // Some end a counted message with a newline besides.
        if digits.isEmpty, byte == 0x0A { return }
        if byte == UInt8(ascii: " "), !digits.isEmpty {
            bytesLeft = length
            digits = []
            if bytesLeft == 0 { bytesLeft = nil }
        } else if byte >= 0x30, byte <= 0x39, digits.count < SyslogFramer.digitsMax {
            digits.append(byte)
        } else {
            isBroken = true
        }
    }

    private mutating func keep(_ bytes: some Collection<UInt8>) {
        let room = messageBytesMax - held.count
        held.append(contentsOf: bytes.prefix(room))
        bytesCut += max(0, bytes.count - room)
    }

    /// Ends a message. One of nothing but line ends and NULs is none.
    private mutating func finish(_ found: (Message) -> Void) {
        let message = Message(bytes: SyslogFramer.trimmed(held), bytesCut: bytesCut)
        held.removeAll(keepingCapacity: true)
        bytesCut = 0
        if !message.bytes.isEmpty || message.bytesCut > 0 { found(message) }
    }

    /// Without the line ends and NULs that some put behind a message.
    static func trimmed(_ bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        while let last = bytes.last, last == 0x0A || last == 0x0D || last == 0 { bytes.removeLast() }
        return bytes
    }
}
