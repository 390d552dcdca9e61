/// What a JSON log line says in words: its message, and the stack trace that it carries as text.
///
/// Looks the values up by the keys that logging libraries write, at the top of the object or one object below, without
/// building anything: pino and bunyan (`msg`, `err.stack`), zap and logrus (`msg`, `error`, `stacktrace`), the Elastic
/// Common Schema (`message`, `error.stack_trace`, flat or nested), Serilog's compact form (`@m`, `@mt`, `@x`), Google
/// Cloud (`message`, `textPayload`), journald (`MESSAGE`), Logback and Python encoders (`stack_trace`, `exc_info`),
/// OpenTelemetry (`exception.stacktrace`). Any bytes are borne; what is not an object has neither.
package struct JSONLine {
    /// Bytes of a line that are looked at.
    package static let bytesMax = 256 * 1_024
    /// Objects and arrays inside of each other.
    static let depthMax = 32

    /// The message's bytes between its quotes, escapes as they are; nil where no key names one.
    package private(set) var message: Range<Int>?
    /// Likewise the trace.
    package private(set) var stack: Range<Int>?
    /// Likewise the class of the exception, where it has a key of its own; only what can be the name of one.
    package private(set) var className: Range<Int>?
    private var messageRank = Int.max
    private var classRank = Int.max
    private var stackRank = Int.max

    /// Keys of messages, the surest first.
    private static let messageKeys: [StaticString] = [
        "message", "msg", "@m", "MESSAGE", "RenderedMessage", "Message", "textPayload", "jsonPayload.message", "@mt",
        "MessageTemplate", "error.message", "err.message",
        "exception.message", "error", "err", "event", "log",
    ]
    /// Keys of traces, the surest first.
    private static let stackKeys: [StaticString] = [
        "error.stack_trace", "err.stack", "error.stack", "exception.stacktrace", "exception.stack_trace", "stack_trace",
        "stackTrace", "stacktrace", "stack", "@x", "exc_info", "traceback", "exception", "Exception", "errorVerbose",
    ]

    /// Keys of exceptions' classes, the surest first: OpenTelemetry, GitLab, the Elastic Common Schema, pino, Datadog.
    private static let classKeys: [StaticString] = [
        "exception.class", "exception.type", "error.class", "error.type", "err.type", "error.kind", "exception_class",
        "error_class",
    ]
    /// Longest name of a class, in bytes.
    private static let classBytesMax = 200

    /// Reads the object that begins at `start`; nil where none does or it is cut off before anything was found.
    package init?(_ line: UnsafeRawBufferPointer, from start: Int) {
        let line = UnsafeRawBufferPointer(rebasing: line.prefix(JSONLine.bytesMax))
        guard start < line.count, line[start] == UInt8(ascii: "{") else { return nil }
        walk(line, from: start)
        if message == nil && stack == nil && className == nil { return nil }
    }

    private mutating func walk(_ line: UnsafeRawBufferPointer, from start: Int) {
        var place = start
        var depth = 0
        var parent = 0..<0
        var key = 0..<0
        // What follows is a value, not a key.
        var isValue = false
        while place < line.count {
            switch line[place] {
            case UInt8(ascii: "\""):
                let text = place + 1..<JSONLine.endOfText(line, from: place + 1)
                place = text.upperBound + 1
                guard text.upperBound < line.count else { return }
                if isValue {
                    note(line, text, parent: depth > 1 ? parent : 0..<0, key: key, depth: depth)
                } else {
                    key = text
                }
                continue
            case UInt8(ascii: ":"): isValue = true
            case UInt8(ascii: ","): isValue = false
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                depth += 1
                guard depth <= JSONLine.depthMax else { return }
                if depth == 2 { parent = key }
                isValue = line[place] == UInt8(ascii: "[")
                // Elements of a list have no key.
                if isValue { key = 0..<0 }
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
                isValue = false
                if depth <= 0 { return }
            default: break
            }
            place += 1
        }
    }

    private mutating func note(
        _ line: UnsafeRawBufferPointer, _ text: Range<Int>, parent: Range<Int>, key: Range<Int>, depth: Int
    ) {
        guard depth <= 2, !key.isEmpty, !text.isEmpty else { return }
        if let rank = JSONLine.rank(line, parent, key, among: JSONLine.messageKeys), rank < messageRank {
            message = text
            messageRank = rank
        }
        if let rank = JSONLine.rank(line, parent, key, among: JSONLine.stackKeys), rank < stackRank {
            stack = text
            stackRank = rank
        }
        if let rank = JSONLine.rank(line, parent, key, among: JSONLine.classKeys), rank < classRank,
            JSONLine.isClassName(line.cut(text))
        {
            className = text
            classRank = rank
        }
    }

    /// Whether a class can be called that: a letter first, a capital somewhere, nothing but what joins names.
    private static func isClassName(_ name: UnsafeRawBufferPointer) -> Bool {
        guard name.count <= classBytesMax, let first = name.first, first | 0x20 >= 0x61, first | 0x20 <= 0x7A else {
            return false
        }
        var hasCapital = false
        for byte in name {
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): hasCapital = true
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."),
                UInt8(ascii: ":"), UInt8(ascii: "_"), UInt8(ascii: "$"), UInt8(ascii: "\\"):
                break
            default: return false
            }
        }
        return hasCapital
    }

    private static func rank(
        _ line: UnsafeRawBufferPointer, _ parent: Range<Int>, _ key: Range<Int>, among keys: [StaticString]
    ) -> Int? {
        let length = parent.isEmpty ? key.count : parent.count + 1 + key.count
        for (rank, name) in keys.enumerated() where name.utf8CodeUnitCount == length {
            if parent.isEmpty {
                if line.cut(key).equals(name) { return rank }
                continue
            }
            let bytes = UnsafeRawBufferPointer(start: name.utf8Start, count: length)
            if bytes.cut(0..<parent.count).elementsEqual(line.cut(parent)), bytes[parent.count] == UInt8(ascii: "."),
                bytes.cut(parent.count + 1..<length).elementsEqual(line.cut(key))
            {
                return rank
            }
        }
        return nil
    }

    /// The quote that ends the text from `start` on, or the end of the line.
    private static func endOfText(_ line: UnsafeRawBufferPointer, from start: Int) -> Int {
        var place = start
        while place < line.count, line[place] != UInt8(ascii: "\"") {
            place += line[place] == UInt8(ascii: "\\") ? 2 : 1
        }
        return min(place, line.count)
    }

    /// Writes the text `range` of `line` with its escapes (RFC 8259, section 7) resolved, as far as it fits.
    ///
    /// - Returns: bytes written. A surrogate without its other half becomes U+FFFD, an unknown escape its letter.
    package static func unescape(
        _ line: UnsafeRawBufferPointer, _ range: Range<Int>, into target: UnsafeMutableRawBufferPointer
    ) -> Int {
        var written = 0
        var place = range.lowerBound
        func put(_ byte: UInt8) {
            guard written < target.count else { return }
            target[written] = byte
            written += 1
        }
        while place < range.upperBound, written < target.count {
            guard line[place] == UInt8(ascii: "\\"), place + 1 < range.upperBound else {
                put(line[place])
                place += 1
                continue
            }
            let letter = line[place + 1]
            place += 2
            switch letter {
            case UInt8(ascii: "n"): put(0x0A)
            case UInt8(ascii: "t"): put(0x09)
            case UInt8(ascii: "r"): put(0x0D)
            case UInt8(ascii: "b"), UInt8(ascii: "f"): put(0x20)
            case UInt8(ascii: "u"):
                guard let scalar = scalar(line, &place, range.upperBound) else { continue }
                for byte in Unicode.UTF8.encode(scalar) ?? Unicode.UTF8.encodedReplacementCharacter { put(byte) }
            default: put(letter)
            }
        }
        return written
    }

    /// The scalar of `\u12AB`, whose digits begin at `place`; nil, with nothing passed, where they are none.
    private static func scalar(_ line: UnsafeRawBufferPointer, _ place: inout Int, _ end: Int) -> Unicode.Scalar? {
        guard let high = unit(line, place, end) else { return nil }
        place += 4
        guard (0xD800..<0xDC00).contains(high) else { return Unicode.Scalar(high) ?? "\u{FFFD}" }
        guard place + 1 < end, line[place] == UInt8(ascii: "\\"), line[place + 1] == UInt8(ascii: "u"),
            let low = unit(line, place + 2, end), (0xDC00..<0xE000).contains(low)
        else { return "\u{FFFD}" }
        place += 6
        return Unicode.Scalar(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00)) ?? "\u{FFFD}"
    }

    private static func unit(_ line: UnsafeRawBufferPointer, _ place: Int, _ end: Int) -> UInt32? {
        guard place + 4 <= end else { return nil }
        var value: UInt32 = 0
        for index in place..<place + 4 {
            guard line[index].isHexDigit else { return nil }
            let digit = line[index]
            value =
                value << 4 + UInt32(digit.isDigit ? digit - UInt8(ascii: "0") : digit | 0x20 - UInt8(ascii: "a") + 10)
        }
        return value
    }
}

