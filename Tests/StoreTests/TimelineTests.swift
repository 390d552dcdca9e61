import Events
import GRDB
import Testing
import Triage

@testable import Store

/// Days of a support team, told hour by hour to a store.
private final class Timeline {
    let store: TemporaryStore
    let archive: Archive
    private var sequence: UInt64 = 0
    private let policy: NoveltyPolicy

    static let hour: Int64 = 3_600
    static let day: Int64 = 86_400

    init(_ policy: NoveltyPolicy = .standard) throws {
        store = try TemporaryStore()
        archive = try store.writer()
        self.policy = policy
    }

    /// Events of issues (key → how many) within the hour that begins `seconds` after the origin, told in that hour, or
    /// at `now` where that is given.
    @discardableResult
    func tell(
        _ events: [UInt64: Int], at seconds: Int64, now: Int64? = nil, node: String = "web-1", isAlways: Bool = false
    ) throws -> [Notice] {
        sequence += 1
        let deltas = events.sorted { $0.key < $1.key }.map { number, count in
            var made = delta(key(number), at: [seconds], pack: "shop")
            made.count = count
            made.hours = [HourCount(hour: at(seconds).hour, count: count)]
            made.isAlways = isAlways
            return made
        }
        return try archive.apply(
            batch(sequence, node: node, deltas, files: [progress(offset: Int64(sequence))], time: at(now ?? seconds)),
            policy: policy)
    }

    func inbox() throws -> [String] {
        try archive.issues(IssueQuery(states: nil, condition: .test(.mark(.inbox)))).map {
            "\($0.id.prefix(1)) \($0.novelty.rawValue)"
        }.sorted()
    }
}

struct TimelineTests {
    private let hour = Timeline.hour
    private let day = Timeline.day

