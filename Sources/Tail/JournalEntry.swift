package import Events

/// One entry of the journal, as journalctl writes it with `--output=json` (systemd.journal-fields(7), and "Journal JSON
/// Format" of systemd.io).
package struct JournalEntry: Sendable, Equatable {
    /// Its place; asked for again after a restart.
    package var cursor: String
    package var time: Timestamp
    /// 0 (emergency) to 7 (debug); 6 where it has none.
    package var priority = 6
    /// Syslog's facility, 0 to 23; 3, a daemon, where it has none.
    package var facility = 3
    /// The unit it came from, or what it calls itself where it came from none that has a lasting name.
    package var stream = ""
    /// What it calls itself.
    package var identifier = ""
    /// Number of its process; empty where it has none.
    package var process = ""
    package var host = ""
    /// As it was written, without newlines at its end; may hold any bytes.
    package var message: [UInt8] = []
    /// Bytes cut off the message.
    package var bytesLost = 0
    /// The message was left out because it was too large.
    package var isOmitted = false
    /// The host it is about, where it is another than ours and events are counted by it.
    package var node: String?
    /// What is known of it besides its text.
    package var facts: RecordFacts?

    package init(cursor: String, time: Timestamp) {
        self.cursor = cursor
        self.time = time
    }

    /// One that did not come from a journal: it has no cursor, and a name of some program.
    package init(time: Timestamp, identifier: String, message: [UInt8]) {
        self.init(cursor: "", time: time)
        self.identifier = identifier
        self.message = message
        stream = identifier
    }

    /// Nil where `line` is no such object, or lacks a cursor or a time. Of a message, `messageBytesMax` bytes are kept.
    package init?(_ line: UnsafeRawBufferPointer, messageBytesMax: Int) {
        var members = JSONMembers(line)
        self.init(cursor: "", time: Timestamp(microseconds: -1))
        var unit = ""
        var userUnit = ""
        var command = ""
        while let (key, value) = members.next() {
            if members.matches(key, "MESSAGE") {
                takeMessage(value, members, messageBytesMax)
                continue
            }
            guard case .string(let range) = JournalEntry.first(value, members) else { continue }
            let text = { String(decoding: members.text(range), as: UTF8.self) }
            if members.matches(key, "__CURSOR") {
                cursor = text()
            } else if members.matches(key, "__REALTIME_TIMESTAMP") {
                Int64(text()).map { time = Timestamp(microseconds: $0) }
            } else if members.matches(key, "PRIORITY") {
                Int(text()).map { priority = min(max($0, 0), 7) }
            } else if members.matches(key, "SYSLOG_FACILITY") {
                Int(text()).map { facility = min(max($0, 0), 23) }
            } else if members.matches(key, "SYSLOG_IDENTIFIER") {
                identifier = text()
            } else if members.matches(key, "_COMM") {
                command = text()
            } else if members.matches(key, "_PID") {
                process = text()
            } else if members.matches(key, "SYSLOG_PID") {
                if process.isEmpty { process = text() }
            } else if members.matches(key, "_HOSTNAME") {
                host = text()
            } else if members.matches(key, "_SYSTEMD_UNIT") {
                unit = text()
            } else if members.matches(key, "_SYSTEMD_USER_UNIT") {
                userUnit = text()
            }
        }
        guard members.isWhole, !cursor.isEmpty, time.microseconds >= 0 else { return nil }
        if identifier.isEmpty { identifier = command.isEmpty ? "unknown" : command }
        stream = JournalEntry.stream(unit: unit, userUnit: userUnit, identifier: identifier)
    }

    /// Sessions, scopes and services that were made for one run have names that never come again: there the program is
    /// what lasts.
    private static func stream(unit: String, userUnit: String, identifier: String) -> String {
        let lasting = [userUnit, unit].first {
            $0.hasSuffix(".service") && !$0.hasPrefix("run-") && !$0.hasPrefix("user@")
        }
        return lasting ?? identifier
    }

    /// A field that an entry has twice comes as an array of its values.
    private static func first(_ value: JSONMembers.Value, _ members: JSONMembers) -> JSONMembers.Value {
        guard case .array(let range) = value, case .string(let text)? = members.elements(of: range).first else {
            return value
        }
        return .string(text)
    }

    private mutating func takeMessage(
        _ value: JSONMembers.Value, _ members: JSONMembers, _ bytesMax: Int
    ) {
        switch value {
        case .string(let range): message = members.text(range)
        case .array(let range):
            if let bytes = members.byteValues(range) {
                message = bytes
            } else if let first = members.elements(of: range).first {
                return takeMessage(first, members, bytesMax)
            }
        case .null: isOmitted = true
        case .other: break
        }
        while message.last == UInt8(ascii: "\n") { message.removeLast() }
        if message.count > bytesMax {
            bytesLost = message.count - bytesMax
            message.removeLast(bytesLost)
        }
    }
}
