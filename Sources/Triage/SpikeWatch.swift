/// Watches one issue for spikes: the limit of the current clock hour, the events in it, and whether a spike was told.
///
/// Counts by the clock of the store, not by the times that records claim: a log read late is no spike of today, and a
/// record stamped in the future counts as read now.
package struct SpikeWatch: Sendable, Equatable {
    /// A stretch of too many events: told once, over when it has been calm.
    package struct Episode: Sendable, Equatable {
        package enum Kind: Int, Sendable {
            /// One hour above the limit.
            case hour = 1
            /// A week of four times the usual: a slow rise that takes the hourly limit along.
            case week = 2
        }

        package var kind: Kind
        /// The limit that was passed.
        package var limit: Int
        /// The clock hour in which it was passed.
        package var hour: Int64

        package init(kind: Kind, limit: Int, hour: Int64) {
            self.kind = kind
            self.limit = limit
            self.hour = hour
        }
    }

    /// The clock hour that the rest speaks of, whole hours since 1970.
    package var hour: Int64
    /// Events in it so far.
    package var count: Int
    /// That many in it are a spike; 0 for no limit yet.
    package var limit: Int
    /// Events in the last 7 days, and how many of these are a slow rise; 0 for no limit.
    package var weekCount: Int
    package var weekLimit: Int
    /// Events in the last 30 days.
    package var monthCount: Int
    package var episode: Episode?

    /// Below that no week is a slow rise.
    package static let weekFloor = 100
    /// How many times the usual week.
    package static let weekFactor = 4
    /// Closed hours below half of the limit that end an episode.
    package static let calmHours = 2

    package init(
        hour: Int64, count: Int, limit: Int, weekCount: Int, weekLimit: Int, monthCount: Int, episode: Episode?
    ) {
        self.hour = hour
        self.count = count
        self.limit = limit
        self.weekCount = weekCount
        self.weekLimit = weekLimit
        self.monthCount = monthCount
        self.episode = episode
    }

    /// Of an issue that is made in the clock hour `hour`.
    package init(newIn hour: Int64) {
        self.init(hour: hour, count: 0, limit: 0, weekCount: 0, weekLimit: 0, monthCount: 0, episode: nil)
    }

    /// The watch of another hour, usually the next. `past` ends with that hour. Also for a clock that was set back: what
    /// holds is what the store has for the hour that the clock shows.
    package func rolled(to hour: Int64, past: IssuePast) -> SpikeWatch {
        var next = self
        next.hour = hour
        next.count = past.current
        next.limit = SpikeLimit.limit(hours: past.hours, known: past.known, now: hour)
        next.weekCount = past.week
        next.monthCount = past.month
        let hasWeeks = past.known >= IssuePast.daysMax * 24
        next.weekLimit = hasWeeks ? max(SpikeWatch.weekFloor, SpikeWatch.weekFactor * past.medianWeek) : 0
        if let running = episode, SpikeWatch.isOver(running, at: hour, past: past) { next.episode = nil }
        return next
    }

    private static func isOver(_ episode: Episode, at hour: Int64, past: IssuePast) -> Bool {
        switch episode.kind {
        case .hour:
            // A clock that was set back far cannot hold an episode for ever.
            if hour < episode.hour { return episode.hour - hour > 24 }
            guard hour - episode.hour > Int64(calmHours) else { return false }
            return past.hours.suffix(calmHours).allSatisfy { $0 < episode.limit / 2 }
        case .week: return past.week < episode.limit / 2
        }
    }

    /// Counts events of the current hour. Returns the sentence of a spike that begins with them.
    package mutating func add(_ events: Int) -> String? {
        count += events
        weekCount += events
        monthCount += events
        guard episode == nil else { return nil }
        if limit > 0, count >= limit {
            episode = Episode(kind: .hour, limit: limit, hour: hour)
            return "\(count) events in this hour, limit \(limit) by the last 7 days"
        }
        if weekLimit > 0, weekCount >= weekLimit {
            episode = Episode(kind: .week, limit: weekLimit, hour: hour)
            return "\(weekCount) events in 7 days, limit \(weekLimit) by the 4 weeks before"
        }
        return nil
    }

    /// What an hour counts as in the past once it is over: a spike is cut to the limit it passed. Nil where the hour
    /// counts as it is.
    package var learnedCount: Int? {
        limit > 0 && count > limit ? limit : nil
    }
}

extension SpikeWatch: LosslessStringConvertible {
    /// Whole numbers with commas between, for a column of the store.
    package var description: String {
        var numbers = [hour, Int64(count), Int64(limit), Int64(weekCount), Int64(weekLimit), Int64(monthCount)]
        if let episode { numbers += [Int64(episode.kind.rawValue), Int64(episode.limit), episode.hour] }
        return numbers.map(String.init).joined(separator: ",")
    }

    package init?(_ description: String) {
        let numbers = description.utf8.split(separator: UInt8(ascii: ",")).map { Int64(Substring($0)) ?? -1 }
        guard numbers.count == 6 || numbers.count == 9 else { return nil }
        var episode: Episode?
        if numbers.count == 9 {
            guard let kind = Episode.Kind(rawValue: Int(numbers[6])) else { return nil }
            episode = Episode(kind: kind, limit: Int(numbers[7]), hour: numbers[8])
        }
        self.init(
            hour: numbers[0], count: Int(numbers[1]), limit: Int(numbers[2]), weekCount: Int(numbers[3]),
            weekLimit: Int(numbers[4]), monthCount: Int(numbers[5]), episode: episode)
    }
}