    @Test func `after a week that is learned, the inbox holds what is news and nothing else`() throws {
        let time = try Timeline()
        var notices: [Notice] = []
        for step in 0..<(7 * 24) as Range<Int64> {
            notices += try time.tell([1: 2, 2: 3, 3: 1, 4: 2], at: step * hour)
        }
        #expect(try notices.isEmpty && time.inbox().isEmpty)
        let now = 7 * day
        _ = try time.archive.move(MoveRequest(ids: ["1"], move: .clear, author: "ada", now: at(now)))
        _ = try time.archive.move(MoveRequest(ids: ["2"], move: .resolve, author: "ada", now: at(now)))
        // Read late: older than the moves. Nothing comes back.
        #expect(try time.tell([1: 5, 2: 5], at: now - hour, now: now + 60).isEmpty)
        // Three new faults, one that returns, one that regresses, one that spikes, one as usual.
        let told = try time.tell([1: 1, 2: 1, 3: 100, 4: 2, 5: 1, 6: 1, 7: 1], at: now + 2 * hour)
        #expect(
            try time.inbox() == [
                "1 returned", "2 regressed", "3 spiking", "5 new", "6 new", "7 new",
            ])
        #expect(
            told.map(\.issue.first) == ["1", "2", "3", "5", "6", "7"] && told.allSatisfy { $0.delivery == .single })
        let new = try #require(told.last)
        #expect(new.verdict.reason == "first event 2026-11-29T11:51:02Z, no alias; source web learned on 2026-11-23")
        #expect(told[2].verdict.reason == "100 events in this hour, limit 20 by the last 7 days")
        // The spike goes on: one notice an episode. New ones stay in the inbox, whatever time does.
        #expect(try time.tell([3: 500, 5: 1], at: now + 3 * hour).isEmpty)
        #expect(try time.inbox().count == 6)
    }

    @Test func `what is always told is told while learning`() throws {
        let time = try Timeline()
        #expect(try time.tell([1: 1], at: 0).isEmpty)
        let told = try time.tell([2: 1], at: 60, isAlways: true)
        #expect(told.map(\.verdict.novelty) == [.new] && told[0].delivery == .single)
    }

    @Test func `what is critical is told while learning, unless it is from before`() throws {
        let store = try TemporaryStore()
        let archive = try store.writer()
        func tell(_ number: UInt64, at seconds: Int64, _ severity: Severity) throws -> [Notice] {
            try archive.apply(
                batch(
                    number, [delta(key(number), at: [seconds], severity: severity, pack: "shop")],
                    files: [progress(offset: Int64(number))], time: at(10 + Int64(number))), policy: .standard)
        }
        #expect(try tell(1, at: 5, .critical).isEmpty)
        #expect(try tell(2, at: 12, .major).isEmpty)
        #expect(try tell(3, at: 12, .critical).map(\.delivery) == [.single])
        // Learning goes on, and who asks is told of it.
        let source = try #require(try archive.sources().first)
        #expect(source.learning.isLearning && source.learning.issues == 3)
        #expect(source.learning.endsEarliest(.standard) == at(5 + 86_400))
        #expect(source.learning.endsLatest == at(11 + 7 * 86_400))
    }

    @Test func `warnings are counted and found, in no inbox and not told, until a person grades them otherwise`() throws
    {
        let store = try TemporaryStore()
        let archive = try store.writer()
        let policy = NoveltyPolicy(learning: .off, hasBudget: true)
        func tell(_ sequence: UInt64, at seconds: Int64) throws -> [Notice] {
            try archive.apply(
                batch(sequence, [delta(key(1), at: [seconds], severity: .warning)], time: at(seconds + 1)),
                policy: policy)
        }
        #expect(
            try tell(1, at: 0).map(\.delivery) == [.digest("issues of severity warning are told in summaries")])
        let inbox = IssueQuery(condition: .test(.mark(.inbox)))
        #expect(try archive.issueCount(inbox) == 0 && archive.counts().unjudged == 0)
        #expect(try archive.issueCount(IssueQuery(condition: .test(.novelty(.new)))) == 1)
        let id = try archive.everything()[0].id
        #expect(try archive.told(id: id).map(\.held) == ["issues of severity warning are told in summaries"])
        _ = try archive.move(
            MoveRequest(ids: [id], move: .grade(.major, judged: false), author: "ada", now: at(10)))
        #expect(try archive.issueCount(inbox) == 1 && archive.counts().unjudged == 1)
        _ = try archive.move(MoveRequest(ids: [id], move: .resolve, author: "ada", now: at(20)))
        #expect(try tell(2, at: 1_000).map(\.delivery) == [.single], "graded by a person, it is told")
        #expect(try archive.told(id: id).map(\.held) == [nil, "issues of severity warning are told in summaries"])
    }

    @Test func `beyond the budget notices wait, and the store has them all`() throws {
        let time = try Timeline(NoveltyPolicy(learning: .off, hasBudget: true))
        let told = try time.tell([1: 1, 2: 1, 3: 1, 4: 1, 5: 1, 6: 1, 7: 1], at: 0)
        #expect(told.filter { $0.delivery == .single }.count == 5 && told.count == 7)
        #expect(told[6].delivery == .digest("5 new issues of web in 10 minutes were told already"))
        #expect(try time.inbox().count == 7)
        #expect(try time.tell([8: 1], at: 601)[0].delivery == .single)
    }

    @Test func `ignored until so many more, and until spiking`() throws {
        let time = try Timeline(.everything)
        for step in 0..<30 as Range<Int64> { try time.tell([1: 1, 2: 1], at: step * hour) }
        let now = at(30 * hour)
        _ = try time.archive.move(MoveRequest(ids: ["1"], move: .ignore(.more(3)), author: "ada", now: now))
        _ = try time.archive.move(MoveRequest(ids: ["2"], move: .ignore(.spiking), author: "ada", now: now))
        #expect(try time.tell([1: 2, 2: 5], at: 30 * hour).isEmpty)
        #expect(
            try time.tell([1: 1, 2: 5], at: 31 * hour).map(\.verdict.reason) == ["3 more events, ignored until 3 more"])
        #expect(try time.tell([2: 200], at: 32 * hour).map(\.verdict.novelty) == [.spiking])
        #expect(try time.inbox() == ["1 returned", "2 spiking"])
    }

    @Test(arguments: [-Timeline.day, Timeline.day])
    func `a clock that jumps a day makes no news`(_ jump: Int64) throws {
        let time = try Timeline()
        for step in 0..<(3 * 24) as Range<Int64> { try time.tell([1: 3], at: step * hour) }
        for step in 0..<6 as Range<Int64> {
            #expect(try time.tell([1: 3], at: 3 * day + step * hour, now: 3 * day + step * hour + jump).isEmpty)
        }
        for step in 6..<12 as Range<Int64> { #expect(try time.tell([1: 3], at: 3 * day + step * hour).isEmpty) }
        #expect(try time.inbox().isEmpty)
    }

    @Test func `stamps of 1970 and 2099 are counted, spike nothing wrongly and bring nothing back`() throws {
        let time = try Timeline()
        for step in 0..<(3 * 24) as Range<Int64> { try time.tell([1: 3, 2: 3], at: step * hour) }
        let now = 3 * day
        _ = try time.archive.move(MoveRequest(ids: ["2"], move: .resolve, author: "ada", now: at(now)))
        #expect(try time.tell([1: 500, 2: 500], at: -1_795_341_062, now: now + hour).isEmpty, "1970")
        let told = try time.tell([1: 10, 2: 1], at: 2_300_000_000, now: now + 60)
        #expect(told.isEmpty, "2099 is now, and within the grace of the resolve")
        #expect(try time.tell([1: 100], at: 2_300_000_000, now: now + 120).map(\.verdict.novelty) == [.spiking])
        #expect(try time.archive.detail("10000").row.count == 3 * 72 + 610)
    }

    @Test func `hours that nobody looks at any more become days, and nothing is lost`() throws {
        let time = try Timeline(.everything)
        for step in 0..<60 as Range<Int64> { try time.tell([1: 2], at: step * 12 * hour) }
        let (hours, days) = try time.archive.pool.read { database in
            (
                try Int.fetchOne(database, sql: "SELECT sum(count) FROM issue_hour") ?? 0,
                try Int.fetchOne(database, sql: "SELECT sum(count) FROM issue_day") ?? 0
            )
        }
        #expect(hours + days == 120 && days > 50 && hours > 60)
    }

    @Test func `what is seldom seen is rare once a source is long learned, and told in summaries`() throws {
        let time = try Timeline()
        for step in 0..<30 as Range<Int64> {
            try time.tell([1: 3, 2: 1].filter { step == 0 || $0.key == 1 }, at: step * hour)
        }
        let told = try time.tell([2: 1, 1: 1], at: 40 * day)
        #expect(told.map(\.verdict.novelty) == [.rare, .rare])
        #expect(told.allSatisfy { $0.delivery == .digest("rare issues are told in summaries") })
        #expect(try time.inbox().isEmpty)
        try time.tell([1: 9], at: 40 * day + hour)
        #expect(try time.archive.detail("10000").row.novelty == .known)
    }
}
