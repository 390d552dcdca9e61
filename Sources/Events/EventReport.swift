/// What a request of somebody who reports events holds: events, and what is wrong with the others.
package struct EventReport: Sendable, Equatable {
    /// How the events stand in a request.
    package enum Form: Sendable {
        /// One JSON object, or an array of them.
        case json
        /// JSON Lines: an object a line; blank lines are passed over.
        case lines
    }

    /// What is wrong with one element.
    package struct Fault: Sendable, Equatable {
        /// Of the element, from 0.
        package var index: Int
        /// The member it is about; nil where it is about the whole element.
        package var field: String?
        /// A sentence that says how to mend it.
        package var message: String
    }

    /// Why nothing of a request can be read, as a sentence that says how to mend it.
    package struct Malformed: Error, Equatable {
        package let message: String
    }

    package private(set) var events: [ReportedEvent] = []
    /// In the order of the elements; at most `faultsMax`.
    package private(set) var faults: [Fault] = []
    /// Faults beyond them.
    package private(set) var faultsLeftOut = 0
    /// Elements, good and faulty.
    package private(set) var count = 0

    /// Elements of a request.
    package static let eventsMax = 1_000
    package static let faultsMax = 100

    /// Reads `bytes`; any are borne. Throws `Malformed` where they are no JSON, or too many elements.
    package static func read(_ bytes: [UInt8], as form: Form, now: Timestamp) throws(Malformed) -> EventReport {
        var report = EventReport()
        switch form {
        case .lines:
            for line in bytes.split(separator: UInt8(ascii: "\n")) where line.contains(where: { !$0.isBlankOrReturn }) {
                try report.countElement()
                line.withUnsafeBytes { report.take($0, now: now) }
            }
        case .json: try report.takeDocument(bytes, now: now)
        }
        if report.count == 0 {
            throw Malformed(message: "There is no event in it; send an object such as {\"summary\": \"disk is full\"}.")
        }
        return report
    }

    private mutating func countElement() throws(Malformed) {
        count += 1
        if count > EventReport.eventsMax {
            throw Malformed(
                message: "A request holds at most \(EventReport.eventsMax) events; send the rest in another.")
        }
    }

    private mutating func takeDocument(_ bytes: [UInt8], now: Timestamp) throws(Malformed) {
        guard let first = bytes.first(where: { !$0.isBlankOrReturn }) else { return }
        guard first == UInt8(ascii: "[") else {
            try countElement()
            return bytes.withUnsafeBytes { take($0, now: now) }
        }
        // An array is walked as the value of a member.
        let wrapped = Array("{\"events\":".utf8) + bytes + Array("}".utf8)
        let elements = wrapped.withUnsafeBytes { wrapped -> [JSONMembers.Value]? in
            var members = JSONMembers(wrapped)
            guard case .array(let range)? = members.next()?.value, members.next() == nil, members.isWhole else {
                return nil
            }
            let list = members.list(of: range)
            return list.isWhole ? list.values : nil
        }
        guard let elements else { throw Malformed(message: "That is no JSON; send an object or an array of objects.") }
        for element in elements {
            try countElement()
            guard case .other(let range) = element else {
                add(nil, "An event is an object; this is \(element.kind).")
                continue
            }
            wrapped.withUnsafeBytes { take(UnsafeRawBufferPointer(rebasing: $0[range]), now: now) }
        }
    }

    private mutating func take(_ bytes: UnsafeRawBufferPointer, now: Timestamp) {
        var reader = EventReader(now: now)
        if let event = reader.read(bytes) {
            events.append(event)
        } else {
            for fault in reader.faults { add(fault.field, fault.message) }
        }
    }

    private mutating func add(_ field: String?, _ message: String) {
        guard faults.count < EventReport.faultsMax else {
            faultsLeftOut += 1
            return
        }
        faults.append(Fault(index: count - 1, field: field, message: message))
    }
}

extension UInt8 {
    fileprivate var isBlankOrReturn: Bool { self == 0x20 || self == 0x09 || self == 0x0A || self == 0x0D }
}

extension JSONMembers.Value {
    /// What it is, in words, as far as it is told apart.
    var kind: String {
        switch self {
        case .string: "a text"
        case .array: "an array"
        case .null: "null"
        case .other: "a number or a word"
        }
    }
}
