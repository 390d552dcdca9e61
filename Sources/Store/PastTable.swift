internal import Events
internal import GRDB
internal import Triage

/// Reads how often an issue was seen, and folds hours that nobody looks at one by one any more into days.
struct PastTable {
    /// Whole days of UTC whose hours are kept one by one, today not counted: the sparklines show 14.
    static let hourDays: Int64 = 15

    private let hours: BoundStatement
    private let days: BoundStatement
    private let learn: BoundStatement
    private let fold: BoundStatement
    private let drop: BoundStatement

    init(_ database: Database) throws {
        hours = try BoundStatement(
            database, "SELECT hour, count, learned FROM issue_hour WHERE issue = ?1 AND hour BETWEEN ?2 AND ?3")
        days = try BoundStatement(
            database, "SELECT day, count FROM issue_day WHERE issue = ?1 AND day BETWEEN ?2 AND ?3")
        learn = try BoundStatement(database, "UPDATE issue_hour SET learned = ?3 WHERE issue = ?1 AND hour = ?2")
        fold = try BoundStatement(
            database,
            """
            INSERT INTO issue_day (issue, day, count)
                SELECT issue, hour / 24, sum(count) FROM issue_hour WHERE issue = ?1 AND hour BETWEEN 0 AND ?2 - 1
                GROUP BY hour / 24
            ON CONFLICT (issue, day) DO UPDATE SET count = issue_day.count + excluded.count
            """)
        drop = try BoundStatement(database, "DELETE FROM issue_hour WHERE issue = ?1 AND hour BETWEEN 0 AND ?2 - 1")
    }

    /// The past of an issue that was made at `created`, by the clock, as it looks in the hour of `now`. Of hours after
    /// that one, which only a wrong clock writes, nothing is seen.
    func past(of issue: Int64, created: Timestamp, now: Timestamp) throws -> IssuePast {
        let current = now.hour
        let today = current.day
        let firstDay = today - Int64(IssuePast.daysMax - 1)
        var past = IssuePast(
            hours: [Int](repeating: 0, count: SpikeLimit.hoursMax), current: 0,
            days: [Int](repeating: 0, count: IssuePast.daysMax), known: 0)
        var earliest = current
        hours.bind(issue, at: 1)
        hours.bind(firstDay * 24, at: 2)
        hours.bind(current, at: 3)
        while try hours.step() {
            let hour = hours.integer(0)
            let count = hours.int(1)
            past.days[Int(hour.day - firstDay)] += count
            if hour == current {
                past.current = count
            } else if current - hour <= Int64(SpikeLimit.hoursMax) {
                past.hours[SpikeLimit.hoursMax - Int(current - hour)] = hours.isNull(2) ? count : hours.int(2)
                earliest = min(earliest, hour)
            }
        }
        days.bind(issue, at: 1)
        days.bind(firstDay, at: 2)
        days.bind(today, at: 3)
        while try days.step() { past.days[Int(days.integer(0) - firstDay)] += days.int(1) }
        past.known = Int(clamping: current - min(earliest, created.hour))
        return past
    }

    /// Notes that an hour was a spike, so that the limit does not rise with it.
    func setLearned(_ count: Int, issue: Int64, hour: Int64) throws {
        learn.bind(issue, at: 1)
        learn.bind(hour, at: 2)
        learn.bind(count, at: 3)
        try learn.run()
    }

    /// Folds the hours of days that are over for long.
    func fold(_ issue: Int64, now: Timestamp) throws {
        let end = (now.hour.day - PastTable.hourDays) * 24
        fold.bind(issue, at: 1)
        fold.bind(end, at: 2)
        try fold.run()
        drop.bind(issue, at: 1)
        drop.bind(end, at: 2)
        try drop.run()
    }
}

extension Int64 {
    /// Days since 1970 of hours since 1970, rounded down.
    var day: Int64 { self >= 0 ? self / 24 : -((-self + 23) / 24) }
}
