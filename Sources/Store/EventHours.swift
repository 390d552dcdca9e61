internal import Events
internal import GRDB

/// Adds up what the events of one batch are, by hour, pack and severity: a few rows a batch, however many issues are in
/// it. An event is counted as it was graded then; what people make of its issue later changes nothing here.
struct EventHours {
    /// Clock hours that are kept: as long as those of the issues.
    static let hoursMax = (PastTable.hourDays + 1) * 24

    private struct Key: Hashable {
        var hour: Int64
        var pack: String
        var severity: Severity
    }

    private let rows: TallyStatements
    private let drop: BoundStatement
    private var counts: [Key: (events: Int, issues: Int)] = [:]

    init(_ database: Database) throws {
        rows = try TallyStatements(
            database,
            add: """
                UPDATE event_hour SET count = count + ?4, issues = issues + ?5
                WHERE hour = ?1 AND pack = ?2 AND severity = ?3
                """,
            insert: "INSERT INTO event_hour (hour, pack, severity, count, issues) VALUES (?1, ?2, ?3, ?4, ?5)")
        drop = try BoundStatement(database, "DELETE FROM event_hour WHERE hour <= ?1")
    }

    /// Events that claim to be of the future were written before they were read. Those of long ago, from logs that are
    /// scanned, are not counted here.
    ///
    /// - Parameter isNews: the issue is seen for the first time, and was not learned.
    mutating func add(_ delta: IssueDelta, severity: Severity, isNews: Bool, now: Timestamp) {
        let current = now.hour
        let first = min(delta.first.hour, current)
        for hour in delta.hours where hour.hour > current - EventHours.hoursMax {
            let key = Key(hour: min(hour.hour, current), pack: delta.pack, severity: severity)
            counts[key, default: (0, 0)].events += hour.count
        }
        if isNews, first > current - EventHours.hoursMax {
            counts[Key(hour: first, pack: delta.pack, severity: severity), default: (0, 0)].issues += 1
        }
    }

    /// Writes what was added, and drops what is too old.
    func write(now: Timestamp) throws {
        for (key, count) in counts {
            try rows.add { row in
                row.bind(key.hour, at: 1)
                row.bind(key.pack, at: 2)
                row.bind(key.severity.rawValue, at: 3)
                row.bind(count.events, at: 4)
                row.bind(count.issues, at: 5)
            }
        }
        drop.bind(now.hour - EventHours.hoursMax, at: 1)
        try drop.run()
    }
}
