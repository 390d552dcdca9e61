import Events
import Scan
import Tail

/// A record of the journal as text that scanners understand.
///
/// Its first line has the form of rsyslog with a priority (RFC 3164 with the time of RFC 3339):
/// `<27>2026-11-22T10:00:00.123456Z web-1 nginx[811]: message`. What the message says of its own level and time counts
/// as in any line behind such a header. Further lines stand as they were written; one that would begin a record in a
/// file is indented, so that it does not begin one here.
struct JournalRecord {
    /// The unit or program it came from.
    var stream: String
    /// The host it is about, where it is another than ours.
    let node: String?
    /// What is known of it besides its text.
    let facts: RecordFacts?
    /// Whole lines, each with its newline.
    private(set) var text: [UInt8] = []
    private(set) var lines = 0
    /// Where the time begins, behind the priority, and where the message does.
    private(set) var headerStart = 0
    private(set) var messageStart = 0
    private var identifier: String
    private var priority: Int
    private var joiner: RecordJoiner

    /// Begins with the message of `entry`.
    init(_ entry: JournalEntry) {
        stream = entry.stream
        node = entry.node
        facts = entry.facts
        identifier = entry.identifier
        priority = entry.priority
        joiner = RecordJoiner(first: [])
        text.reserveCapacity(entry.message.count + 96)
        text += "<\(entry.facility * 8 + entry.priority)>".utf8
        headerStart = text.count
        text += entry.time.preciseText.utf8
        text.append(UInt8(ascii: " "))
        add(word: entry.host.isEmpty ? "localhost" : entry.host)
        text.append(UInt8(ascii: " "))
        add(word: entry.identifier)
        if !entry.process.isEmpty {
            text.append(UInt8(ascii: "["))
            add(word: entry.process)
            text.append(UInt8(ascii: "]"))
        }
        text += ": ".utf8
        messageStart = text.count
        let message = entry.isOmitted ? Array("(a message too large to be shown)".utf8) : entry.message
        let end = message.firstIndex(of: UInt8(ascii: "\n")) ?? message.count
        text += message[..<end]
        joiner = RecordJoiner(first: text)
        text.append(UInt8(ascii: "\n"))
        lines = 1
        if end < message.count { append(message[(end + 1)...]) }
    }

    /// Adds lines, whatever they look like.
    mutating func append(_ message: some Collection<UInt8>) {
        for line in message.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            let bytes = Array(line)
            if bytes.withUnsafeBytes({ joiner.join($0) }) {
                text += bytes
            } else {
                let indented = [UInt8(ascii: "\t")] + bytes
                _ = indented.withUnsafeBytes { joiner.join($0) }
                text += indented
            }
            text.append(UInt8(ascii: "\n"))
            lines += 1
        }
    }

    /// Whether an entry carries the record on: it comes from the same program, is meant to be as bad, and its first line
    /// goes on as it would in a file.
    func goesOn(with entry: JournalEntry) -> Bool {
        guard entry.identifier == identifier, entry.priority == priority, !entry.isOmitted else { return false }
        return entry.message.withUnsafeBytes { message in
            let end = message.firstIndex(of: UInt8(ascii: "\n")) ?? message.count
            var tried = joiner
            return tried.join(UnsafeRawBufferPointer(rebasing: message[..<end]))
        }
    }

    /// A host or program as one word of a syslog header.
    private mutating func add(word: String) {
        text += NameBook.plain(word).utf8
    }
}

extension Timestamp {
    /// RFC 3339 in UTC, always with six decimals, as rsyslog writes it.
    fileprivate var preciseText: String {
        let micros = microseconds.remainderReportingOverflow(dividingBy: 1_000_000).partialValue
        let whole = Timestamp(microseconds: microseconds - micros).description
        return whole.dropLast() + "." + String(1_000_000 + micros).dropFirst() + "Z"
    }
}
