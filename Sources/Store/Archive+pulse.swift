package import Events
internal import GRDB
package import Triage

/// How often one issue was seen, for a picture of it.
package struct IssuePulse: Sendable, Equatable {
    /// Events of `hoursMax` clock hours of UTC, oldest first; the last is the one that holds `now`.
    package var hours: [Int]
    /// Events of `daysMax` days of UTC, oldest first; the last is today.
    package var days: [Int]
    /// What spikes are judged by; nil before the first batch that this version counted.
    package var watch: SpikeWatch?

    /// A week.
    package static let hoursMax = 7 * 24
    package static let daysMax = 90
}

extension Archive {
    /// The pulse of the issue with exactly that id; nil where there is none.
    package func pulse(id: String, now: Timestamp) throws(ArchiveError) -> IssuePulse? {
        try read { database in
            let find = try BoundStatement(database, "SELECT number, watch FROM issue WHERE id = ?1")
            find.bind(id, at: 1)
            guard let found = try find.first({ (number: $0.integer(0), watch: $0.optionalText(1)) }) else { return nil }
            var pulse = IssuePulse(
                hours: [Int](repeating: 0, count: IssuePulse.hoursMax),
                days: [Int](repeating: 0, count: IssuePulse.daysMax), watch: found.watch.flatMap { SpikeWatch($0) })
            let firstDay = now.hour.day - Int64(IssuePulse.daysMax - 1)
            let firstHour = now.hour - Int64(IssuePulse.hoursMax - 1)
            let hours = try BoundStatement(
                database, "SELECT hour, count FROM issue_hour WHERE issue = ?1 AND hour BETWEEN ?2 AND ?3")
            hours.bind(found.number, at: 1)
            hours.bind(firstDay * 24, at: 2)
            hours.bind(now.hour, at: 3)
            while try hours.step() {
                let hour = hours.integer(0)
                pulse.days[Int(hour.day - firstDay)] += hours.int(1)
                if hour >= firstHour { pulse.hours[Int(hour - firstHour)] += hours.int(1) }
            }
            let days = try BoundStatement(
                database, "SELECT day, count FROM issue_day WHERE issue = ?1 AND day BETWEEN ?2 AND ?3")
            days.bind(found.number, at: 1)
            days.bind(firstDay, at: 2)
            days.bind(now.hour.day, at: 3)
            while try days.step() { pulse.days[Int(days.integer(0) - firstDay)] += days.int(1) }
            return pulse
        }
    }

    /// Events of the 24 clock hours that end with the one of `now`, oldest first, of each of the issues with exactly
    /// these ids; one that does not exist is absent.
    package func lastDays(ids: [String], now: Timestamp) throws(ArchiveError) -> [String: [Int]] {
        try read { database in
            let first = now.hour - 23
            let statement = try BoundStatement(
                database,
                """
                SELECT hour, count FROM issue_hour
                WHERE issue = (SELECT number FROM issue WHERE id = ?1) AND hour BETWEEN ?2 AND ?3
                """)
            var result: [String: [Int]] = [:]
            for id in ids {
                statement.bind(id, at: 1)
                statement.bind(first, at: 2)
                statement.bind(now.hour, at: 3)
                var hours = [Int](repeating: 0, count: 24)
                while try statement.step() { hours[Int(statement.integer(0) - first)] += statement.int(1) }
                result[id] = hours
            }
            return result
        }
    }
}
