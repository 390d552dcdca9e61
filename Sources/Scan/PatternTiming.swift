import Glibc
import PCRE2
package import Patterns

/// What each rule costs: how many lines it is asked about, and how long PCRE2 takes for them.
///
/// Asks every candidate of a block, also those that an earlier rule would have kept from it, so that a rule's cost does
/// not depend on the others. One thread.
package final class PatternTiming {
    /// Of one rule so far.
    package struct Cost: Sendable, Equatable {
        /// Lines that it was asked about.
        package var tries = 0
        /// Those that it matched.
        package var matches = 0
        /// Those that were given up at a limit.
        package var givenUp = 0
        package var nanoseconds: UInt64 = 0

        package init() {}
    }

    private let set: PatternSet
    private let scratch: PrefilterScratch
    private let captures = MatchScratch()
    /// In the order of the rules.
    package private(set) var costs: [Cost]

    package init(_ set: PatternSet, prefilter: Prefilter) {
        self.set = set
        scratch = PrefilterScratch(prefilter)
        costs = Array(repeating: Cost(), count: set.rules.count)
    }

    /// Takes the lines of a block.
    package func measure(_ block: UnsafeRawBufferPointer) {
        for candidate in scratch.candidates(in: block) {
            let rule = Int(candidate.rule)
            let start = block.lineStart(of: Int(candidate.position), floor: 0)
            let line = block.line(start, block.lineEnd(from: start))
            let began = PatternTiming.now()
            let outcome = captures.match(set.rules[rule].expression, in: line)
            costs[rule].nanoseconds += PatternTiming.now() - began
            costs[rule].tries += 1
            switch outcome {
            case .matched: costs[rule].matches += 1
            case .gaveUp: costs[rule].givenUp += 1
            case .notMatched: break
            }
        }
    }

    private static func now() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}
