import Events
import Foundation
import Logging
import Patterns
import Tail
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

    @Test func `what a stream costs is told like what a file does, and a minute later at the earliest`() {
        let book = CostBook()
        let source = Configuration.Source(
            files: SourceFiles(name: "journal", include: [], start: .end),
            selection: PackSelection(takesEveryRecord: true), zone: .utc, group: nil, place: Place(path: "test"))
        let core = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("patterns/core.yaml").path
        var library = PackLibrary()
        library.add(core)
        let scanner = StreamScanner(
            source, catalogue: PackCatalogue(library), costs: book,
            log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let time = Timestamp(seconds: 1_795_341_600)
        let entry = JournalEntry(time: time, identifier: "shop", message: Array("ERROR cannot post".utf8))
        #expect(scanner.scan([JournalRecord(entry)], at: 0, now: time).eventCount == 1)
        #expect(book.take(now: 1_000) == [])
        scanner.tellLastCosts()
        #expect(book.take(now: 1_000).contains { $0.pattern.hasPrefix("core.") && $0.asked == 1 })
    }
}
