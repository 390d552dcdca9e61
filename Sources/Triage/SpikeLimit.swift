/// How many events an hour are too many for an issue, by its own past: Sentry's escalating-issues formula
/// (escalating_issues_alg.py), in integers, with floors and a rule for what was silent.
package enum SpikeLimit {
    /// Closed hours that are looked at: a week.
    package static let hoursMax = 168
    /// Below this no hour is a spike.
    package static let floor = 20
    /// The limit of an issue that was silent for a week.
    package static let silentLimit = 10
    /// Beyond this an hour's count is no basis for a limit.
    static let hourCountMax = 1 << 50
    /// Fractions are whole numbers of thousandths.
    private static let scale = 1_000

    /// The limit for the clock hour `now` (hours since 1970): that many events in it are a spike.
    ///
    /// - Parameters:
    ///   - hours: events in the closed hours before `now`, oldest first, at most `hoursMax`, spikes cut to their limit.
    ///   - known: hours since the issue was first known. Below 24, ten times the busiest hour; 0 before one has closed,
    ///     which stands for no limit.
    package static func limit(hours: [Int], known: Int, now: Int64) -> Int {
        let count = min(known, hours.count)
        guard count > 0 else { return 0 }
        let past = hours.suffix(count).map { max($0, 0) }
        let most = past.max() ?? 0
        if count < 24 { return most > hourCountMax ? .max : max(floor, 10 * most) }
        if most == 0 { return count >= hoursMax ? silentLimit : floor }
        if most > hourCountMax { return .max }
        // Large counts are taken in coarser units, so that their squares stay within 64 bits.
        let shift = max(0, Int.bitWidth - most.leadingZeroBitCount - 20)
        return max(floor, formula(past.map { $0 >> shift }, most: most >> shift, now: now) << shift)
    }

    private static func formula(_ past: [Int], most: Int, now: Int64) -> Int {
        let count = past.count
        let sum = past.reduce(0, +)
        let mean = max(1, sum * scale / count)
        let squares = past.reduce(0) { $0 + $1 * $1 }
        let (variance, rest) = (squares * count - sum * sum).quotientAndRemainder(dividingBy: count * count)
        let deviation = root(variance * scale * scale + rest * scale * scale / (count * count))
        // m1 = clamp(5 e^(-0.65 cv), 2, 5)
        let variation = deviation * scale / mean
        let first = min(max(5 * exponential(minusThousandths: 650 * variation / scale), 2 * scale), 5 * scale)
        // m2 = clamp((mean + 5 sd) / mean, 5, 8)
        let second = min(max((mean + 5 * deviation) * scale / mean, 5 * scale), 8 * scale)
        // Hours of the same day of the week count twice in the mean.
        var weights = 0
        var weighted = 0
        for (place, events) in past.enumerated() {
            let hour = now - Int64(count - place)
            let weight = weekday(hour) == weekday(now) ? 2 : 1
            weights += weight
            weighted += weight * events
        }
        let fromMost = most * first / scale
        let fromMean = (weighted * scale / weights + second * mean / scale) / scale
        return max(fromMost, fromMean)
    }

    /// 0 to 6; the days of UTC.
    private static func weekday(_ hour: Int64) -> Int64 { ((hour / 24 + 4) % 7 + 7) % 7 }

    /// e^-x in thousandths, for x in thousandths of 0 or more; 0 beyond 10, where nothing is left of it.
    static func exponential(minusThousandths x: Int) -> Int {
        guard x < 10 * scale else { return 0 }
        // e^-x = (e^(-x/16))^16, the series for the small argument in millionths.
        let small = max(0, x) * 1_000 / 16
        var term = 1_000_000
        var sum = 0
        for step in 1...9 {
            sum += term
            term = -term * small / 1_000_000 / step
        }
        for _ in 0..<4 { sum = sum * sum / 1_000_000 }
        return sum / 1_000
    }

    /// The whole root, rounded down, by Newton's method.
    static func root(_ value: Int) -> Int {
        guard value > 1 else { return max(0, value) }
        var guess = 1 << ((Int.bitWidth - value.leadingZeroBitCount + 1) / 2)
        while true {
            let next = (guess + value / guess) / 2
            if next >= guess { return guess }
            guess = next
        }
    }
}
