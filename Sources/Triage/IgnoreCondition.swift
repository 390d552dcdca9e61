package import Events

/// Until when an ignored issue stays quiet, as a person says it.
package enum IgnoreUntil: Sendable, Codable, Equatable {
    /// Until it is far above its own past; the default.
    case spiking
    /// Until an event at this moment or later.
    case time(Timestamp)
    /// Until so many more events were counted; at least 1.
    case more(Int)
    /// Until so many events (at least 1) fell into this many clock hours in a row (1 to `hoursMax`).
    case window(count: Int, hours: Int)

    /// As far back as the hours of an issue are looked at: a week.
    package static let hoursMax = 7 * 24
}

/// What an ignored issue waits for, with the counts of the moment it was set.
package struct IgnoreCondition: Sendable, Codable, Equatable {
    package var until: IgnoreUntil
    /// Events of the issue when the condition was set.
    package var countThen: Int
    /// The clock hour in which it was set, and the events in it until then.
    package var hourThen: Int64
    package var hourCountThen: Int

    package init(until: IgnoreUntil, countThen: Int, hourThen: Int64, hourCountThen: Int) {
        self.until = until
        self.countThen = countThen
        self.hourThen = hourThen
        self.hourCountThen = hourCountThen
    }

    /// The condition in words, such as `until 50 more events (from 12 on)`.
    package var description: String {
        switch until {
        case .spiking: "until spiking"
        case .time(let time): "until \(time)"
        case .more(let number): "until \(number) more events (from \(countThen) on)"
        case .window(let count, let hours): "until \(count) events within \(hours) h"
        }
    }

    /// Why the condition holds now, as a sentence; nil while it does not. `spiking` is decided by `SpikeWatch`.
    ///
    /// - Parameters:
    ///   - count: events of the issue, those that just came included.
    ///   - latest: the latest event among these, no later than `now`.
    ///   - hours: events in the clock hours that end with the one of `now`, oldest first, those that just came included.
    package func fulfilment(count: Int, latest: Timestamp, hours: [Int], now: Timestamp) -> String? {
        switch until {
        case .spiking: return nil
        case .time(let time):
            return latest >= time ? "event \(latest), ignored until \(time)" : nil
        case .more(let number):
            let more = count - countThen
            return more >= number ? "\(more) more events, ignored until \(number) more" : nil
        case .window(let number, let span):
            // Hours before the one in which the condition was set do not count, and of that one only the rest.
            let age = max(0, now.hour - hourThen)
            let recent = hours.suffix(min(span, Int(clamping: age) + 1))
            var sum = recent.reduce(0, +)
            if age < Int64(span) { sum -= hourCountThen }
            return sum >= number ? "\(sum) events within \(span) h, ignored until \(number) within \(span) h" : nil
        }
    }
}
