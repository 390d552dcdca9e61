import Events
import Testing

@testable import Store

/// How fast a file is read, as the store counts it.
@Suite struct FileRateTests {
    private let store: TemporaryStore

    init() throws { store = try TemporaryStore() }

    /// A batch: seconds, offset, lines, events.
    private func rates(_ steps: [(Int64, Int64, Int64, Int64)], at seconds: Int64) throws -> [Int64] {
        let archive = try store.writer()
        for (index, step) in steps.enumerated() {
            _ = try archive.apply(
                batch(
                    UInt64(index + 1), files: [progress(offset: step.1, lines: step.2, events: step.3)],
                    time: at(step.0)))
        }
        let row = try #require(try archive.files(node: nil).first)
        let rate = try #require(row.rate).perMinute(lastRead: row.lastRead, now: at(seconds))
        return [rate.lines, rate.bytes, row.lastEvent.map { ($0.microseconds - at(0).microseconds) / 1_000_000 } ?? -1]
    }

    @Test func `what was there at first is no rate`() throws {
        #expect(try rates([(0, 1_000, 100, 3)], at: 10) == [0, 0, 0])
    }

    @Test func `a minute that is not over counts as a whole one`() throws {
        #expect(try rates([(0, 0, 0, 0), (10, 500, 50, 1), (20, 600, 10, 0)], at: 30) == [60, 600, 10])
    }

    @Test func `a rate is over the last spans alone`() throws {
        var steady: [(Int64, Int64, Int64, Int64)] = [(0, 0, 0, 0)]
        for step: Int64 in 1...20 { steady.append((step * 30, step * 300, 30, 0)) }
        #expect(try rates(steady, at: 600) == [60, 600, -1])
        // A flood ten minutes ago is forgotten.
        let after = [(Int64(0), Int64(0), Int64(0), Int64(0)), (30, 900_000, 90_000, 9), (700, 900_060, 6, 0)]
        #expect(try Self().rates(after, at: 710) == [6, 60, 30])
    }

    @Test func `a file that is quiet for two minutes has no rate`() throws {
        #expect(try rates([(0, 0, 0, 0), (10, 500, 50, 1)], at: 131) == [0, 0, 10])
    }

    @Test func `a file that was cut is counted from its first byte`() throws {
        let archive = try store.writer()
        _ = try archive.apply(batch(1, files: [progress(offset: 9_000)], time: at(0)))
        _ = try archive.apply(batch(2, files: [progress(offset: 120, generation: 1)], time: at(5)))
        let row = try #require(try archive.files(node: nil).first)
        #expect(row.rate?.bytes == 120)
    }
}
