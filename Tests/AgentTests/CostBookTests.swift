import Events
import Testing

@testable import Agent

/// How costs of patterns are handed to the writer.
@Suite struct CostBookTests {
    @Test func `costs of several scanners are told as one, at most once a minute`() {
        let book = CostBook()
        book.add([PatternCost(pattern: "a.b", asked: 1, givenUp: 1), PatternCost(pattern: "a.a", asked: 2)])
        book.add([PatternCost(pattern: "a.b", asked: 3, timed: 1, nanoseconds: 40)])
        let both = [
            PatternCost(pattern: "a.a", asked: 2),
            PatternCost(pattern: "a.b", asked: 4, timed: 1, nanoseconds: 40, givenUp: 1),
        ]
        #expect(book.take(now: 1_000) == both)
        book.add([PatternCost(pattern: "a.a", asked: 9)])
        #expect(book.take(now: 1_059) == [])
        #expect(book.take(now: 1_060) == [PatternCost(pattern: "a.a", asked: 9)])
        #expect(book.take(now: 2_000) == [])
    }

    @Test func `no more patterns are kept than there is room for`() {
        let book = CostBook()
        book.add((0..<CostBook.patternsMax + 5).map { PatternCost(pattern: "a.\($0)", asked: 1) })
        book.add([PatternCost(pattern: "a.0", asked: 1)])
        let told = book.take(now: 100)
        #expect(told.count == CostBook.patternsMax && told.first?.asked == 2)
    }
}