extension StackTrace {
    /// The trace that the JSON object in the first line of `record` carries as text; nil where it has none.
    static func embedded(in record: UnsafeRawBufferPointer) -> StackTrace? {
        withEmbeddedText(in: record) { parsePlain($0) } ?? nil
    }

    /// The text of that trace, its lines apart; nil where the record carries none, or none of several lines that is
    /// understood.
    static func embeddedText(in record: String) -> String? {
        var record = record
        return record.withUTF8 { record in
            withEmbeddedText(in: UnsafeRawBufferPointer(record)) { text in
                guard text.find(0x0A) != nil, parsePlain(text) != nil else { return nil }
                return String(decoding: text, as: UTF8.self)
            } ?? nil
        }
    }

    /// Calls `body` with the text that the object carries where traces are, escapes resolved; it is valid during the
    /// call. Nil, without a call, where the record has no such text.
    private static func withEmbeddedText<Result>(
        in record: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) -> Result
    ) -> Result? {
        let line = record.cut(0..<(record.find(0x0A) ?? record.count))
        guard let brace = line.find(UInt8(ascii: "{")), brace <= RecordHeader.bytesMax,
            let object = JSONLine(line, from: brace), let stack = object.stack
        else { return nil }
        let text = UnsafeMutableRawBufferPointer.allocate(byteCount: stack.count, alignment: 1)
        defer { text.deallocate() }
        let count = JSONLine.unescape(line, stack, into: text)
        return body(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(text)[..<count]))
    }
}
