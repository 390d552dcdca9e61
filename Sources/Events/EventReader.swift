/// Reads one reported event from a JSON object, and notes all that is wrong with it.
struct EventReader {
    let now: Timestamp
    private(set) var faults: [(field: String?, message: String)] = []
    private var event = ReportedEvent(summary: "")
    private var seen: Set<String> = []

    init(now: Timestamp) { self.now = now }

    /// Nil where it has faults; any bytes are borne.
    mutating func read(_ bytes: UnsafeRawBufferPointer) -> ReportedEvent? {
        var members = JSONMembers(bytes)
        var count = 0
        while let (key, value) = members.next() {
            count += 1
            // What nobody would send ends here, so that not every member of a megabyte becomes a fault.
            if count > EventReader.membersMax { break }
            take(String(decoding: members.text(key), as: UTF8.self), value, members, bytes)
        }
        if count > EventReader.membersMax {
            fault(nil, "An event has at most \(ReportedEvent.fieldsMax) further fields.")
        } else if !members.isWhole {
            faults = [(nil, "This is no JSON object.")]
        } else if !seen.contains("summary") {
            fault("summary", "A summary is missing: say in a line what happened.")
        }
        if event.fields.count > ReportedEvent.fieldsMax {
            fault(
                nil, "An event has at most \(ReportedEvent.fieldsMax) further fields; this has \(event.fields.count).")
        }
        return faults.isEmpty ? event : nil
    }

    /// Members of an object that are looked at.
    private static let membersMax = 2 * ReportedEvent.fieldsMax

    private mutating func take(
        _ key: String, _ value: JSONMembers.Value, _ members: JSONMembers, _ bytes: UnsafeRawBufferPointer
    ) {
        guard seen.insert(key).inserted else {
            return fault(key, "It is there twice.")
        }
        let scalar = EventScalar(value, members, bytes)
        // As if it were not there.
        if case .null = scalar, key != "summary" { return }
        switch key {
        case "node": takeNode(scalar)
        case "tag": takeTag(scalar)
        case "summary": takeSummary(scalar)
        case "severity": takeSeverity(scalar)
        case "time": takeTime(scalar)
        default: takeField(key, scalar)
        }
    }

    private mutating func takeNode(_ scalar: EventScalar) {
        guard case .text(let text) = scalar, ReportedEvent.isNode(text) else {
            return fault(
                "node", "A node is the name of a host: letters, digits and -._: up to \(ReportedEvent.nodeBytesMax).")
        }
        event.node = text
    }

    private mutating func takeTag(_ scalar: EventScalar) {
        guard case .text(let text) = scalar, (1...ReportedEvent.tagBytesMax).contains(text.utf8.count),
            text.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F })
        else {
            return fault(
                "tag", "A tag is the name of a program, without blanks, of up to \(ReportedEvent.tagBytesMax) bytes.")
        }
        event.tag = text
    }

    private mutating func takeSummary(_ scalar: EventScalar) {
        guard case .text(let text) = scalar, text.utf8.contains(where: { $0 > 0x20 }) else {
            return fault("summary", "A summary is a text that says what happened; this is \(scalar.kind).")
        }
        guard text.utf8.count <= ReportedEvent.summaryBytesMax else {
            return fault("summary", "A summary has at most \(ReportedEvent.summaryBytesMax) bytes.")
        }
        event.summary = text
    }

    private mutating func takeSeverity(_ scalar: EventScalar) {
        guard case .text(let text) = scalar, let severity = Severity(name: text) else {
            let names = Severity.allCases.reversed().map(\.name).joined(separator: ", ")
            return fault("severity", "A severity is one of \(names).")
        }
        event.severity = severity
    }

    private mutating func takeTime(_ scalar: EventScalar) {
        guard let time = scalar.time else {
            return fault(
                "time", "A time is written as 2026-11-22T10:00:00Z, or as seconds or milliseconds since 1970.")
        }
        guard time <= now.moved(bySeconds: ReportedEvent.aheadSecondsMax) else {
            return fault("time", "It lies more than a day ahead of this host's clock; look at both clocks.")
        }
        event.time = time
    }

    private mutating func takeField(_ name: String, _ scalar: EventScalar) {
        guard EventReader.isFieldName(name) else {
            let shown = String(decoding: name.utf8.prefix(ReportedEvent.fieldNameBytesMax), as: UTF8.self)
            return fault(
                shown,
                "A field's name begins with a letter and has letters, digits and _.- up to "
                    + "\(ReportedEvent.fieldNameBytesMax).")
        }
        guard let text = scalar.text else {
            return fault(name, "A field is a text, a number, true or false; this is \(scalar.kind).")
        }
        guard text.utf8.count <= ReportedEvent.fieldValueBytesMax else {
            return fault(name, "A field has at most \(ReportedEvent.fieldValueBytesMax) bytes.")
        }
        event.fields[name] = text
    }

    private static func isFieldName(_ name: String) -> Bool {
        guard let first = name.utf8.first, first.isLetter || first == UInt8(ascii: "_") else { return false }
        return name.utf8.count <= ReportedEvent.fieldNameBytesMax
            && name.utf8.allSatisfy { $0.isAlphanumeric || $0.isOne(of: "_.-") }
    }

    private mutating func fault(_ field: String?, _ message: String) { faults.append((field, message)) }
}

