import Events
import Tail

/// Makes entries of syslog's messages: who wrote them, how bad they are, what they say. Pure, but for what it remembers of
/// connections and names; the time is given.
struct SyslogReader {
    /// What times without a year count from, and the time of messages that have none.
    var now: Timestamp

    private let node: String
    private var times: TimestampScanner
    private var nodes = NameBook(namesMax: NameBook.nodesMax)
    private var programs = NameBook(namesMax: NameBook.programsMax)
    /// By connection: its latest message with a priority.
    private var latest: [Int: JournalEntry] = [:]

    /// Connections remembered; with more, all are forgotten.
    private static let connectionsMax = 20_000
    /// A message without a priority: of a user's program, a notice (RFC 3164, 4.3.3).
    private static let standardPriority = 13
    /// What has no tag.
    private static let unknownProgram = "unknown"
    /// Margay's own messages speak of others' events, which would count again.
    private static let ownProgram = "margay"

    /// - Parameter node: the name of this host.
    init(node: String, zone: TimeZoneRules, now: Timestamp) {
        self.node = node
        self.now = now
        times = TimestampScanner(zone: zone, reference: now)
    }

    /// What is to be said of names that were too many.
    var notes: [String] {
        [
            nodes.isFull ? "hosts beyond \(NameBook.nodesMax) are counted as '\(NameBook.others)'" : nil,
            programs.isFull ? "programs beyond \(NameBook.programsMax) are counted as '\(NameBook.others)'" : nil,
        ].compactMap(\.self)
    }

    /// Nil for a message of our own.
    mutating func entry(of message: SyslogSockets.Message) -> JournalEntry? {
        times.reference = now
        let parsed = message.bytes.withUnsafeBytes { SyslogMessage.parse($0, &times) }
        if parsed.priority == nil, let connection = message.connection, let before = latest[connection] {
            // A further line of what the connection sent last, such as a stack trace.
            var entry = before
            entry.time = now
            entry.message = message.bytes
            entry.facts = nil
            return entry
        }
        func text(_ range: Range<Int>?) -> String? {
            range.map { String(decoding: message.bytes[$0], as: UTF8.self) }
        }
        let program = text(parsed.program).map(NameBook.plain) ?? SyslogReader.unknownProgram
        if program == SyslogReader.ownProgram { return nil }
        var entry = JournalEntry(
            time: parsed.time ?? now, identifier: programs.admit(program),
            message: Array(message.bytes[parsed.messageStart...]))
        let priority = parsed.priority ?? SyslogReader.standardPriority
        entry.priority = priority & 7
        entry.facility = priority >> 3
        entry.process = text(parsed.process) ?? ""
        entry.host = host(text(parsed.host), sender: message.sender)
        entry.node = entry.host == node ? nil : entry.host
        if let range = parsed.structuredData {
            let fields = message.bytes.withUnsafeBytes { SyslogMessage.parameters($0, range) }
            if !fields.isEmpty { entry.facts = RecordFacts(fields: fields) }
        }
        if let connection = message.connection, parsed.priority != nil {
            if latest.count >= SyslogReader.connectionsMax { latest = [:] }
            latest[connection] = entry
        }
        return entry
    }

    /// Whom it is about: what the message says, else where it came from.
    private mutating func host(_ stated: String?, sender: String) -> String {
        if let stated, ReportedEvent.isNode(stated) {
            return stated == node || stated == "localhost" ? node : nodes.admit(stated)
        }
        let isHere = sender.hasPrefix("127.") || sender == "::1" || !ReportedEvent.isNode(sender)
        return isHere || sender == node ? node : nodes.admit(sender)
    }
}
