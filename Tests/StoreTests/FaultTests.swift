import Events
import Foundation
import GRDB
import Synchronization
import Testing
import Triage

@testable import Store

struct FaultTests {
    private let store: TemporaryStore

    init() throws { store = try TemporaryStore() }

    private func wide(_ sequence: UInt64, issues: Int = 200) -> Batch {
        let deltas = (0..<issues).map { number in
            delta(
                Fingerprint(high: UInt64(number) << 40, low: sequence), at: [Int64(number)],
                title: String(repeating: "long ", count: 100))
        }
        return batch(sequence, deltas, files: [progress(offset: Int64(sequence) * 100)])
    }

    @Test func `a full disk leaves nothing half applied, and the same batch counts once there is room`() throws {
        let archive = try store.writer()
        _ = try archive.apply(wide(1))
        let before = try archive.dump()
        func allow(morePages pages: Int) throws {
            try archive.pool.writeWithoutTransaction { database in
                let used = try Int.fetchOne(database, sql: "PRAGMA page_count") ?? 0
                try database.execute(sql: "PRAGMA max_page_count = \(used + pages)")
            }
        }
        for pages in [0, 1, 2, 5, 10, 20, 30] {
            try allow(morePages: pages)
            let error = try #require(throws: ArchiveError.self) { try archive.apply(wide(2)) }
            #expect(error.code == .full && error.path == archive.path)
            #expect(
                error.message == "no space left for the store; free some, or move the store; nothing was half written")
            #expect(try archive.dump() == before)
        }
        try allow(morePages: 100_000)
        #expect(try archive.apply(wide(2)).count == 200)
        #expect(try archive.everything().count == 400 && archive.lastSequence(node: "web-1") == 2)
    }

    @Test func `kill -9 before the commit loses the batch whole, after it keeps it whole`() async throws {
        let path = store.path
        try store.writer().close()
        let first = wide(1)
        await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String, first = first as Batch] in
            let archive = try Archive(path: path, mode: .write)
            _ = try archive.apply(first)
            kill(getpid(), SIGKILL)
        }
        let kept = try {
            let archive = try store.writer()
            #expect(try archive.everything().count == 200 && archive.checkpoints(node: "web-1").map(\.offset) == [100])
            return try archive.dump()
        }()
        let second = wide(2, issues: 2_000)
        await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String, second = second as Batch] in
            let archive = try Archive(path: path, mode: .write)
            try archive.applyAndDie(second)
        }
        let archive = try store.writer()
        #expect(try archive.dump() == kept)
        #expect(try archive.apply(first) == [] && archive.apply(second).count == 2_000)
        #expect(try archive.issueCount(IssueQuery(states: nil)) == 2_200)
        #expect(try archive.integrity() == "ok")
    }

    @Test func `another connection that holds the database is waited for, then named as the cause`() throws {
        let archive = try store.writer()
        _ = try archive.apply(batch(1, [delta(key(1), at: [0])]))
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        let other = try DatabaseQueue(path: archive.path, configuration: configuration)
        try other.inDatabase { try $0.execute(sql: "BEGIN IMMEDIATE") }
        try archive.pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA busy_timeout = 1") }
        let error = try #require(throws: ArchiveError.self) { try archive.apply(batch(2, [delta(key(1), at: [1])])) }
        #expect(error.code == .busy)
        #expect(try archive.everything().map(\.count) == [1], "readers are not held up")
        try other.inDatabase { try $0.execute(sql: "ROLLBACK") }
        _ = try archive.apply(batch(2, [delta(key(1), at: [1])]))
        #expect(try archive.everything().map(\.count) == [2])
    }

    @Test func `readers see whole batches only, while one writes`() throws {
        let archive = try store.writer()
        _ = try archive.apply(batch(1, [delta(key(1), at: [0]), delta(key(2), at: [0])]))
        let batches: UInt64 = 60
        let done = DispatchGroup()
        let failures = Mutex<[any Error]>([])
        // Threads, because the calls block; as many looks as make it likely that some fall between two commits.
        func onThread(_ body: @escaping @Sendable () throws -> Void) {
            done.enter()
            Thread.detachNewThread {
                do { try body() } catch { failures.withLock { $0.append(error) } }
                done.leave()
            }
        }
        for _ in 0..<2 {
            onThread { [path = store.path] in
                let reader = try Archive(path: path, mode: .read)
                var seen = 0
                for _ in 0..<100 {
                    let rows = try reader.everything()
                    guard rows.count == 2, rows[0].count == rows[1].count, rows[0].count >= seen else {
                        throw ArchiveError(.failed, "seen \(rows.map(\.count)) after \(seen)", path: reader.path)
                    }
                    seen = rows[0].count
                }
            }
        }
        onThread {
            for sequence in 2...batches {
                let time = Int64(sequence)
                _ = try archive.apply(batch(sequence, [delta(key(1), at: [time]), delta(key(2), at: [time])]))
            }
        }
        done.wait()
        #expect(failures.withLock { $0.map { "\($0)" } } == [])
        #expect(try archive.everything().map(\.count) == [60, 60])
    }
}

extension Archive {
    /// Never returns: the process is killed with the batch written and not committed.
    fileprivate func applyAndDie(_ batch: Batch) throws {
        try pool.writeWithoutTransaction { database in
            // So small that pages reach the log before the commit.
            try database.execute(sql: "PRAGMA cache_size = 10")
            try database.inTransaction {
                var ingest = try Ingest(database, policy: .everything)
                _ = try ingest.apply(batch)
                kill(getpid(), SIGKILL)
                return .commit
            }
        }
    }

    fileprivate func integrity() throws -> String? {
        try pool.read { try String.fetchOne($0, sql: "PRAGMA integrity_check") }
    }
}
