import Events
import GRDB
import Testing
import Triage

@testable import Store

/// What the dashboard shows of the last hours, against the events that came.
@Suite struct FlowTests {
    private let store: TemporaryStore
    private let archive: Archive

    init() throws {
        store = try TemporaryStore()
        archive = try store.writer()
    }

    /// An hour in seconds from `at(0)`, 09:51:02.
    private static let hour: Int64 = 3_600

    @Test func `events are counted by hour, severity and pack, also those of parts and of old issues`() throws {
        _ = try archive.apply(
            batch(
                1,
                [
                    delta(key(1), at: [0, 1, 2], severity: .critical, pack: "nginx"),
                    delta(key(2), at: [0, FlowTests.hour], severity: .minor),
                ], time: at(FlowTests.hour)))
        _ = try archive.apply(
            batch(
                2, [delta(key(1), at: [FlowTests.hour + 5], severity: .critical, pack: "nginx")],
                time: at(FlowTests.hour + 5)))
        let flow = try archive.eventFlow(now: at(FlowTests.hour + 10))
        #expect(flow.hours.count == 24)
        #expect(flow.hours[23].hour == at(FlowTests.hour).hour)
        #expect(flow.hours[22].events == [.critical: 3, .minor: 1])
        #expect(flow.hours[23].events == [.critical: 1, .minor: 1])
        #expect(flow.hours.map(\.newIssues).suffix(2) == [2, 0])
        #expect(flow.hours.dropLast(2).allSatisfy { $0.total == 0 && $0.newIssues == 0 })
        #expect(flow.packs["nginx"]?.suffix(2) == [3, 1])
        #expect(flow.packs["core"]?.suffix(2) == [1, 1])
        #expect(flow.days.last == EventFlow.Day(events: 6, unclaimed: 2))
    }

    @Test func `an event is counted as a person graded its issue before it came`() throws {
        _ = try archive.apply(batch(1, [delta(key(1), at: [0], severity: .minor)], time: at(0)))
        let id = try #require(try archive.everything().first?.id)
        _ = try archive.move(
            MoveRequest(ids: [id], move: .grade(.critical, judged: false), author: "ada", now: at(1)))
        _ = try archive.apply(batch(2, [delta(key(1), at: [2], severity: .minor)], time: at(2)))
        #expect(try archive.eventFlow(now: at(3)).hours.last?.events == [.minor: 1, .critical: 1])
    }

    @Test func `hours of the future count as this one, and those of long ago do not count`() throws {
        let day: Int64 = 86_400
        _ = try archive.apply(batch(1, [delta(key(1), at: [-40 * day, 0, 9 * day])], time: at(0)))
        let flow = try archive.eventFlow(now: at(0))
        #expect(flow.hours.last?.total == 2)
        #expect(try archive.eventFlow(now: at(9 * day)).hours.allSatisfy { $0.total == 0 })
        // What is too old goes when something comes.
        _ = try archive.apply(batch(2, [delta(key(1), at: [40 * day])], time: at(40 * day)))
        let rows = try archive.pool.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM event_hour") }
        #expect(rows == 1)
    }

    @Test func `what was learned is no news of an hour`() throws {
        let learned = batch(1, [delta(key(1), at: [0])], time: at(0))
        _ = try archive.apply(
            Batch(
                node: learned.node, sequence: 1, issues: learned.issues, files: [], sources: ["web"], time: at(0)),
            policy: .standard)
        let row = try #require(try archive.everything().first)
        let flow = try archive.eventFlow(now: at(0))
        #expect(flow.hours.last?.total == 1)
        #expect(flow.hours.last?.newIssues == (row.novelty == .known ? 0 : 1))
    }

    @Test func `open issues are counted by pack, no further than asked, parts left out`() throws {
        _ = try archive.apply(
            batch(
                1,
                (1...6).map { delta(key($0), at: [0], severity: $0 > 4 ? .minor : .major, pack: $0 > 5 ? "b" : "a") }))
        let ids = try archive.issues(IssueQuery(sort: .firstSeen, isAscending: true)).map(\.id)
        _ = try archive.move(MoveRequest(ids: [ids[0]], move: .clear, author: "ada", now: at(1)))
        _ = try archive.move(MoveRequest(ids: [ids[1]], move: .merge(ids[2]), author: "ada", now: at(2)))
        #expect(
            try archive.openByPack(atMost: 100) == [
                PackStanding(pack: "a", open: [.major: 2, .minor: 1]), PackStanding(pack: "b", open: [.minor: 1]),
            ])
        #expect(try archive.openByPack(atMost: 1).first?.open == [.major: 1, .minor: 1])
    }

    @Test func `what the dashboard asks is answered by indexes`() throws {
        let plans = try archive.pool.read { database in
            try [
                "SELECT hour, pack, severity, count, issues FROM event_hour WHERE hour BETWEEN 1 AND 2",
                """
                SELECT 1 FROM issue INDEXED BY issue_by_pack
                WHERE pack = 'a' AND state = 'open' AND severity = 4 AND merged_into IS NULL LIMIT 5
                """,
            ].map { try Row.fetchAll(database, sql: "EXPLAIN QUERY PLAN \($0)").map { $0["detail"] as String } }
        }
        #expect(plans[0] == ["SEARCH event_hour USING PRIMARY KEY (hour>? AND hour<?)"])
        #expect(
            plans[1] == [
                "SEARCH issue USING COVERING INDEX issue_by_pack (pack=? AND state=? AND severity=? AND merged_into=?)"
            ])
    }

    @Test func `an older store gets the sums of what it has`() throws {
        _ = try archive.apply(
            batch(1, [delta(key(1), at: [0, 1]), delta(key(2), at: [2], severity: .minor)], time: at(2)))
        let before = try archive.eventFlow(now: at(3))
        try archive.pool.write { database in
            try database.execute(
                sql: """
                    DROP TABLE event_hour; DROP INDEX outbox_by_issue; DROP INDEX issue_by_pack; CREATE INDEX issue_by_pack ON issue (pack);
                    DELETE FROM migration WHERE name = '10-flow';
                    """)
        }
        try archive.close()
        #expect(try store.writer().eventFlow(now: at(3)) == before)
    }
}
