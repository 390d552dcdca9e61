import Events
import Glibc
import Patterns

/// What the rules of one scanner cost, counted while they are asked: a place for each rule, and nothing else is
/// allocated. The time of one question in `sampleSpan` is taken; to read the clock costs as much as a short question.
///
/// One thread.
struct RuleCosts {
    /// A power of two, minus one as a mask.
    static let sampleSpan = 64

    private struct Cost {
        var asked = 0
        var timed = 0
        var givenUp = 0
        var nanoseconds: UInt64 = 0
    }

    private var costs: [Cost]
    private var questions = 0

    init(rules: Int) { costs = Array(repeating: Cost(), count: rules) }

    /// Counts a question to `rule`. Returns when it begins where its time is to be taken, else 0.
    @inline(__always)
    mutating func begin(_ rule: Int) -> UInt64 {
        costs[rule].asked &+= 1
        questions &+= 1
        return questions & (RuleCosts.sampleSpan - 1) == 0 ? RuleCosts.now() : 0
    }

    /// The question of `begin` is answered.
    @inline(__always)
    mutating func end(_ rule: Int, _ began: UInt64) {
        guard began != 0 else { return }
        costs[rule].timed &+= 1
        costs[rule].nanoseconds &+= RuleCosts.now() &- began
    }

    mutating func giveUp(_ rule: Int) { costs[rule].givenUp &+= 1 }

    /// What the rules of `set` that were asked have cost since the last time.
    mutating func take(_ set: PatternSet) -> [PatternCost] {
        var taken: [PatternCost] = []
        for (rule, cost) in costs.enumerated() where cost.asked > 0 {
            taken.append(
                PatternCost(
                    pattern: set.rules[rule].name, asked: cost.asked, timed: cost.timed,
                    nanoseconds: cost.nanoseconds, givenUp: cost.givenUp))
            costs[rule] = Cost()
        }
        return taken
    }

    private static func now() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}