/// A value of a reported event.
enum EventScalar {
    case text(String)
    /// As it was written.
    case number(String)
    case bool(Bool)
    case null
    /// An object, an array, or what is no JSON; with its name for a message.
    case other(String)

    init(_ value: JSONMembers.Value, _ members: JSONMembers, _ bytes: UnsafeRawBufferPointer) {
        switch value {
        case .string(let range): self = .text(String(decoding: members.text(range), as: UTF8.self))
        case .null: self = .null
        case .array: self = .other("an array")
        case .other(let range):
            let word = bytes[range]
            if members.matches(range, "true") {
                self = .bool(true)
            } else if members.matches(range, "false") {
                self = .bool(false)
            } else if word.first == UInt8(ascii: "{") {
                self = .other("an object")
            } else if EventScalar.isNumber(word) {
                self = .number(String(decoding: word, as: UTF8.self))
            } else {
                self = .other("no JSON value")
            }
        }
    }

    /// As the text of a field; nil for what can be none.
    var text: String? {
        switch self {
        case .text(let text), .number(let text): text
        case .bool(let value): value ? "true" : "false"
        case .null, .other: nil
        }
    }

    var kind: String {
        switch self {
        case .text(let text): text.isEmpty ? "empty" : "a text"
        case .number: "a number"
        case .bool: "true or false"
        case .null: "null"
        case .other(let kind): kind
        }
    }

    /// The moment that is meant: RFC 3339 with a zone, or seconds since 1970, and milliseconds where they would be
    /// seconds of a far future.
    var time: Timestamp? {
        switch self {
        case .text(let text):
            return Array(text.utf8).withUnsafeBytes { bytes in
                var scanner = TimestampScanner(zone: .utc, reference: Timestamp(seconds: 0))
                guard let match = scanner.scan(bytes), match.range == 0..<bytes.count, match.hasDate, match.hasYear,
                    match.hasZone, match.time.microseconds >= 0
                else { return nil }
                return match.time
            }
        case .number(let text):
            guard let number = Double(text), number >= 0, number < EventScalar.millisMax else { return nil }
            let seconds = number < EventScalar.secondsMax ? number : number / 1_000
            return Timestamp(microseconds: Int64(seconds * 1_000_000))
        case .bool, .null, .other: return nil
        }
    }

    /// The year 5138 in seconds is 1973 in milliseconds.
    private static let secondsMax = 1e11
    private static let millisMax = 1e14

    /// RFC 8259, 6; at most 64 characters.
    private static func isNumber(_ word: Slice<UnsafeRawBufferPointer>) -> Bool {
        var rest = word.prefix(65)[...]
        guard rest.count <= 64 else { return false }
        if rest.first == UInt8(ascii: "-") { rest.removeFirst() }
        let whole = rest.prefix { $0.isDigit }
        guard !whole.isEmpty, whole.count == 1 || whole.first != UInt8(ascii: "0") else { return false }
        rest.removeFirst(whole.count)
        if rest.first == UInt8(ascii: ".") {
            rest.removeFirst()
            let fraction = rest.prefix { $0.isDigit }
            guard !fraction.isEmpty else { return false }
            rest.removeFirst(fraction.count)
        }
        if let letter = rest.first, letter.isOne(of: "eE") {
            rest.removeFirst()
            if let sign = rest.first, sign.isOne(of: "+-") { rest.removeFirst() }
            let exponent = rest.prefix { $0.isDigit }
            guard !exponent.isEmpty else { return false }
            rest.removeFirst(exponent.count)
        }
        return rest.isEmpty
    }
}
