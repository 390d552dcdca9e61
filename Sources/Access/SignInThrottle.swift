package import Events

/// How often somebody may try to sign in: so many failures are free, then each doubles the wait. A value over time; the
/// caller keeps it and gives it the clock.
///
/// Counted by name and by address, each for itself. Guessing one name from many addresses is slowed by the name, guessing
/// many names from one address by the address. A name waits a minute at most: else anybody could keep its owner out.
package struct SignInThrottle: Sendable {
    /// What is counted.
    package enum Key: Sendable, Hashable {
        /// As it was typed, in lower case; it need not be anybody's.
        case name(String)
        case address(String)

        var waitSecondsMax: Int64 {
            switch self {
            case .name: 60
            case .address: 900
            }
        }
    }

    package static let freeFailures = 5
    /// Seconds without a failure after which nothing is held against it.
    package static let memorySeconds: Int64 = 3_600
    /// Names and addresses that are remembered; beyond it, those that failed longest ago are forgotten.
    package static let entriesMax = 10_000

    private struct Entry {
        var failures: Int
        var last: Timestamp
    }

    private var entries: [Key: Entry] = [:]

    package init() {}

    /// What is remembered at the moment.
    package var count: Int { entries.count }

    /// Seconds until another try is looked at; 0 for now.
    package func wait(_ keys: [Key], now: Timestamp) -> Int64 {
        keys.map { wait($0, now: now) }.max() ?? 0
    }

    private func wait(_ key: Key, now: Timestamp) -> Int64 {
        guard let entry = entries[key], entry.failures >= SignInThrottle.freeFailures else { return 0 }
        let power = min(entry.failures - SignInThrottle.freeFailures, 20)
        let delay = min(Int64(1) << power, key.waitSecondsMax)
        let passed = (now.microseconds - entry.last.microseconds) / Timestamp.microsecondsPerSecond
        // A clock that was set back does not make anybody wait for longer.
        return passed < 0 ? delay : max(0, delay - passed)
    }

    /// A try that was looked at and was wrong.
    package mutating func failed(_ keys: [Key], now: Timestamp) {
        for key in keys {
            var entry = entries[key] ?? Entry(failures: 0, last: now)
            let quiet = (now.microseconds - entry.last.microseconds) / Timestamp.microsecondsPerSecond
            if quiet > SignInThrottle.memorySeconds { entry.failures = 0 }
            entry.failures += 1
            entry.last = now
            entries[key] = entry
        }
        if entries.count > SignInThrottle.entriesMax { forget(now: now) }
    }

    /// A try that was right: its name starts anew. Its address does not, or whoever has an account could guess others.
    package mutating func succeeded(name: String) { entries[.name(name)] = nil }

    /// Drops what has been quiet for long, and then the quietest, down to three quarters of the limit: so that not every
    /// failure of a flood sorts the table.
    private mutating func forget(now: Timestamp) {
        entries = entries.filter {
            now.microseconds - $0.value.last.microseconds
                <= SignInThrottle.memorySeconds * Timestamp.microsecondsPerSecond
        }
        guard entries.count > SignInThrottle.entriesMax else { return }
        let kept = entries.sorted { $0.value.last > $1.value.last }.prefix(SignInThrottle.entriesMax * 3 / 4)
        entries = Dictionary(uniqueKeysWithValues: kept.map { ($0.key, $0.value) })
    }
}
