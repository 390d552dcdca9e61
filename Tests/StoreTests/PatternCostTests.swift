import Events
import Testing

@testable import Store

/// What patterns cost, as the store adds it up.
@Suite struct PatternCostTests {
    private let store: TemporaryStore

    init() throws { store = try TemporaryStore() }

    private func batch(_ sequence: UInt64, node: String, _ costs: [PatternCost]) -> Batch {
        Batch(node: node, sequence: sequence, issues: [], files: [], costs: costs, time: at(Int64(sequence)))
    }

    @Test func `costs are added up over batches and nodes`() throws {
        let archive = try store.writer()
        let slow = PatternCost(pattern: "core.kv", asked: 128, timed: 2, nanoseconds: 500, givenUp: 3)
        let quick = PatternCost(pattern: "core.error", asked: 5)
        _ = try archive.apply(batch(1, node: "a", [slow, quick]))
        _ = try archive.apply(batch(2, node: "a", [PatternCost(pattern: "core.kv", asked: 1)]))
        _ = try archive.apply(batch(3, node: "b", [slow]))
        let costs = try archive.patternCosts()
        #expect(costs.count == 2)
        let sum = PatternCost(pattern: "core.kv", asked: 257, timed: 4, nanoseconds: 1_000, givenUp: 6)
        #expect(costs["core.kv"] == PatternCostRow(cost: sum, givenUpLast: at(3)))
        #expect(costs["core.kv"]?.nanosecondsEach == 250)
        #expect(costs["core.error"] == PatternCostRow(cost: quick, givenUpLast: nil))
        #expect(costs["core.error"]?.nanosecondsEach == nil)
    }

    @Test func `a batch that was applied already costs nothing again`() throws {
        let archive = try store.writer()
        let again = batch(1, node: "a", [PatternCost(pattern: "core.kv", asked: 7)])
        _ = try archive.apply(again)
        _ = try archive.apply(again)
        #expect(try archive.patternCosts()["core.kv"]?.cost.asked == 7)
    }
}
