import Events
import GRDB
import Testing
import Triage

@testable import Store

struct MoveTests {
    private let store: TemporaryStore
    private let archive: Archive

    init() throws {
        store = try TemporaryStore()
        archive = try store.writer()
        _ = try archive.apply(batch(1, (1...4).map { delta(key($0), at: [0, Int64($0)], title: "Fault \($0)") }))
    }

    private func move(
        _ ids: [String], _ move: Move, by author: String = "ada", seen: [String: Int] = [:], isTrial: Bool = false
    ) throws -> MoveReport {
        try archive.move(
            MoveRequest(
                ids: ids, move: move, author: author, reason: "because", now: at(100), seen: seen, isTrial: isTrial))
    }

    private func found(_ condition: QueryNode) throws -> String {
        try archive.issues(IssueQuery(states: nil, condition: condition)).map { String($0.id.prefix(1)) }.sorted()
            .joined()
    }

    @Test func `a bulk move is one row of the audit trail, and one undo takes all of it back`() throws {
        func stands() throws -> [String] {
            try archive.everything().map { "\($0.id) \($0.state) \($0.novelty) \($0.owner ?? "-")" }
        }
        let before = try stands()
        let report = try move(["1", "20000", "2", "9", "3"], .clear)
        #expect(report.moved.map(\.id) == ["10000", "20000", "30000"] && report.unknown == ["9"])
        #expect(try found(.test(.state(.cleared))) == "123")
        let trail = try archive.pool.read { try Row.fetchAll($0, sql: "SELECT who, what, issue, after FROM audit") }
        #expect(trail.count == 1 && trail[0]["after"] == "3 issues" && trail[0]["issue"] == nil)
        #expect(try move(["1", "4"], .clear).refused.map(\.id) == ["10000"])
        // Of two moves the later one is taken back first.
        #expect(try archive.undo(ids: [], by: "ada", now: at(110)).moved.map(\.id) == ["40000"])
        #expect(try archive.undo(ids: [], by: "sam", now: at(110)) == MoveReport())
        #expect(try archive.undo(ids: [], by: "ada", now: at(110)).moved.count == 3)
        #expect(try stands() == before)
        #expect(try archive.undo(ids: [], by: "ada", now: at(110)) == MoveReport())
    }

    @Test func `a trial says what would be done and leaves everything as it was`() throws {
        let before = try archive.dump()
        #expect(try move(["1", "2"], .resolve, isTrial: true).moved.count == 2)
        #expect(try archive.dump() == before)
    }

    @Test func `a move on a version that is past is refused by name`() throws {
        _ = try move(["1"], .acknowledge, by: "dana")
        let report = try move(["1", "2"], .clear, seen: ["10000": 0, "20000": 0])
        #expect(report.moved.map(\.id) == ["20000"])
        #expect(report.refused.map(\.refusal) == [.changed(by: "dana", at: at(100))])
        #expect(try archive.undo(ids: ["1"], by: "ada", now: at(110)).refused.count == 1)
    }

    @Test func `another process moves issues while the writer counts`() throws {
        let other = try Archive(path: store.path, mode: .change)
        let request = MoveRequest(ids: ["1"], move: .clear, author: "ada", now: at(100))
        #expect(try other.move(request).moved.count == 1)
        #expect(try archive.apply(batch(2, [delta(key(1), at: [101])])).map(\.verdict.novelty) == [.returned])
        let error = try #require(throws: ArchiveError.self) { try store.reader().move(request) }
        #expect(error.code == .denied)
        #expect(try #require(throws: ArchiveError.self) { try other.apply(batch(3)) }.code == .denied)
    }

    @Test func `a severity and a title of a person's stick until they are taken back`() throws {
        _ = try move(["1"], .grade(.critical, judged: false))
        _ = try move(["1"], .entitle("Our name for it"))
        _ = try archive.apply(batch(2, [delta(key(1), at: [5], title: "Better", severity: .minor)]))
        var row = try archive.detail("10000").row
        #expect(row.severity == .critical && row.title == "Our name for it" && row.novelty == .new)
        #expect(try found(.test(.words("our NAME"))) == "1")
        _ = try move(["1"], .grade(nil, judged: false))
        _ = try move(["1"], .entitle(nil))
        row = try archive.detail("10000").row
        #expect(row.severity == .minor && row.title == "Better")
        #expect(try found(.test(.words("better"))) == "1")
    }

