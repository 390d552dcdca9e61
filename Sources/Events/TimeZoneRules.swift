/// The offsets from UTC that a place has used, uses and will use by law as known today.
package struct TimeZoneRules: Sendable {
    /// Moments, in seconds since 1970 UTC, at which the offset changes; ascending.
    private let transitions: [Int64]
    /// Offsets in seconds east of UTC: before the first transition, then after each; one more than `transitions`.
    private let offsets: [Int64]
    /// For each transition the local clock, in seconds since 1970 as if it were UTC, from which the new offset is used
    /// to read a written time; ascending. It is the later of the clocks before and after the change: an hour that
    /// happens twice is then read with the old offset, which is its first time, and one that is left out is read with
    /// the old offset too, which moves it forward by as much as the clock was.
    private let localTransitions: [Int64]
    /// Whether what follows the last transition repeats the 400 years before it.
    private let repeats: Bool

    /// The Gregorian calendar repeats itself, weekdays included, after 400 years.
    private static let cycleSeconds: Int64 = 146_097 * 86_400
    /// Largest distance from UTC that is believed, in seconds (RFC 8536, 3.2: less than 26 hours).
    static let offsetSecondsMax: Int64 = 26 * 3_600

    package static let utc = fixed(offsetSeconds: 0)

    /// A zone that never changes, `offsetSeconds` east of UTC.
    package static func fixed(offsetSeconds: Int) -> TimeZoneRules {
        TimeZoneRules(transitions: [], offsets: [Int64(offsetSeconds)], repeats: false)
    }

    /// The rules in a compiled time zone file, as those under /usr/share/zoneinfo (RFC 8536, versions 1 to 4).
    ///
    /// Nil where the bytes are no such file. Leap seconds are not counted, as in POSIX time.
    package init?(tzif bytes: [UInt8]) {
        guard let file = TimeZoneFile(bytes) else { return nil }
        var transitions = file.transitions
        var offsets = file.offsets
        guard zip(transitions, transitions.dropFirst()).allSatisfy({ $0 < $1 }) else { return nil }
        var repeats = false
        if let footer = file.footer {
            if transitions.isEmpty { offsets = [footer.standardOffset] }
            if footer.daylight != nil {
                let lastYear = transitions.last.map { CivilTime(utc: Timestamp(seconds: $0)).year } ?? 1_900
                for year in lastYear...lastYear + 400 {
                    for change in footer.changes(in: year) where change.moment > transitions.last ?? .min {
                        transitions.append(change.moment)
                        offsets.append(change.offset)
                    }
                }
                repeats = true
            }
        }
        self.init(transitions: transitions, offsets: offsets, repeats: repeats)
    }

    private init(transitions: [Int64], offsets: [Int64], repeats: Bool) {
        var localTransitions: [Int64] = []
        localTransitions.reserveCapacity(transitions.count)
        for (index, moment) in transitions.enumerated() {
            let local = moment + max(offsets[index], offsets[index + 1])
            localTransitions.append(max(local, localTransitions.last ?? .min))
        }
        self.transitions = transitions
        self.offsets = offsets
        self.localTransitions = localTransitions
        self.repeats = repeats
    }

    /// The moment that a clock of this zone names by `civil`. A time that happens twice is taken as the first of both,
    /// one that is left out moves forward by as much as the clock did. The fields must be in their ranges.
    package func timestamp(of civil: CivilTime) -> Timestamp {
        let local = civil.utc
        let seconds = local.microseconds.flooredQuotient(by: Timestamp.microsecondsPerSecond)
        let offset = reading(ofLocalSeconds: seconds).offset
        return Timestamp(microseconds: local.microseconds - offset * Timestamp.microsecondsPerSecond)
    }

    /// What a clock of this zone shows at `time`.
    package func civil(of time: Timestamp) -> CivilTime {
        let seconds = time.microseconds.flooredQuotient(by: Timestamp.microsecondsPerSecond)
        let offset = offsets[TimeZoneRules.position(of: inLastCycle(seconds, transitions), in: transitions)]
        return CivilTime(utc: Timestamp(microseconds: time.microseconds + offset * Timestamp.microsecondsPerSecond))
    }

    /// The offset by which a written time is read, and the written times around it that are read by the same one.
    struct LocalReading {
        /// Seconds east of UTC.
        var offset: Int64
        /// Local clocks in seconds since 1970 as if they were UTC: from `first` until before `end`.
        var first: Int64
        var end: Int64
    }

    /// How a time that a local clock shows as `seconds` since 1970 is read. Costs a binary search.
    func reading(ofLocalSeconds seconds: Int64) -> LocalReading {
        let inside = inLastCycle(seconds, localTransitions)
        let index = TimeZoneRules.position(of: inside, in: localTransitions)
        guard inside == seconds else { return LocalReading(offset: offsets[index], first: seconds, end: seconds + 1) }
        let first = index == 0 ? Int64.min : localTransitions[index - 1]
        let end = index == localTransitions.count ? (repeats ? seconds + 1 : Int64.max) : localTransitions[index]
        return LocalReading(offset: offsets[index], first: first, end: end)
    }

    /// `seconds`, moved back by whole cycles into the years for which transitions are known.
    private func inLastCycle(_ seconds: Int64, _ moments: [Int64]) -> Int64 {
        guard repeats, let last = moments.last, seconds >= last else { return seconds }
        return seconds - ((seconds - last) / TimeZoneRules.cycleSeconds + 1) * TimeZoneRules.cycleSeconds
    }

    /// How many of `moments` are not after `moment`.
    private static func position(of moment: Int64, in moments: [Int64]) -> Int {
        var low = 0
        var high = moments.count
        while low < high {
            let middle = (low + high) / 2
            if moments[middle] <= moment { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
