internal import Events
internal import GRDB

/// Adds up what patterns catch, so that nobody has to go through the issues for it: by pattern ever, by hour and by day,
/// and by source which pack had it. Collected over one batch and written once: a few rows a pattern.
///
/// Made anew for each batch; lives inside its transaction.
struct PatternTally {
    /// Hours behind the present one that are kept,
    static let hoursMax: Int64 = 24
    /// and days, by which the share of unknown errors of a source is told too.
    static let daysMax: Int64 = 30

    private struct Key: Hashable {
        var pack: String
        var pattern: String
    }

    private struct Sum {
        var count = 0
        var last: Timestamp
        var hours: [Int64: Int] = [:]
        var days: [Int64: Int] = [:]
    }

    private struct Origin: Hashable {
        var node: Int64
        var source: String
        var pack: String
    }

    private let now: Int64
    private var sums: [Key: Sum] = [:]
    private var origins: [Origin: Int] = [:]

    init(now: Timestamp) { self.now = now.hour }

    /// Counts what one issue gets. Hours that are not kept count for ever alone; so do those that have not come yet,
    /// which only a clock that is wrong can tell of.
    mutating func add(_ delta: IssueDelta) {
        var sum = sums.removeValue(forKey: Key(pack: delta.pack, pattern: delta.pattern)) ?? Sum(last: delta.last)
        sum.count &+= delta.count
        sum.last = max(sum.last, delta.last)
        for hour in delta.hours where hour.hour <= now + 1 {
            if hour.hour >= now - PatternTally.hoursMax { sum.hours[hour.hour, default: 0] &+= hour.count }
            if hour.hour.day >= now.day - PatternTally.daysMax { sum.days[hour.hour.day, default: 0] &+= hour.count }
        }
        sums[Key(pack: delta.pack, pattern: delta.pattern)] = sum
    }

    /// Counts events of one source that a pack had.
    mutating func add(_ count: Int, source: String, node: Int64, pack: String) {
        origins[Origin(node: node, source: source, pack: pack), default: 0] &+= count
    }

    /// Writes all of it, and drops what is too old to be kept.
    func write(_ database: Database) throws {
        try writeTotals(database)
        try write(database, "pattern_hour", "hour", \.hours, from: now - PatternTally.hoursMax)
        try write(database, "pattern_day", "day", \.days, from: now.day - PatternTally.daysMax)
        try writeOrigins(database)
    }

    private func writeTotals(_ database: Database) throws {
        guard !sums.isEmpty else { return }
        let total = try TallyStatements(
            database,
            add: """
                UPDATE pattern_tally SET count = count + ?3, last_seen = max(last_seen, ?4)
                WHERE pack = ?1 AND pattern = ?2
                """,
            insert: "INSERT INTO pattern_tally (pack, pattern, count, last_seen) VALUES (?1, ?2, ?3, ?4)")
        for (key, sum) in sums {
            try total.add { statement in
                statement.bind(key.pack, at: 1)
                statement.bind(key.pattern, at: 2)
                statement.bind(sum.count, at: 3)
                statement.bind(sum.last, at: 4)
            }
        }
    }

    private func write(
        _ database: Database, _ table: String, _ column: String, _ spans: KeyPath<Sum, [Int64: Int]>, from first: Int64
    ) throws {
        if !sums.isEmpty {
            let span = try TallyStatements(
                database,
                add: "UPDATE \(table) SET count = count + ?4 WHERE \(column) = ?3 AND pack = ?1 AND pattern = ?2",
                insert: "INSERT INTO \(table) (pack, pattern, \(column), count) VALUES (?1, ?2, ?3, ?4)")
            for (key, sum) in sums {
                for (time, count) in sum[keyPath: spans] {
                    try span.add { statement in
                        statement.bind(key.pack, at: 1)
                        statement.bind(key.pattern, at: 2)
                        statement.bind(time, at: 3)
                        statement.bind(count, at: 4)
                    }
                }
            }
        }
        try PatternTally.drop(database, table, column, before: first)
    }

    private func writeOrigins(_ database: Database) throws {
        if !origins.isEmpty {
            let day = try TallyStatements(
                database,
                add: """
                    UPDATE source_day SET count = count + ?5 WHERE day = ?1 AND node = ?2 AND source = ?3 AND pack = ?4
                    """, insert: "INSERT INTO source_day (day, node, source, pack, count) VALUES (?1, ?2, ?3, ?4, ?5)")
            for (origin, count) in origins {
                try day.add { statement in
                    statement.bind(now.day, at: 1)
                    statement.bind(origin.node, at: 2)
                    statement.bind(origin.source, at: 3)
                    statement.bind(origin.pack, at: 4)
                    statement.bind(count, at: 5)
                }
            }
        }
        try PatternTally.drop(database, "source_day", "day", before: now.day - PatternTally.daysMax)
    }

    private static func drop(_ database: Database, _ table: String, _ column: String, before first: Int64) throws {
        let deletion = try BoundStatement(database, "DELETE FROM \(table) WHERE \(column) < ?1")
        deletion.bind(first, at: 1)
        try deletion.run()
    }
}
