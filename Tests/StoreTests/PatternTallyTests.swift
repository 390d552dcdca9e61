import Events
import GRDB
import Testing
import Triage

@testable import Store

/// What patterns have caught, as it is kept beside the issues.
@Suite struct PatternTallyTests {
    private let store: TemporaryStore

    init() throws { store = try TemporaryStore() }

    /// Noon of day `days` before `now`.
    private static let now = at(0)

    private static func made(
        _ number: UInt64, pack: String, pattern: String, daysAgo: Int64, count: Int = 1, file: String = "/x.log"
    ) -> IssueDelta {
        let time = now.moved(bySeconds: -daysAgo * 86_400)
        var made = delta(key(number), at: [0], file: file, pack: pack)
        made.pattern = pattern
        made.count = count
        (made.first, made.last) = (time, time)
        made.hours = [HourCount(hour: time.hour, count: count)]
        made.files = [FileCount(path: file, count: count, last: time)]
        return made
    }

    private static let some = [
        made(1, pack: "nginx", pattern: "nginx.timeout", daysAgo: 0, count: 3),
        made(2, pack: "nginx", pattern: "nginx.timeout", daysAgo: 3, count: 10),
        made(3, pack: "nginx", pattern: "nginx.old", daysAgo: 40, count: 7),
        made(4, pack: "core", pattern: "core.error", daysAgo: 1, count: 5),
    ]

    private static let expected = [
        "core.error 1 issues 5 events 0 of day 5 of month", "nginx.old 1 issues 7 events 0 of day 0 of month",
        "nginx.timeout 2 issues 13 events 3 of day 13 of month",
    ]

    private static func words(_ hits: [PatternHits]) -> [String] {
        hits.map { hit in
            "\(hit.pattern) \(hit.issues) issues \(hit.events) events \(hit.eventsOfDay) of day "
                + "\(hit.eventsOfMonth) of month"
        }
    }

    @Test func `hits are told of a day, of a month and of ever, without a look at the issues`() throws {
        let archive = try store.writer()
        _ = try archive.apply(batch(1, PatternTallyTests.some, time: PatternTallyTests.now))
        #expect(PatternTallyTests.words(try archive.patternHits(now: PatternTallyTests.now)) == Self.expected)
        #expect(
            PatternTallyTests.words(try archive.patternHits(pack: "core", now: PatternTallyTests.now))
                == [Self.expected[0]])
        #expect(try archive.packNames() == ["core", "nginx"])
        let plan = try archive.pool.read { database in
            try Row.fetchAll(
                database,
                sql: """
                    EXPLAIN QUERY PLAN SELECT 1 FROM issue WHERE pack = 'a' AND pattern = 'a.b' AND merged_into IS NULL
                    """
            ).map { $0["detail"] as String }
        }
        #expect(
            plan == [
                "SEARCH issue USING COVERING INDEX issue_by_pattern (pack=? AND pattern=? AND merged_into=?)"
            ])
    }

    @Test func `issues that are merged are one, and their events are counted once`() throws {
        let archive = try store.writer()
        let now = PatternTallyTests.now
        _ = try archive.apply(batch(1, PatternTallyTests.some, time: now))
        let ids = try archive.ids(IssueQuery(states: nil)).filter { $0.hasPrefix("1") || $0.hasPrefix("2") }
        try #require(ids.count == 2)
        _ = try archive.move(
            MoveRequest(ids: [ids[1]], move: .merge(ids[0]), author: "dana", now: now))
        _ = try archive.apply(batch(2, PatternTallyTests.some, time: now))
        let hits = try archive.patternHits(now: now).filter { $0.pattern == "nginx.timeout" }
        #expect(PatternTallyTests.words(hits) == ["nginx.timeout 1 issues 26 events 6 of day 26 of month"])
    }

    @Test func `what is older than it is asked for is dropped, and what has not come yet is not kept`() throws {
        let archive = try store.writer()
        let now = PatternTallyTests.now
        let future = PatternTallyTests.made(5, pack: "core", pattern: "core.error", daysAgo: -400)
        _ = try archive.apply(batch(1, PatternTallyTests.some + [future], time: now))
        _ = try archive.apply(batch(2, time: now.moved(bySeconds: 60 * 86_400)))
        for table in ["pattern_hour", "pattern_day", "source_day"] {
            #expect(try rows(archive, table) == 0, "\(table)")
        }
        #expect(try archive.patternHits(now: now).map(\.events) == [6, 7, 13])
    }

    private func rows(_ archive: Archive, _ table: String) throws -> Int {
        try archive.pool.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM \(table)") ?? -1 }
    }

    @Test func `the share of unknown errors is that of the source, by the clock of counting`() throws {
        let archive = try store.writer()
        let now = PatternTallyTests.now
        let files = [progress(path: "/x.log", offset: 1)]
        let other = PatternTallyTests.made(6, pack: "core", pattern: "core.error", daysAgo: 0, file: "/of-nobody.log")
        _ = try archive.apply(batch(1, PatternTallyTests.some + [other], files: files, time: now))
        let share = UnknownShare(node: "web-1", source: "web", events: 25, unknown: 5, packs: ["core", "nginx"])
        #expect(try archive.unknownShares(now: now) == [share])
        #expect(try archive.unknownShares(now: now.moved(bySeconds: 31 * 86_400)) == [])
    }

    @Test func `a store from before is filled from its issues`() throws {
        let now = PatternTallyTests.now
        do {
            let archive = try store.writer()
            _ = try archive.apply(batch(1, PatternTallyTests.some, time: now))
            try archive.pool.write { database in
                for table in ["pattern_tally", "pattern_hour", "pattern_day", "source_day", "pattern_cost"] {
                    try database.execute(sql: "DROP TABLE \(table)")
                }
                let added = ["rate_begun", "rate_lines", "rate_bytes", "past_begun", "past_lines", "past_bytes"]
                for column in added + ["last_event"] {
                    try database.execute(sql: "ALTER TABLE file DROP COLUMN \(column)")
                }
                try database.execute(sql: "DROP INDEX issue_by_pattern")
                try database.execute(sql: "DELETE FROM migration WHERE name = '11-packs'")
            }
            try archive.close()
        }
        #expect(PatternTallyTests.words(try store.writer().patternHits(now: now)) == Self.expected)
    }

    @Test func `a store that is brought back brings its hits`() throws {
        let now = PatternTallyTests.now
        let other = try TemporaryStore()
        let old = try other.writer()
        _ = try old.apply(
            batch(1, PatternTallyTests.some, files: [progress(path: "/x.log", offset: 1)], time: now))
        try old.close()
        let archive = try store.writer()
        _ = try archive.apply(
            batch(1, [PatternTallyTests.some[0]], files: [progress(path: "/x.log", offset: 1)], time: now))
        _ = try archive.restore(from: other.path, now: now)
        let hits = try archive.patternHits(now: now)
        #expect(hits.map(\.pattern) == ["core.error", "nginx.old", "nginx.timeout"])
        #expect(hits.map(\.events) == [5, 7, 16])
        #expect(try archive.unknownShares(now: now).map(\.events) == [28])
    }
}
