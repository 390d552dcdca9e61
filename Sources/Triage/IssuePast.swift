/// How often an issue was seen, in clock hours and days: what spikes and rarity are judged by. Read from the store once
/// an issue an hour.
package struct IssuePast: Sendable, Equatable {
    /// Events in the closed hours before the current one, oldest first; `SpikeLimit.hoursMax` of them. An hour that was
    /// a spike is cut to its limit, so that a limit does not rise with what it is there to find.
    package var hours: [Int]
    /// Events of the current hour so far.
    package var current: Int
    /// Events of the days of UTC that end with today, oldest first; `daysMax` of them.
    package var days: [Int]
    /// Whole hours since the issue was first known: since it was made, or since its earliest event in `hours` where
    /// that is longer ago. What a record of 1970 claims is not the past of an issue.
    package var known: Int

    /// Five weeks.
    package static let daysMax = 35

    package init(hours: [Int], current: Int, days: [Int], known: Int) {
        self.hours = hours
        self.current = current
        self.days = days
        self.known = known
    }

    /// Events of the last 7 days, today included.
    var week: Int { days.suffix(7).reduce(0, +) }

    /// Events of the last 30 days, today included.
    package var month: Int { days.suffix(30).reduce(0, +) }

    /// The median of the four weeks before the last 7 days.
    var medianWeek: Int {
        guard days.count >= IssuePast.daysMax else { return 0 }
        let weeks = (0..<4).map { week in
            days.dropLast(7 * (week + 1)).suffix(7).reduce(0, +)
        }.sorted()
        return (weeks[1] + weeks[2]) / 2
    }
}
