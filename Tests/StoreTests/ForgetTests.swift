import Events
import GRDB
import Testing

@testable import Store

struct ForgetTests {
    private let store: TemporaryStore
    private let archive: Archive

    init() throws {
        store = try TemporaryStore()
        archive = try store.writer()
    }

    @Test func `those quiet longest come first, a page at a time`() throws {
        for inode in 1...9 as ClosedRange<UInt64> {
            _ = try archive.apply(
                batch(inode, files: [progress(inode: 10 - inode, offset: 1)], time: at(Int64(inode))))
        }
        func inodes(_ skipping: Int, before second: Int64 = 100) throws -> [UInt64] {
            try archive.quietFiles(node: "web-1", before: at(second), skipping: skipping, limit: 4)
                .map(\.checkpoint.identity.inode)
        }
        #expect(try inodes(0) == [9, 8, 7, 6] && inodes(4) == [5, 4, 3, 2] && inodes(8) == [1])
        #expect(try inodes(0, before: 3) == [9, 8])
        #expect(try archive.fileCount(node: "web-1") == 9 && archive.fileCount(node: "web-2") == 0)
    }

    @Test func `a forgotten file leaves the counts of issues and the sum of losses as they were`() throws {
        let lost = progress(offset: 5, bytesLost: 77, note: "cut")
        _ = try archive.apply(batch(1, [delta(key(1), at: [0, 1])], files: [lost, progress(inode: 8, offset: 1)]))
        let before = try (archive.everything(), archive.counts(), archive.detail("1"))
        try archive.forget([lost.checkpoint.identity], node: "web-1", configured: [])
        #expect(try archive.files(node: nil).map(\.checkpoint.identity.inode) == [8])
        #expect(try archive.everything() == before.0 && archive.detail("1").row.files == before.2.row.files)
        #expect(try archive.counts().bytesLost == 77)
        // Neither twice nor of another node or birth.
        var reborn = lost.checkpoint.identity
        reborn.birthNanoseconds += 1
        try archive.forget([lost.checkpoint.identity, reborn], node: "web-1", configured: [])
        try archive.forget([FileIdentity(device: .max, inode: 8, birthNanoseconds: 0)], node: "web-2", configured: [])
        #expect(try archive.counts().bytesLost == 77 && archive.fileCount(node: "web-1") == 1)
    }

    @Test func `a source counts as never followed once it is neither configured nor has a file`() throws {
        var first = batch(1, files: [progress(offset: 1)])
        first.sources = ["web", "gone", "kept"]
        _ = try archive.apply(first)
        try archive.forget([], node: "web-1", configured: ["kept"])
        #expect(try archive.followedSources(node: "web-1") == ["web", "kept"])
        try archive.forget([progress(offset: 1).checkpoint.identity], node: "web-1", configured: ["kept"])
        #expect(try archive.followedSources(node: "web-1") == ["kept"])
    }

    @Test func `an issue of a stream is of the source that its input is called by`() throws {
        func input(_ name: String, _ inode: UInt64) -> FileProgress {
            var progress = progress(inode: inode, path: name, offset: 1)
            progress.checkpoint.identity = FileIdentity(device: 0, inode: inode, birthNanoseconds: 0)
            progress.source = name
            return progress
        }
        let names = ["journal", "journal:web", "/var/log", "a: b"]
        let streams = [
            ("journal:nginx", "journal"), ("journal:web:nginx", "journal:web"), ("journal:a:b", "journal"),
            ("/var/log:cron", "/var/log"), ("a: b:php: x", "a: b"), ("/var/log/app:1.log", nil), ("journalx:y", nil),
        ]
        let issues = streams.enumerated().map { place, stream in
            delta(key(UInt64(place + 1)), at: [Int64(place)], file: stream.0)
        }
        let files = names.enumerated().map { input($1, UInt64($0)) }
        _ = try archive.apply(batch(1, issues, files: files))
        for issue in try archive.everything() {
            let place = try #require(streams.firstIndex { $0.0 == issue.files.first })
            #expect(try archive.story(id: issue.id)?.sources == (streams[place].1.map { [$0] } ?? []), "\(issue.files)")
        }
    }

