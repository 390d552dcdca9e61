import Events
import Scan
import Synchronization

/// What patterns cost, from all scanners to the writer, at most once a minute each way. Any thread.
final class CostBook: Sendable {
    /// Seconds between two reports of a scanner, and of the writer.
    static let pauseSeconds: Int64 = 60
    /// Patterns that are told of; what further ones cost is not.
    static let patternsMax = 10_000

    private struct State {
        var costs: [String: PatternCost] = [:]
        /// Seconds since the machine started.
        var told: Int64 = 0
    }

    private let state = Mutex(State())

    func add(_ costs: [PatternCost]) {
        guard !costs.isEmpty else { return }
        state.withLock { state in
            for cost in costs {
                if state.costs[cost.pattern]?.add(cost) == nil, state.costs.count < CostBook.patternsMax {
                    state.costs[cost.pattern] = cost
                }
            }
        }
    }

    /// All of it, by pattern, where the last time lies a minute back at `now`, seconds since the machine started; else
    /// nothing.
    func take(now: Int64) -> [PatternCost] {
        state.withLock { state in
            guard now - state.told >= CostBook.pauseSeconds, !state.costs.isEmpty else { return [] }
            state.told = now
            defer { state.costs = [:] }
            return state.costs.values.sorted { $0.pattern < $1.pattern }
        }
    }
}
