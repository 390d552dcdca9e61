import Events
import Testing
import Triage

@testable import Store

struct FilesTests {
    private let store: TemporaryStore
    private let archive: Archive

    init() throws {
        store = try TemporaryStore()
        archive = try store.writer()
    }

    @Test func `a checkpoint comes back bit for bit and follows its file over rename and truncation`() throws {
        let first = progress(offset: 100)
        _ = try archive.apply(batch(1, files: [first]))
        #expect(try archive.checkpoints(node: "web-1") == [first.checkpoint])
        var renamed = progress(path: "/var/log/app.log.1", offset: 300, generation: 1, state: .draining)
        renamed.checkpoint.lines = nil
        _ = try archive.apply(batch(2, files: [renamed]))
        #expect(try archive.checkpoints(node: "web-1") == [renamed.checkpoint])
    }

    @Test func `inodes with other births, and the same inode of other nodes, are other files`() throws {
        var reborn = progress(offset: 5)
        reborn.checkpoint.identity.birthNanoseconds += 1
        _ = try archive.apply(batch(1, files: [progress(offset: 100), reborn]))
        _ = try archive.apply(batch(1, node: "web-2", files: [progress(offset: 7)]))
        #expect(try archive.checkpoints(node: "web-1").map(\.offset).sorted() == [5, 100])
        #expect(try archive.checkpoints(node: "web-2").map(\.offset) == [7])
        #expect(try archive.checkpoints(node: "web-3") == [])
        #expect(try archive.files(node: nil).map(\.node) == ["web-1", "web-1", "web-2"])
    }

    @Test func `totals add up, a loss keeps its reason, a note is as fleeting as its cause`() throws {
        let steps = [
            progress(offset: 100, lines: 10, events: 2, note: "first"),
            progress(offset: 200, lines: 20, events: 3, bytesLost: 50, note: "truncated before it was read"),
            progress(offset: 300, lines: 30, events: 0, state: .unreadable, note: "EACCES"),
            progress(offset: 400, lines: 40, events: 1),
        ]
        for (index, step) in steps.enumerated() {
            _ = try archive.apply(batch(UInt64(index + 1), files: [step], time: at(Int64(index))))
            let row = try #require(archive.files(node: "web-1").first)
            #expect(row.note == step.note && row.state == step.state && row.lastRead == at(Int64(index)))
        }
        let row = try #require(archive.files(node: "web-1").first)
        #expect(row.linesTotal == 100 && row.eventsTotal == 6 && row.bytesLost == 50 && row.size == 405)
        #expect(row.lossNote == "truncated before it was read" && row.note == "" && row.source == "web")
    }

    @Test func `the store in a few numbers`() throws {
        let empty = try archive.counts()
        #expect(empty.issues == [:] && empty.events == 0 && empty.nodes == [] && empty.databaseBytes > 0)
        _ = try archive.apply(
            batch(
                1,
                [
                    delta(key(1), at: [0, 1]), delta(key(2), at: [0], severity: .critical),
                    delta(key(3), at: [0], severity: .minor),
                ],
                files: [progress(offset: 1, bytesLost: 9), progress(inode: 8, offset: 1, state: .unreadable)],
                time: at(5)))
        try archive.move("30000", to: .cleared, at: at(9))
        let counts = try archive.counts()
        #expect(counts.issues == [.open: 2, .cleared: 1] && counts.open == [.critical: 1, .major: 1])
        #expect(counts.unjudged == 2 && counts.events == 4 && counts.bytesLost == 9)
        #expect(counts.files == [.following: 1, .unreadable: 1])
        #expect(counts.nodes == [NodeStatus(name: "web-1", sequence: 1, batchTime: at(5), events: 4)])
    }
}
