import Events
import GRDB
import Testing
import Triage

@testable import Store

@Suite struct SiblingStoreTests {
    private let store: TemporaryStore
    private let archive: Archive
    private let words = ["mail", "chat", "maps", "news", "shop", "docs", "jobs"]

    init() throws {
        store = try TemporaryStore()
        archive = try store.writer()
    }

    private func text(_ word: String) -> String { "cannot load plugin \(word) of this site" }

    private func made(_ text: String, at seconds: Int64, severity: Severity = .major) -> IssueDelta {
        var builder = FingerprintBuilder()
        builder.add(text)
        var made = delta(builder.finish(), at: [seconds], title: text, severity: severity)
        made.skeleton = text
        return made
    }

    private func tell(_ texts: [String], _ sequence: UInt64) throws -> [Notice] {
        try archive.apply(
            batch(sequence, texts.map { made($0, at: Int64(sequence)) }, time: at(Int64(sequence) + 10)))
    }

    private func shown() throws -> [String] {
        try archive.everything().map { "\($0.count) \($0.novelty) \($0.title)" }.sorted()
    }

    @Test func `the fifth word makes a family, and no notice; later words join it`() throws {
        for (index, word) in words.prefix(4).enumerated() {
            let told = try tell([text(word)], UInt64(index + 1))
            #expect(told.map(\.verdict.novelty) == [.new])
        }
        #expect(try shown().count == 4)
        #expect(try tell([text(words[4])], 5).isEmpty)
        #expect(try shown() == ["5 new cannot load plugin <*> of this site"])
        #expect(try tell([text(words[5]), text(words[0])], 6).isEmpty)
        #expect(try tell([text(words[5]), text(words[6])], 7).isEmpty)
        #expect(try shown() == ["9 new cannot load plugin <*> of this site"])
        let family = try #require(try archive.everything().first)
        #expect(family.firstSeen == at(1) && family.lastSeen == at(7))
        let detail = try archive.detail(family.id)
        #expect(
            detail.noveltyReason
                == "5 words at one place of 'cannot load plugin <*> of this site': chat, mail, maps, news, shop")
        #expect(detail.nodes.map(\.count) == [9] && detail.files.map(\.count) == [9])
        // Late words have no issue of their own.
        #expect(try archive.pool.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM issue") } == 5)
    }

    @Test func `a batch that was applied before changes nothing, and neither does a restart`() throws {
        _ = try tell(words.map(text), 1)
        let before = try archive.dump()
        #expect(try tell(words.map(text), 1).isEmpty)
        #expect(try archive.dump() == before)
        try archive.close()
        let again = try store.writer()
        _ = try again.apply(batch(2, [made(text("fonts"), at: 9)], time: at(20)))
        #expect(try again.everything().map(\.count) == [8])
    }

    @Test func `what somebody judged stays as it is`() throws {
        _ = try tell(words.prefix(4).map(text), 1)
        let kept = try #require(try archive.everything().first { $0.title == text("chat") })
        _ = try archive.move(MoveRequest(ids: [kept.id], move: .acknowledge, author: "ada", now: at(5)))
        _ = try tell([text(words[4])], 2)
        #expect(
            try shown() == [
                "1 known cannot load plugin chat of this site", "4 new cannot load plugin <*> of this site",
            ])
        _ = try tell([text("chat"), text("docs")], 3)
        #expect(
            try shown() == [
                "2 known cannot load plugin chat of this site", "5 new cannot load plugin <*> of this site",
            ])
    }

    @Test func `a word that is split off stays apart, with exact counts`() throws {
        _ = try tell(words.map(text), 1)
        let part = try #require(
            try archive.pool.read {
                try String.fetchOne($0, sql: "SELECT id FROM issue WHERE merged_into IS NOT NULL ORDER BY number")
            })
        let report = try archive.move(MoveRequest(ids: [part], move: .split, author: "ada", now: at(5)))
        #expect(report.moved.count == 1)
        #expect(
            try shown() == ["1 new cannot load plugin mail of this site", "6 new cannot load plugin <*> of this site"])
        _ = try tell([text("mail"), text("fonts"), text("chat")], 2)
        let counts = try archive.everything().map { "\($0.count) \($0.title)" }.sorted()
        #expect(counts == ["2 cannot load plugin mail of this site", "8 cannot load plugin <*> of this site"])
    }

    @Test func `a store that goes on after damage knows late words, and a restore brings the family back`() throws {
        _ = try tell(words.map(text), 1)
        let family = try #require(try archive.everything().first).id
        archive.markDamaged()
        try archive.close()
        let opened = try Archive.openForWatching(path: store.path, now: at(50))
        let told = try opened.archive.apply(
            batch(2, [made(text("jobs"), at: 9), made(text("docs"), at: 9)], time: at(60)))
        #expect(told.isEmpty)
        let report = try opened.archive.restore(from: try #require(opened.keptAside), now: at(70))
        #expect(report.damagedIssues == 0 && report.damagedTables.isEmpty)
        _ = try opened.archive.apply(batch(3, [made(text("fonts"), at: 99)], time: at(100)))
        let rows = try opened.archive.everything()
        // What was counted meanwhile is no exception.
        #expect(rows.map { "\($0.id) \($0.count)" } == ["\(family) 10"])
    }

    @Test func `what was learned makes a family that is known`() throws {
        _ = try tell(words.prefix(4).map(text), 1)
        try archive.pool.write { try $0.execute(sql: "UPDATE issue SET novelty = 'known', is_learned = 1") }
        #expect(try tell([text(words[4])], 2).isEmpty)
        #expect(try shown() == ["5 known cannot load plugin <*> of this site"])
    }

    @Test func `in whatever order and batches they come, the families are those of a scan`() throws {
        let colours = ["red", "blue", "green", "amber", "white"]
        let grid = colours.flatMap { one in colours.map { "route of ward \(one) through gate \($0) is shut" } }
        let others = colours.prefix(3).map { "route of ward \($0) through door seven is open wide" }
        let expected = SiblingFamilies.joined((grid + others).map { made($0, at: 0) }).map(\.count).sorted()
        #expect(expected == [1, 1, 1, 25])
        for _ in 0..<12 {
            let store = try TemporaryStore()
            let archive = try store.writer()
            let shuffled = (grid + others).shuffled()
            var rest = shuffled[...]
            var sequence: UInt64 = 0
            while !rest.isEmpty {
                let some = rest.prefix(Int.random(in: 1...9))
                rest = rest.dropFirst(some.count)
                sequence += 1
                _ = try archive.apply(
                    batch(sequence, some.map { made($0, at: Int64(sequence)) }, time: at(Int64(sequence) + 10)))
            }
            #expect(try archive.everything().map(\.count).sorted() == expected, "\(shuffled)")
            _ = try archive.apply(
                batch(sequence + 1, shuffled.map { made($0, at: 99) }, time: at(200)))
            #expect(try archive.everything().map(\.count).sorted() == expected.map { $0 * 2 }, "\(shuffled)")
        }
    }

    @Test func `a source has so many kinds of errors, and what is beyond them is one issue`() throws {
        func letters(_ number: Int) -> String {
            String(String(number).map { Character(UnicodeScalar(UInt8(ascii: "g") + UInt8($0.wholeNumberValue ?? 0))) })
        }
        let kinds = UnclaimedIssues.issuesMax + 7
        // The first word is never a value: no siblings.
        let deltas = (0..<kinds).map { made("x\(letters($0)) has gone away for good", at: Int64($0)) }
        _ = try archive.apply(batch(1, deltas, files: [progress(offset: 9)], time: at(90_000)))
        #expect(
            try archive.pool.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM issue") } == UnclaimedIssues
                .issuesMax + 1)
        let other = try archive.issues(
            IssueQuery(states: nil, condition: .test(.name(.pattern, [WildcardText("core.other")]))))
        #expect(other.map(\.count) == [7] && other.first?.title == "Other errors of web: it has more than 2000 kinds")
        // Those that have an issue are counted there, and another source has room of its own.
        var elsewhere = progress(inode: 8, path: "/var/log/db.log", offset: 5)
        elsewhere.source = "db"
        var apart = made("elsewhere it has gone away for good", at: 5)
        apart.files = [FileCount(path: "/var/log/db.log", count: 1, last: at(5))]
        _ = try archive.apply(
            batch(
                2, [deltas[0], deltas[kinds - 1], apart], files: [progress(offset: 19), elsewhere], time: at(90_001)))
        #expect(
            try archive.issues(IssueQuery(states: nil, condition: .test(.name(.pattern, [WildcardText("core.other")]))))
                .map(\.count) == [8])
        #expect(
            try archive.pool.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM issue") } == UnclaimedIssues
                .issuesMax + 2)
    }
}
