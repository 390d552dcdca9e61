import Testing

@testable import Triage

private func past(_ hours: [Int], current: Int = 0, days: [Int] = [], known: Int = 10_000) -> IssuePast {
    IssuePast(
        hours: Array(repeating: 0, count: max(0, 168 - hours.count)) + hours, current: current,
        days: Array(repeating: 0, count: max(0, 35 - days.count)) + days, known: known)
}

struct LimitCase: CustomTestStringConvertible, Sendable {
    var testDescription: String
    var hours: [Int]
    var known = 10_000
    var limit: Int
}

private let limits = [
    LimitCase(testDescription: "no hour has closed: none", hours: [], known: 0, limit: 0),
    LimitCase(testDescription: "young and quiet: the floor", hours: [1], known: 3, limit: 20),
    LimitCase(testDescription: "young and busy: ten times the busiest", hours: [1, 7, 3], known: 23, limit: 70),
    LimitCase(testDescription: "silent for a week", hours: [], limit: 10),
    LimitCase(testDescription: "silent for less than a week", hours: [], known: 100, limit: 20),
    LimitCase(testDescription: "one event in a week: the floor", hours: [1], limit: 20),
    // No variation: L1 = 5 × 10, L2 = 10 + 5 × 10.
    LimitCase(testDescription: "steady", hours: Array(repeating: 10, count: 168), limit: 60),
    LimitCase(testDescription: "steady and busy", hours: Array(repeating: 1_000_000, count: 168), limit: 6_000_000),
    LimitCase(
        testDescription: "by day only", hours: (0..<168).map { $0 % 24 < 12 ? 100 : 0 }, limit: 350),
    LimitCase(testDescription: "beyond all reason: none", hours: [1 << 60], limit: .max),
]

struct SpikeTests {
    @Test(arguments: limits)
    func `the limit follows the past`(_ example: LimitCase) {
        let hours = past(example.hours).hours
        #expect(SpikeLimit.limit(hours: hours, known: example.known, now: 24 * 7 * 2_000) == example.limit)
    }

    @Test func `the exponential is right to a thousandth`() {
        for (x, expected) in [(0, 1_000), (100, 904), (500, 606), (916, 400), (1_000, 367), (9_999, 0), (1 << 40, 0)] {
            #expect(abs(SpikeLimit.exponential(minusThousandths: x) - expected) <= 1, "\(x)")
        }
        for value in [0, 1, 2, 3, 4, 15, 16, 17, 1 << 40, (1 << 30) * (1 << 30) - 1, .max] {
            let root = SpikeLimit.root(value)
            #expect(root * root <= value && (root >= 3_037_000_499 || (root + 1) * (root + 1) > value), "\(value)")
        }
    }

    @Test func `a spike is told once, and again after two calm hours`() {
        var watch = SpikeWatch(newIn: 1_000)
        #expect(watch.add(500) == nil, "what is new is no spike in its first hour")
        watch = watch.rolled(to: 1_010, past: past([5, 0, 0], known: 10))
        #expect(watch.limit == 50 && watch.add(49) == nil)
        #expect(watch.add(1) == "50 events in this hour, limit 50 by the last 7 days")
        #expect(watch.add(1_000) == nil && watch.learnedCount == 50)
        // The next hour is as loud, then one is calm, then loud: one episode.
        watch = watch.rolled(to: 1_011, past: past([5, 50], known: 11))
        #expect(watch.add(9_999) == nil)
        watch = watch.rolled(to: 1_013, past: past([50, 50, 3], known: 13))
        #expect(watch.episode != nil && watch.add(9_999) == nil)
        watch = watch.rolled(to: 1_016, past: past([50, 24, 24], known: 16))
        #expect(watch.episode == nil && watch.add(watch.limit) != nil)
    }

    @Test func `a slow rise is told though every hour is within its limit`() {
        let weeks = Array(repeating: 10, count: 28) + Array(repeating: 36, count: 6)
        var watch = SpikeWatch(newIn: 0).rolled(
            to: 50_000, past: past(Array(repeating: 20, count: 168), days: weeks + [0]))
        #expect(watch.weekLimit == 280 && watch.weekCount == 216)
        for _ in 0..<3 { #expect(watch.add(19) == nil) }
        #expect(watch.add(7) == "280 events in 7 days, limit 280 by the 4 weeks before")
        let calm = watch.rolled(to: 50_100, past: past([2], days: [1]))
        #expect(calm.episode == nil)
        let young = SpikeWatch(newIn: 0).rolled(to: 50_000, past: past([2], days: weeks, known: 500))
        #expect(young.weekLimit == 0, "an issue without five weeks of past has no usual week")
    }

    @Test func `a clock that jumps takes the counts of the hour it shows`() {
        var watch = SpikeWatch(newIn: 1_000).rolled(to: 1_050, past: past([4], known: 50))
        #expect(watch.add(19) == nil)
        watch = watch.rolled(to: 1_074, past: past([0], known: 74))
        #expect(watch.count == 0 && watch.add(19) == nil)
        watch = watch.rolled(to: 1_050, past: past([4], current: 19, known: 50))
        #expect(watch.count == 19 && watch.add(1) != nil)
        watch = watch.rolled(to: 1_026, past: past([4], known: 26))
        #expect(watch.episode != nil)
        watch = watch.rolled(to: 1_025, past: past([4], known: 25))
        #expect(watch.episode == nil, "an episode of the future ends")
    }

    @Test func `it is kept as text and read again`() {
        var watch = SpikeWatch(newIn: 1_000).rolled(to: 1_050, past: past([4], known: 50))
        #expect(SpikeWatch(watch.description) == watch)
        _ = watch.add(40)
        #expect(watch.episode != nil && SpikeWatch(watch.description) == watch)
        for text in ["", "1", "1,2,3,4,5", "1,2,3,4,5,6,7,8,9", "a,b"] { #expect(SpikeWatch(text) == nil) }
    }
}
