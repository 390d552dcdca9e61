import Events
import Testing

@testable import Console

@Suite struct KeptCountsTests {
    private let start = Timestamp(seconds: 1_780_000_000)

    @Test func `a count is kept until the store changes, and never for long`() {
        let counts = KeptCounts()
        var made = 0
        func count(_ name: String, at change: Int64, after seconds: Int64) -> Int {
            counts.count(name, at: change, now: start.moved(bySeconds: seconds)) {
                made += 1
                return made
            }
        }
        #expect(count("open", at: 7, after: 0) == 1)
        #expect(count("open", at: 7, after: 4) == 1)
        #expect(count("mine", at: 7, after: 4) == 2)
        #expect(count("open", at: 8, after: 4) == 3)
        #expect(count("open", at: 8, after: 4 + KeptCounts.secondsMax) == 4)
        // A clock that jumps back makes nothing last longer.
        #expect(count("open", at: 8, after: -100) == 5)
    }

    @Test func `a count that fails is not kept`() throws {
        struct Fault: Error {}
        let counts = KeptCounts()
        #expect(throws: Fault.self) { try counts.count("open", at: 1, now: start) { throw Fault() } }
        #expect(counts.count("open", at: 1, now: start) { 3 } == 3)
    }

    @Test func `names without end take no memory without end`() {
        let counts = KeptCounts()
        for number in 0..<(KeptCounts.keptMax * 3) {
            #expect(counts.count("\(number)", at: 1, now: start) { number } == number)
        }
        #expect(counts.count("0", at: 1, now: start) { -1 } == -1)
    }
}
