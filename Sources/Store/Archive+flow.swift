package import Events
internal import GRDB
internal import Triage

/// What came in the last hours and days, over all issues, as it was graded when it came.
package struct EventFlow: Sendable, Equatable {
    /// `hoursMax` clock hours of UTC, oldest first; the last is the one that holds `now`.
    package var hours: [Hour]
    /// Events of the same hours by pack; a pack without any is absent.
    package var packs: [String: [Int]]
    /// `daysMax` days of UTC, oldest first; the last is today.
    package var days: [Day]

    package struct Hour: Sendable, Equatable {
        /// Hours since 1970.
        package var hour: Int64
        /// A severity without events is absent.
        package var events: [Severity: Int]
        /// Issues first seen in this hour that were news.
        package var newIssues: Int

        package init(hour: Int64, events: [Severity: Int] = [:], newIssues: Int = 0) {
            self.hour = hour
            self.events = events
            self.newIssues = newIssues
        }

        package var total: Int { events.values.reduce(0, +) }
    }

    /// Faults of Margay's own are left out.
    package struct Day: Sendable, Equatable {
        package var events: Int
        /// Those of them that no pack claimed.
        package var unclaimed: Int

        package init(events: Int = 0, unclaimed: Int = 0) {
            self.events = events
            self.unclaimed = unclaimed
        }
    }

    package static let hoursMax = 24
    package static let daysMax = 8

    package init(hours: [Hour], packs: [String: [Int]], days: [Day]) {
        self.hours = hours
        self.packs = packs
        self.days = days
    }
}

/// Open issues of one pack.
package struct PackStanding: Sendable, Equatable {
    package var pack: String
    /// Of each severity, counted no further than was asked; a severity without issues is absent.
    package var open: [Severity: Int]

    package init(pack: String, open: [Severity: Int]) {
        self.pack = pack
        self.open = open
    }
}

extension Archive {
    /// The flow of events until `now`. Costs a pass over some days of sums, however many issues there are.
    package func eventFlow(now: Timestamp) throws(ArchiveError) -> EventFlow {
        try read { database in
            let firstHour = now.hour - Int64(EventFlow.hoursMax - 1)
            var flow = EventFlow(
                hours: (0..<EventFlow.hoursMax).map { place in
                    EventFlow.Hour(hour: firstHour + Int64(place))
                }, packs: [:],
                days: Array(repeating: EventFlow.Day(), count: EventFlow.daysMax))
            let hours = try BoundStatement(
                database, "SELECT hour, pack, severity, count, issues FROM event_hour WHERE hour BETWEEN ?1 AND ?2")
            hours.bind(firstHour, at: 1)
            hours.bind(now.hour, at: 2)
            while try hours.step() {
                let place = Int(hours.integer(0) - firstHour)
                let count = hours.int(3)
                flow.hours[place].events[try hours.severity(2), default: 0] += count
                flow.hours[place].newIssues += hours.int(4)
                flow.packs[hours.text(1), default: Array(repeating: 0, count: EventFlow.hoursMax)][place] += count
            }
            let firstDay = now.hour.day - Int64(EventFlow.daysMax - 1)
            let days = try BoundStatement(
                database,
                """
                SELECT hour / 24, sum(count), sum(iif(pack = '\(Ingest.corePack)', count, 0)) FROM event_hour
                WHERE hour BETWEEN ?1 AND ?2 AND pack <> '\(HealthEvent.pack)' GROUP BY 1
                """)
            days.bind(firstDay * 24, at: 1)
            days.bind(now.hour, at: 2)
            while try days.step() {
                flow.days[Int(days.integer(0) - firstDay)] = EventFlow.Day(events: days.int(1), unclaimed: days.int(2))
            }
            return flow
        }
    }

    /// Open issues by pack, by name, those that are part of others left out. Packs without open issues are absent. Costs
    /// a look at `most` entries of an index for each pack and severity at most.
    package func openByPack(atMost most: Int) throws(ArchiveError) -> [PackStanding] {
        let names = try packNames()
        return try read { database in
            let count = try BoundStatement(
                database,
                """
                SELECT count(*) FROM (
                    SELECT 1 FROM issue INDEXED BY issue_by_pack
                    WHERE pack = ?1 AND state = 'open' AND severity = ?2 AND merged_into IS NULL LIMIT ?3)
                """)
            return try names.compactMap { name in
                count.bind(name, at: 1)
                count.bind(most, at: 3)
                var standing = PackStanding(pack: name, open: [:])
                for severity in Severity.allCases {
                    count.bind(severity.rawValue, at: 2)
                    if let number = try count.first({ $0.int(0) }), number > 0 { standing.open[severity] = number }
                }
                return standing.open.isEmpty ? nil : standing
            }
        }
    }
}