    @Test func `notes are found, and gone with an undo`() throws {
        _ = try move(["1", "2"], .note("LB\0 was drained", judged: false))
        #expect(try found(.test(.words("was drained"))) == "12" && found(.test(.has(.note))) == "12")
        _ = try archive.undo(ids: ["2"], by: "ada", now: at(110))
        #expect(try found(.test(.words("was drained"))) == "1" && found(.test(.has(.note))) == "1")
    }

    @Test func `what is merged counts into the whole, and back, whatever came meanwhile`() throws {
        let untouched = try archive.detail("20000")
        _ = try move(["2"], .merge("1"))
        #expect(try archive.everything().map(\.id) == ["40000", "30000", "10000"])
        #expect(
            try archive.apply(batch(2, node: "web-2", [delta(key(2), at: [50], file: "/b")])).map(\.isNewOnNode) == [
                true
            ])
        let whole = try archive.detail("10000")
        #expect(whole.row.count == 5 && whole.row.lastSeen == at(50) && whole.row.nodes == ["web-1", "web-2"])
        #expect(whole.lastDay.reduce(0, +) == 5)
        // A part that comes back brings back the whole.
        _ = try move(["1"], .clear)
        #expect(try archive.apply(batch(2, [delta(key(2), at: [200])])).map(\.issue) == ["10000"])
        #expect(try archive.detail("10000").row.novelty == .returned)
        let counts = try archive.counts()
        #expect(counts.issues == [.open: try archive.issueCount(IssueQuery())])
        #expect(counts.open.values.reduce(0, +) == counts.issues[.open], "a part is no issue of its own")
        #expect(try archive.counts(atMost: 1).open.values.allSatisfy { $0 == 1 })
        #expect(try move(["3"], .merge("2")).refused.count == 1)
        #expect(try move(["1"], .merge("1")).refused.count == 1)
        #expect(try move(["1"], .merge("4")).refused.count == 1, "it has parts")
        _ = try move(["2"], .split)
        let split = try archive.detail("10000")
        #expect(split.row.count == 2 && split.row.nodes == ["web-1"] && split.lastDay.reduce(0, +) == 2)
        let part = try archive.detail("20000")
        #expect(part.row.count == untouched.row.count + 2 && part.row.files == ["/b", "/var/log/app.log"])
        _ = try archive.undo(ids: ["2"], by: "ada", now: at(300))
        #expect(try archive.detail("10000").row.count == 6)
    }

    @Test func `what is forgotten keeps its fingerprint and is never new again`() throws {
        _ = try move(["1"], .note("secret", judged: false))
        _ = try move(["1"], .forget)
        let gone = try archive.detail("10000")
        #expect(gone.row.count == 0 && gone.samples.isEmpty && gone.row.title == "core.error")
        #expect(try found(.test(.words("secret"))) == "" && found(.test(.mark(.forgotten))) == "1")
        let notices = try archive.apply(batch(2, [delta(key(1), at: [300])]))
        #expect(notices.allSatisfy { $0.verdict.novelty != .new })
        #expect(try archive.undo(ids: ["1"], by: "ada", now: at(400)).moved.isEmpty)
    }

    @Test func `quiet resolves what was acknowledged, and an event then returns it`() throws {
        _ = try move(["1"], .acknowledge)
        let day: Int64 = 86_400
        // The batches were closed eleven days after `at(0)`.
        #expect(try archive.resolveQuiet(now: at(1_000_000 + 14 * day - 1)) == 0)
        #expect(try archive.resolveQuiet(now: at(1_000_000 + 14 * day)) == 1)
        #expect(try archive.detail("10000").row.state == .resolved)
        let late = at(1_000_000 + 15 * day)
        let notices = try archive.apply(batch(2, [delta(key(1), at: [1_000_000 + 15 * day])], time: late))
        #expect(notices.map(\.verdict.novelty) == [.returned])
    }
}
