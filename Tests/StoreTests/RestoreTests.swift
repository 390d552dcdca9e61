import Events
import Foundation
import GRDB
import Testing
import Triage

@testable import Store

struct RestoreTests {
    /// A store of 400 issues with two events each, some of them moved, closed as after a normal end.
    private func filled(_ folder: TemporaryStore) throws -> [String] {
        let archive = try folder.writer()
        let deltas = (0..<400 as Range<UInt64>).map { number in
            delta(Fingerprint(high: number << 50, low: number), at: [Int64(number), Int64(number) + 5])
        }
        _ = try archive.apply(batch(1, deltas, files: [progress(offset: 100)]))
        let ids = try archive.everything().map(\.id).sorted()
        _ = try archive.move(
            MoveRequest(ids: [ids[0]], move: .note("look at the disk", judged: true), author: "ada", now: at(2_000_000))
        )
        _ = try archive.move(MoveRequest(ids: [ids[1]], move: .resolve, author: "ada", now: at(2_000_000)))
        _ = try archive.move(MoveRequest(ids: [ids[3]], move: .merge(ids[2]), author: "ada", now: at(2_000_000)))
        try archive.close()
        return ids
    }

    /// Garbage over one page of the file, counted from 1.
    private func damage(_ path: String, page: Int) throws {
        let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        try file.seek(toOffset: UInt64(page - 1) * 4_096)
        try file.write(contentsOf: Data(repeating: 0xAB, count: 4_096))
        try file.close()
    }

    private func rootPage(_ table: String, _ path: String) throws -> Int {
        try DatabaseQueue(path: path).read { database in
            try Int.fetchOne(database, sql: "SELECT rootpage FROM sqlite_schema WHERE name = ?", arguments: [table])
                ?? 0
        }
    }

    @Test func `a store that is sound is opened as it is, also after a crash`() throws {
        let folder = try TemporaryStore()
        let ids = try filled(folder)
        let opened = try Archive.openForWatching(path: folder.path, now: at(3_000_000))
        #expect(opened.keptAside == nil)
        #expect(try opened.archive.everything().count == ids.count - 1)
    }

    @Test func `users and tokens come along from a damaged store, and not from a store that is restored`() throws {
        let folder = try TemporaryStore()
        let archive = try folder.writer()
        let ada = UserAccount(name: "ada", role: .admin, secret: "$x", created: at(0))
        #expect(try archive.add(ada, by: "root") == .done)
        let token = APIToken(name: "ci", owner: "ada", scopes: [.read], created: at(0), expires: at(9))
        #expect(try archive.add(token, hash: "h", by: "ada") == .done)
        archive.markDamaged()
        try archive.close()
        let opened = try Archive.openForWatching(path: folder.path, now: at(3_000_000))
        let aside = try #require(opened.keptAside)
        #expect(try opened.archive.users() == [ada])
        #expect(try opened.archive.token(hash: "h", now: at(1))?.token.name == "ci")
        #expect(try opened.archive.change(user: "ada", .removed, by: "x", now: at(2), allowsNone: true) == .done)
        _ = try opened.archive.restore(from: aside, now: at(3_000_100))
        #expect(try !opened.archive.hasUsers())
    }