    @Test func `the list of what is not read is as of the latest batch that speaks of it, and bounded`() throws {
        func unread(_ count: Int, _ state: FileState = .skipped) -> UnreadFiles {
            UnreadFiles(
                (0..<count).map {
                    UnreadFile(path: "/v/\($0)", source: "s", state: state, reason: "because \($0)", size: 1)
                })
        }
        var first = batch(1)
        first.unread = unread(3, .unreadable)
        _ = try archive.apply(first)
        _ = try archive.apply(batch(2))
        #expect(try archive.unreadFiles(node: "web-1").map(\.file.path) == ["/v/0", "/v/1", "/v/2"])
        #expect(try archive.counts().files == [.unreadable: 3])
        var third = batch(3)
        third.unread = unread(UnreadFiles.filesMax + 5)
        _ = try archive.apply(third)
        #expect(try archive.unreadFiles(node: nil).count == UnreadFiles.filesMax)
        #expect(try archive.unreadFilesLeftOut() == 5 && archive.counts().files[.skipped] == UnreadFiles.filesMax + 5)
        var fourth = batch(4)
        fourth.unread = unread(0)
        _ = try archive.apply(fourth)
        #expect(try archive.unreadFiles(node: nil) == [] && archive.unreadFilesLeftOut() == 0)
    }

    @Test func `what is behind is stored until the file is at its end`() throws {
        var behind = progress(offset: 5)
        behind.backlog = Backlog(since: at(-60), begun: at(-5), offset: 2)
        _ = try archive.apply(batch(1, files: [behind]))
        #expect(try archive.files(node: nil).map(\.backlog) == [behind.backlog])
        _ = try archive.apply(batch(2, files: [progress(offset: 9)]))
        #expect(try archive.files(node: nil).map(\.backlog) == [nil])
    }

    @Test(arguments: [
        ("offset = -5", "its offset is -5"), ("offset = 1 << 61", "its offset is 2305843009213693952"),
        ("generation = -1", "its generation is -1"), ("lines = -7", "it counts -7 lines"),
        ("head_length = 5000", "it proves 5000 first bytes"), ("head_length = -1", "it proves -1 first bytes"),
        ("before_length = 4096", "it proves 4096 bytes before byte 300"), ("path = ''", "it names no file"),
    ])
    func `a damaged checkpoint is passed over, and the others are used`(damage: String, reason: String) throws {
        _ = try archive.apply(batch(1, files: [progress(offset: 300), progress(inode: 8, path: "/v/b", offset: 9)]))
        try archive.pool.write { try $0.execute(sql: "UPDATE file SET \(damage) WHERE inode = 7") }
        #expect(try archive.checkpoints(node: "web-1").map(\.path) == ["/v/b"])
        let damaged = try archive.damagedCheckpoints(node: "web-1")
        #expect(damaged.map(\.reason) == [reason])
        #expect(try archive.counts().files == [.following: 2])
        // The next that is told of the file mends it.
        _ = try archive.apply(batch(2, files: [progress(offset: 400)]))
        #expect(try archive.damagedCheckpoints(node: "web-1") == [] && archive.checkpoints(node: "web-1").count == 2)
    }

    @Test func `a state that nobody knows is no reason to lose the place`() throws {
        _ = try archive.apply(batch(1, files: [progress(offset: 300)]))
        try archive.pool.write { try $0.execute(sql: "UPDATE file SET state = 'dreaming'") }
        #expect(try archive.checkpoints(node: "web-1") == [progress(offset: 300).checkpoint])
        #expect(try archive.counts().files == [.following: 1])
    }

    @Test func `whether somebody writes the store can be seen without getting in the way`() throws {
        let reader = try store.reader()
        #expect(reader.isBeingWritten)
        try archive.close()
        #expect(!reader.isBeingWritten)
    }
}
