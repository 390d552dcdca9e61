import Events
import Tail

/// Entries of the journal between the last one accounted for and the last one read, joined to records.
///
/// An entry is a record of its own, whatever lines its message has, unless it goes on the last one of the same process:
/// what a service prints reaches the journal line by line, and so does a stack trace. Entries of others in between do
/// not matter. A record that may go on holds back its first entry and all that follow, of whatever stream, so that one
/// cursor says how far everything is accounted for. A value without effects; times are given.
///
/// Messages of syslog are joined the same way; they have no cursors, and come from many hosts.
struct JournalWindow {
    /// How long a record may be waited for, in nanoseconds since its last entry came, or in the entries' own time.
    static let quietNanos: Int64 = 250_000_000
    /// Entries and bytes of text held back at most; beyond it, all records are taken as complete.
    static let entriesMax = 8_192
    static let bytesMax = 4 * 1_024 * 1_024

    private var groups: [Group] = []
    /// For each entry held, in order: its cursor and the record it belongs to, an index of `groups`.
    private var entries: [(cursor: String, group: Int)] = []
    /// The last record of each process, while it may go on.
    private var open: [Writer: Int] = [:]
    private var bytes = 0
    /// Time of the newest entry.
    private var newest = Timestamp(microseconds: .min)

    /// Whether entries that are far apart by their own times do not belong together. Not so where hosts with clocks of
    /// their own are mixed.
    private let comparesTimes: Bool

    init(comparesTimes: Bool = true) { self.comparesTimes = comparesTimes }

    private struct Writer: Hashable {
        var host: String
        var stream: String
        var process: String
    }

    private struct Group {
        var record: JournalRecord
        var writer: Writer
        /// Index of its first entry.
        var first: Int
        var lastTime: Timestamp
        var lastArrival: Int64
    }

    /// What is accounted for at once.
    struct Taken {
        /// In the order of their first entries.
        var records: [JournalRecord]
        /// Of the last entry among them.
        var cursor: String
    }

    var isEmpty: Bool { entries.isEmpty }

    /// Takes an entry that came at `arrival` (nanoseconds).
    mutating func add(_ entry: JournalEntry, arrival: Int64) {
        newest = max(newest, entry.time)
        let writer = Writer(host: entry.host, stream: entry.stream, process: entry.process)
        let size: Int
        let group: Int
        if let index = open[writer], !isLate(entry.time, groups[index]), groups[index].record.goesOn(with: entry) {
            let before = groups[index].record.text.count
            groups[index].record.append(entry.message)
            groups[index].lastTime = entry.time
            groups[index].lastArrival = arrival
            size = groups[index].record.text.count - before
            group = index
        } else {
            let record = JournalRecord(entry)
            size = record.text.count
            group = groups.count
            groups.append(
                Group(
                    record: record, writer: writer, first: entries.count, lastTime: entry.time, lastArrival: arrival))
            open[writer] = group
        }
        bytes += size
        entries.append((entry.cursor, group))
    }

    /// When to call `take` though nothing has come, in nanoseconds; nil: never.
    var nextMoment: Int64? { open.values.map { groups[$0].lastArrival + JournalWindow.quietNanos }.min() }

    /// All that is held, however incomplete; nil where there is nothing.
    mutating func takeAll() -> Taken? {
        open = [:]
        return take(now: 0)
    }

    /// What is complete at `now` and has nothing incomplete before or among it; nil where there is nothing.
    mutating func take(now: Int64) -> Taken? {
        for (writer, index) in open where isOver(groups[index], now) { open[writer] = nil }
        var end = open.values.map { groups[$0].first }.min() ?? entries.count
        // No record may be cut at the end: it goes back to the first entry of each that reaches beyond it.
        var index = entries.count - 1
        while index >= end {
            end = min(end, groups[entries[index].group].first)
            index -= 1
        }
        if entries.count - end > JournalWindow.entriesMax || bytes > JournalWindow.bytesMax {
            end = entries.count
            open = [:]
        }
        guard end > 0 else { return nil }
        let cursor = entries[end - 1].cursor
        let count = groups.firstIndex { $0.first >= end } ?? groups.count
        let records = groups[..<count].map(\.record)
        groups.removeSubrange(..<count)
        entries.removeSubrange(..<end)
        for index in groups.indices { groups[index].first -= end }
        for index in entries.indices { entries[index].group -= count }
        open = open.mapValues { $0 - count }
        bytes -= records.reduce(0) { $0 + $1.text.count }
        return Taken(records: records, cursor: cursor)
    }

    private func isOver(_ group: Group, _ now: Int64) -> Bool {
        now - group.lastArrival >= JournalWindow.quietNanos || isLate(newest, group)
    }

    private func isLate(_ time: Timestamp, _ group: Group) -> Bool {
        comparesTimes && time.microseconds - group.lastTime.microseconds > JournalWindow.quietNanos / 1_000
    }
}
