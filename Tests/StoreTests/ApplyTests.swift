import Events
import GRDB
import Testing
import Triage

@testable import Store

struct ApplyTests {
    private let store: TemporaryStore
    private let archive: Archive

    init() throws {
        store = try TemporaryStore()
        archive = try store.writer()
    }

    @Test func `the first events of an issue make it and tell of it once`() throws {
        let notices = try archive.apply(batch(1, [delta(key(1), at: [0, 10, 7_200])]))
        let notice = try #require(notices.first)
        #expect(notices.count == 1)
        #expect(notice.verdict == NoveltyVerdict(novelty: .new, reason: "first event 2026-11-22T09:51:02Z, no alias"))
        #expect(notice.issue == "10000" && notice.count == 3 && notice.first == at(0) && notice.node == "web-1")
        #expect(notice.file == "/var/log/app.log" && notice.sample == sample(0))
        #expect(try archive.apply(batch(2, [delta(key(1), at: [20])])) == [])
        let row = try #require(archive.everything().first)
        #expect(
            row
                == IssueRow(
                    id: "10000", fingerprint: key(1), title: "It broke", pack: "core", pattern: "core.error",
                    severity: .major, type: .application, state: .open, novelty: .new, count: 4, firstSeen: at(0),
                    lastSeen: at(7_200), nodes: ["web-1"], files: ["/var/log/app.log"], owner: nil,
                    sample: sample(7_200)))
    }

    @Test func `a replayed batch changes nothing`() throws {
        let first = batch(1, [delta(key(1), at: [0]), delta(key(2), at: [1])], files: [progress(offset: 100)])
        let second = batch(2, [delta(key(1), at: [5])], files: [progress(offset: 200)])
        #expect(try archive.apply(first).count == 2)
        _ = try archive.apply(second)
        let before = try archive.dump()
        for replayed in [first, second, first, batch(0, [delta(key(3), at: [0])])] {
            #expect(try archive.apply(replayed) == [])
        }
        #expect(try archive.dump() == before)
        #expect(try archive.lastSequence(node: "web-1") == 2)
    }

    @Test func `nodes count into one issue, each with a sequence of its own`() throws {
        _ = try archive.apply(batch(1, [delta(key(1), at: [0])]))
        let second = try archive.apply(batch(1, node: "web-2", [delta(key(1), at: [-50, 9], file: "/b")]))
        #expect(second.map(\.isNewOnNode) == [true] && second[0].verdict.novelty == .known)
        #expect(second[0].verdict.reason == "first event on node web-2; seen since 2026-11-22T09:50:12Z")
        #expect(second[0].delivery == .digest("a known issue on another node is told in summaries"))
        _ = try archive.apply(batch(.max, node: "web-3", [delta(key(1), at: [3])]))
        #expect(try archive.apply(batch(.max - 1, node: "web-3", [delta(key(1), at: [3])])) == [])
        let detail = try archive.detail("10000")
        #expect(detail.row.count == 4 && detail.row.firstSeen == at(-50) && detail.row.lastSeen == at(9))
        #expect(detail.row.nodes == ["web-1", "web-2", "web-3"] && detail.row.files == ["/b", "/var/log/app.log"])
        #expect(
            detail.nodes == [
                IssueNode(node: "web-2", count: 2, firstSeen: at(-50), lastSeen: at(9)),
                IssueNode(node: "web-1", count: 1, firstSeen: at(0), lastSeen: at(0)),
                IssueNode(node: "web-3", count: 1, firstSeen: at(3), lastSeen: at(3)),
            ])
        #expect(try archive.lastSequence(node: "web-3") == .max)
        #expect(try archive.lastSequence(node: "nobody") == 0)
    }

    @Test func `a better pack shows at once and the count goes on`() throws {
        _ = try archive.apply(batch(1, [delta(key(1), at: [0], title: "worse")]))
        var better = delta(key(1), at: [1], title: "better", severity: .critical, pack: "nginx")
        better.runbook = "https://example.org/x"
        better.type = .network
        _ = try archive.apply(batch(2, [better]))
        let detail = try archive.detail("10000")
        #expect(detail.row.title == "better" && detail.row.severity == .critical && detail.row.pack == "nginx")
        #expect(detail.row.type == .network && detail.runbook == "https://example.org/x" && detail.row.count == 2)
    }

    @Test func `ids grow when two issues would share one, down to the version`() throws {
        let alike = Fingerprint(high: 0x1234_5678_9ABC_DEF0, low: 1)
        let near = Fingerprint(high: 0x1234_5678_0000_0000, low: 1)
        let twin = Fingerprint(high: alike.high, low: alike.low, version: 2)
        let ids = try archive.apply(batch(1, [alike, near, twin].map { delta($0, at: [0]) })).map(\.issue)
        #expect(ids == ["28T5C", "28T5CY", "28T5CY4"])
        for (id, fingerprint) in zip(ids, [alike, near, twin]) {
            #expect(try archive.detail(id).row.fingerprint == fingerprint)
        }
    }

    @Test func `as many twins as there are characters still get an id`() throws {
        let key5And6 = Fingerprint(high: 5, low: 6)
        let versions = (1...30).map { Fingerprint(high: 5, low: 6, version: UInt8($0)) }
        let ids = try archive.apply(batch(1, versions.map { delta($0, at: [0]) })).map(\.issue)
        #expect(ids.map(\.count) == Array(5...26) + Array(repeating: 29, count: 8))
        #expect(Set(ids).count == 30 && ids[29] == key5And6.id(characters: 26) + "-30")
    }

    @Test func `what was cleared returns, what was resolved regresses, and both are open again`() throws {
        _ = try archive.apply(batch(1, [delta(key(1), at: [0]), delta(key(2), at: [0])]))
        try archive.move("10000", to: .cleared, at: at(100))
        try archive.move("20000", to: .resolved, at: at(100))
        #expect(try archive.apply(batch(2, [delta(key(1), at: [50]), delta(key(2), at: [399])])) == [])
        let notices = try archive.apply(batch(3, [delta(key(1), at: [101, 500]), delta(key(2), at: [401])]))
        #expect(notices.map(\.verdict.novelty) == [.returned, .regressed])
        #expect(notices.map(\.count) == [4, 3] && notices[0].sample == sample(500))
        #expect(try archive.apply(batch(4, [delta(key(1), at: [600]), delta(key(2), at: [600])])) == [])
        for (id, novelty) in [("10000", Novelty.returned), ("20000", .regressed)] {
            let detail = try archive.detail(id)
            #expect(detail.row.state == .open && detail.row.novelty == novelty && detail.stateVersion == 2)
            #expect(detail.stateTime == at(1_000_000) && detail.noveltyReason.hasPrefix("event 2026-"))
        }
        let audit = try archive.pool.read { database in
            try String.fetchAll(
                database, sql: "SELECT who || ' ' || what || ' ' || before || ' ' || after FROM audit ORDER BY number")
        }
        #expect(audit == ["margay returned cleared open", "margay regressed resolved open"])
    }

    @Test func `hostile text comes back byte for byte`() throws {
        let hostile = "\0a'\"\\\u{1b}[31m<b>\u{7f}é e\u{301} 🐆 \u{2028}\n%_;--"
        var odd = delta(key(1), at: [0], file: "/l\0g/é", title: hostile, pack: hostile)
        odd.runbook = ""
        odd.samples = [
            Sample(
                file: "/l\0g/é", line: nil, offset: .max, time: at(0), text: hostile,
                fields: ["": "", hostile: hostile, "b": "\0\0"], rank: .max)
        ]
        odd.files.append(FileCount(path: "/l\0g/e\u{301}", count: 1, last: at(0)))
        _ = try archive.apply(batch(1, node: "n\0de", [odd]))
        let detail = try archive.detail("10000")
        #expect(Array(detail.row.title.utf8) == Array(hostile.utf8) && detail.row.pack == hostile)
        #expect(detail.runbook == "" && detail.row.nodes == ["n\0de"] && detail.row.sample == odd.samples[0])
        #expect(detail.files.count == 2, "two spellings of é are two files on disk")
        #expect(try archive.issues(IssueQuery(words: ["🐆", "%_;"])).count == 1)
        #expect(try archive.issues(IssueQuery(pack: hostile)).count == 1)
    }

    @Test func `times at the ends of the range are kept`() throws {
        var ancient = delta(key(1), at: [0])
        ancient.first = Timestamp(microseconds: .min + 1_000_000)
        ancient.last = Timestamp(microseconds: .max)
        _ = try archive.apply(batch(1, [ancient]))
        let row = try archive.detail("10000").row
        #expect(row.firstSeen == ancient.first && row.lastSeen == ancient.last)
    }

    struct BadCase: CustomTestStringConvertible, Sendable {
        var testDescription: String
        var spoil: @Sendable (inout Batch) -> Void
    }

    static let bad = [
        BadCase(testDescription: "no node") { $0.node = "" },
        BadCase(testDescription: "count 0") { $0.issues[1].count = 0 },
        BadCase(testDescription: "count beyond reason") { $0.issues[1].count = .max },
        BadCase(testDescription: "hour below 1") { $0.issues[1].hours[0].count = -1 },
        BadCase(testDescription: "file below 1") { $0.issues[1].files[0].count = 0 },
        BadCase(testDescription: "ends before it begins") { $0.issues[1].last = at(-1) },
        BadCase(testDescription: "endless title") { $0.issues[1].title = String(repeating: "x", count: 70_000) },
        BadCase(testDescription: "endless sample") {
            $0.issues[1].samples[0].text = String(repeating: "x", count: Sample.textBytesMax + 1)
        },
        BadCase(testDescription: "negative bytes lost") { $0.files[0].bytesLost = -1 },
        BadCase(testDescription: "endless note") { $0.files[0].note = String(repeating: "x", count: 70_000) },
    ]

    @Test(arguments: bad)
    func `a batch that contradicts itself is refused whole`(_ example: BadCase) throws {
        let before = try archive.dump()
        var spoilt = batch(1, [delta(key(1), at: [0]), delta(key(2), at: [0])], files: [progress(offset: 9)])
        example.spoil(&spoilt)
        let error = try #require(throws: ArchiveError.self) { try archive.apply(spoilt) }
        #expect(error.code == .badBatch && error.path == archive.path)
        #expect(try archive.dump() == before)
    }
}
