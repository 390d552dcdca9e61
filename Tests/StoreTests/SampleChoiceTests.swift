import Events
import Testing

@testable import Store

struct SampleChoiceTests {
    private func key(_ time: Int64, rank: UInt64, path: String = "/a", offset: Int64 = 0, node: Int64 = 1) -> SampleKey
    {
        SampleKey(time: at(time), path: path, offset: offset, rank: rank, node: node)
    }

    @Test func `the first, the last and the three of lowest rank between them`() {
        let keys = [
            key(5, rank: 1), key(1, rank: 9), key(9, rank: 0), key(3, rank: 4), key(4, rank: 2), key(6, rank: 3),
            key(7, rank: .max),
        ]
        #expect(SampleChoice.keep(of: keys) == [1, 0, 4, 5, 2])
    }

    @Test func `few samples are all kept, and the same one once`() {
        #expect(SampleChoice.keep(of: []) == [])
        #expect(SampleChoice.keep(of: [key(1, rank: 1)]) == [0])
        #expect(SampleChoice.keep(of: [key(2, rank: 1), key(1, rank: 1), key(2, rank: 1)]).count == 2)
    }

    @Test func `equal times go by path, then place`() {
        let keys = [key(1, rank: 1, path: "/b"), key(1, rank: 2, path: "/a", offset: 9), key(1, rank: 3, path: "/a")]
        #expect(SampleChoice.keep(of: keys) == [2, 1, 0])
    }

    @Test(arguments: 1...50 as ClosedRange<UInt64>)
    func `how samples are cut into batches, and their order, does not matter`(_ seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let all = (0..<Int.random(in: 1...40, using: &random)).map { _ in
            key(
                .random(in: 0...9, using: &random), rank: .random(in: 0...9, using: &random),
                path: Bool.random(using: &random) ? "/a" : "/b", offset: .random(in: 0...3, using: &random))
        }
        let whole = SampleChoice.keep(of: all).map { all[$0] }
        var kept: [SampleKey] = []
        var rest = all.shuffled(using: &random)[...]
        while !rest.isEmpty {
            let piece = Array(rest.prefix(Int.random(in: 1...8, using: &random)))
            rest = rest.dropFirst(piece.count)
            // A scanner hands over what it kept of its own events.
            let offered = kept + SampleChoice.keep(of: piece).map { piece[$0] }
            kept = SampleChoice.keep(of: offered).map { offered[$0] }
        }
        #expect(kept == whole, "seed \(seed)")
    }
}

/// SplitMix64: the same numbers for the same seed everywhere.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }
}
