/// A message as the protocols of syslog carry it (RFC 5424, RFC 3164): its parts, as places in its bytes.
///
/// Read by the same walker as the headers of log files; but what came over a network certainly is syslog, so less is
/// asked of it than of a line of a file.
package struct SyslogMessage: Sendable, Equatable {
    /// Facility times eight plus level, 0 to 191; nil where it has none.
    package var priority: Int?
    /// When it was written; nil where it does not say.
    package var time: Timestamp?
    package var host: Range<Int>?
    package var program: Range<Int>?
    package var process: Range<Int>?
    /// RFC 5424's elements in brackets.
    package var structuredData: Range<Int>?
    /// The first byte behind the header.
    package var messageStart = 0

    /// The parts of `bytes`; any bytes are borne. `scanner` says what a time without a year or a zone means.
    package static func parse(_ bytes: UnsafeRawBufferPointer, _ scanner: inout TimestampScanner) -> SyslogMessage {
        guard let line = LineBytes(bytes) else { return SyslogMessage() }
        var walker = HeaderWalker(line)
        return walker.walkReceived(&scanner)
    }

    /// The parameters of structured data, by name: those of a later element yield to those of an earlier one. At most
    /// `ReportedEvent.fieldsMax`, none longer than a reported field may be.
    package static func parameters(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) -> [String: String] {
        var reader = StructuredDataReader(bytes: UnsafeRawBufferPointer(rebasing: bytes[range]))
        var found: [String: String] = [:]
        while found.count < ReportedEvent.fieldsMax, let (name, value) = reader.next() {
            if found[name] == nil { found[name] = value }
        }
        return found
    }
}

extension HeaderWalker {
    /// Reads the header of a message that was sent by a protocol of syslog.
    mutating func walkReceived(_ scanner: inout TimestampScanner) -> SyslogMessage {
        var message = SyslogMessage()
        if let (priority, end) = LogLevel.priority(line, at: 0) {
            message.priority = priority
            position = end
            if isVersion(at: end) {
                message.structuredData = walkRFC5424Header(&scanner)
                return finished(message)
            }
        }
        skipSequenceNumber()
        skipBlanks()
        if let match = scanner.match(&reader, at: position) {
            header.time = match
            position = match.range.upperBound
            closeTime()
            skipBlanks()
            walkHost()
        } else if let end = tag(at: position, needsProcess: false) {
            position = end
        }
        return finished(message)
    }

    /// `host program[12]:`, `program[12]:` or `host` behind the time.
    private mutating func walkHost() {
        if let end = tag(at: position, needsProcess: false) {
            position = end
            return
        }
        let end = endOfWord(from: position)
        let isHost = (position..<end).allSatisfy { line[$0].isAlphanumeric || line[$0].isOne(of: "-._:") }
        guard end > position, end &- position <= ReportedEvent.nodeBytesMax, isHost else { return }
        header.host = position..<end
        position = LineHead.skipBlanks(line, from: end)
        if let end = tag(at: position, needsProcess: false) { position = end }
    }

    /// `123: ` and the mark of an unset clock, which routers write before the time.
    private mutating func skipSequenceNumber() {
        let digits = line.digitRun(at: position, limit: 10)
        if digits > 0, line[position &+ digits] == UInt8(ascii: ":"), line[position &+ digits &+ 1].isBlank {
            position &+= digits &+ 2
        }
        if line[position].isOne(of: "*."), line[position &+ 1].isLetter { position &+= 1 }
    }

    private func finished(_ message: SyslogMessage) -> SyslogMessage {
        var message = message
        message.time = header.time?.time
        message.host = header.host
        message.program = header.program
        message.process = header.process
        // One blank parts the header from the message; more are the message's own.
        message.messageStart = min(line[position].isBlank ? position &+ 1 : position, line.count)
        return message
    }
}

/// Walks over `[id name="value" …][…]`.
private struct StructuredDataReader {
    let bytes: UnsafeRawBufferPointer
    private var place = 0

    init(bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    /// The next parameter that is not too long; nil behind the last, and at the first fault.
    mutating func next() -> (name: String, value: String)? {
        while true {
            skip { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "]") }
            if take(UInt8(ascii: "[")) { skip { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "]") } }
            skip { $0 == UInt8(ascii: " ") }
            let start = place
            skip { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "=") && $0 != UInt8(ascii: "]") }
            let name = bytes[start..<place]
            if name.isEmpty {
                if place < bytes.count, bytes[place] == UInt8(ascii: "]") { continue }
                return nil
            }
            guard take(UInt8(ascii: "=")), take(UInt8(ascii: "\"")), let value = value() else { return nil }
            if name.count <= ReportedEvent.fieldNameBytesMax, value.utf8.count <= ReportedEvent.fieldValueBytesMax {
                return (String(decoding: name, as: UTF8.self), value)
            }
        }
    }

    /// What stands up to the closing quote, without its escapes (RFC 5424, 6.3.3).
    private mutating func value() -> String? {
        var text: [UInt8] = []
        while place < bytes.count {
            let byte = bytes[place]
            place += 1
            if byte == UInt8(ascii: "\"") { return String(decoding: text, as: UTF8.self) }
            if byte == UInt8(ascii: "\\"), place < bytes.count, bytes[place].isOne(of: "\"\\]") {
                text.append(bytes[place])
                place += 1
            } else {
                text.append(byte)
            }
        }
        return nil
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard place < bytes.count, bytes[place] == byte else { return false }
        place += 1
        return true
    }

    private mutating func skip(while isSkipped: (UInt8) -> Bool) {
        while place < bytes.count, isSkipped(bytes[place]) { place += 1 }
    }
}