    @Test func `a store that was marked is kept aside, followed on, and brought back once`() throws {
        let folder = try TemporaryStore()
        let ids = try filled(folder)
        do {
            let archive = try folder.writer()
            archive.markDamaged()
            try archive.close()
        }
        let opened = try Archive.openForWatching(path: folder.path, now: at(3_000_000))
        let archive = opened.archive
        let aside = try #require(opened.keptAside)
        #expect(aside.hasPrefix(folder.path + ".damaged-2026"))
        #expect(try archive.keptAside() == aside)
        // Goes on where the old one stopped, and nothing of it is new again.
        #expect(try archive.everything().isEmpty)
        #expect(try archive.checkpoints(node: "web-1").map(\.offset) == [100])
        #expect(try archive.lastSequence(node: "web-1") == 1)
        let again = delta(Fingerprint(high: 7 << 50, low: 7), at: [900_000])
        let fresh = delta(Fingerprint(high: 500 << 50, low: 500), at: [900_001])
        let notices = try archive.apply(batch(2, [again, fresh]))
        #expect(notices.map(\.fingerprint) == [fresh.fingerprint])

        let report = try archive.restore(from: aside, now: at(3_000_100))
        #expect(report.added == 399 && report.merged == 1 && report.damagedIssues == 0 && report.damagedTables == [])
        let rows = try archive.issues(IssueQuery(states: nil, condition: .test(.mark(.merged)))).map(\.id)
        #expect(rows == [ids[3]])
        let all = Dictionary(uniqueKeysWithValues: try archive.everything().map { ($0.id, $0) })
        #expect(all.count == 400)
        let both = try #require(all.values.first { $0.fingerprint == again.fingerprint })
        #expect(both.count == 3 && both.firstSeen == at(7) && both.lastSeen == at(900_000))
        #expect(all[ids[1]]?.state == .resolved)
        #expect(try archive.detail(ids[0]).samples.count == 2)
        #expect(
            try archive.issues(IssueQuery(states: nil, condition: .test(.words("at the disk")))).map(\.id) == [ids[0]])
        #expect(try archive.story(id: ids[1])?.moves.map(\.what) == ["resolve"])
        #expect(try archive.counts().events == 802)
        #expect(try archive.keptAside() == nil && archive.baselines().isEmpty)
        #expect(try archive.integrityFaults().isEmpty)
        // The sequence goes on, so that the next batch counts.
        #expect(try archive.lastSequence(node: "web-1") == 2)
        let before = try archive.dump()
        #expect(throws: ArchiveError.self) { try archive.restore(from: aside, now: at(3_000_200)) }
        #expect(try archive.dump() == before)
    }

    @Test func `a page that is garbage costs what was on it, and no more`() throws {
        let folder = try TemporaryStore()
        _ = try filled(folder)
        // Leaves of the table of issues lie somewhere behind its root: one after the other is overwritten.
        let pages = try DatabaseQueue(path: folder.path).read { database in
            try Int.fetchAll(
                database, sql: "SELECT pageno FROM dbstat WHERE name = 'issue' AND pagetype = 'leaf' ORDER BY pageno")
        }
        try #require(pages.count > 4)
        try damage(folder.path, page: pages[2])
        let rest = try TemporaryStore()
        let archive = try rest.writer()
        let report = try archive.restore(from: folder.path, now: at(3_000_000))
        #expect(report.damagedTables.contains("issue"))
        #expect(report.added > 300 && report.added < 400)
        #expect(try archive.integrityFaults().isEmpty)
        #expect(try archive.issueCount(IssueQuery(states: nil, condition: .any([]))) == 0)
    }

    @Test func `garbage is found at the start after a crash`() throws {
        let folder = try TemporaryStore()
        _ = try filled(folder)
        let page = try rootPage("sample", folder.path)
        try damage(folder.path, page: page)
        // What a writer that was killed leaves behind.
        try Data(repeating: 0, count: 32).write(to: URL(fileURLWithPath: folder.path + "-wal"))
        let opened = try Archive.openForWatching(path: folder.path, now: at(3_000_000))
        let aside = try #require(opened.keptAside)
        let report = try opened.archive.restore(from: aside, now: at(3_000_001))
        #expect(report.added == 400 && report.damagedIssues == 400)
        #expect(try opened.archive.everything().allSatisfy { $0.count == 2 || $0.count == 4 })
    }

    @Test func `a database of somebody else is no store to restore`() throws {
        let folder = try TemporaryStore()
        let archive = try folder.writer()
        let other = folder.folder + "/other.db"
        try DatabaseQueue(path: other).write { try $0.execute(sql: "CREATE TABLE t (a)") }
        #expect {
            try archive.restore(from: other, now: at(0))
        } throws: { ($0 as? ArchiveError)?.code == .foreign }
        #expect {
            try archive.restore(from: folder.folder + "/none.db", now: at(0))
        } throws: { ($0 as? ArchiveError)?.code == .missing }
    }
}
