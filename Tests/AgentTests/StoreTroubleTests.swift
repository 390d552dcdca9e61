import Events
import Foundation
import GRDB
import Logging
import Patterns
import Scan
import Synchronization
import Tail
import Testing
import Triage

@testable import Agent
@testable import Store

/// A store that takes nothing for a while, under a pipeline that goes on reading.
struct StoreTroubleTests {
    enum Fault: String, CaseIterable {
        case full, locked, readOnly

        var word: String {
            switch self {
            case .full: "no space left"
            case .locked: "another process"
            case .readOnly: "read"
            }
        }
    }

    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("margay-trouble-\(UUID())")
    private let archive: Archive
    private let log: String

    init() throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        log = folder.path + "/app.log"
        try "".write(toFile: log, atomically: false, encoding: .utf8)
        archive = try Archive(path: folder.path + "/margay.db", mode: .write)
    }

    private func eventually(_ what: String, _ condition: () throws -> Bool) throws {
        let deadline = Date().addingTimeInterval(60)
        while try !condition() {
            guard Date() < deadline else {
                Issue.record("never happened: \(what)")
                return
            }
            usleep(10_000)
        }
    }

    /// Makes the store refuse every batch; returns what ends that.
    private func strike(_ fault: Fault) throws -> () throws -> Void {
        let pool = archive.pool
        switch fault {
        case .full:
            try pool.writeWithoutTransaction { database in
                let used = try Int.fetchOne(database, sql: "PRAGMA page_count") ?? 0
                try database.execute(sql: "PRAGMA max_page_count = \(used)")
            }
            return {
                try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA max_page_count = 1000000") }
            }
        case .locked:
            try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA busy_timeout = 1") }
            var configuration = GRDB.Configuration()
            configuration.allowsUnsafeTransactions = true
            let other = try DatabaseQueue(path: archive.path, configuration: configuration)
            try other.inDatabase { try $0.execute(sql: "BEGIN IMMEDIATE") }
            return { try other.inDatabase { try $0.execute(sql: "ROLLBACK") } }
        case .readOnly:
            // What a file system that turned read-only looks like to SQLite: SQLITE_READONLY.
            try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA query_only = 1") }
            return { try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA query_only = 0") } }
        }
    }

    @Test(arguments: Fault.allCases)
    func `a store that takes nothing is told of at once, and everything counts once it does again`(
        _ fault: Fault
    ) throws {
        let notices = Mutex<[Notice]>([])
        let isReady = Mutex(false)
        let pipeline = try pipeline { told in notices.withLock { $0 += told } }
        let runner = WorkerThread(name: "test") { pipeline.run { _ in isReady.withLock { $0 = true } } }
        try eventually("following") { isReady.withLock { $0 } }
        let lift = try strike(fault)
        // Enough different ones that a page more is needed.
        // Two words differ between any two: no family is made of them.
        let lines = (0..<200).map { number in
            "2026-11-22 10:00:00 ERROR cook \(letters(number)) has left the kitchen of \(letters(600 - number))\n"
        }.joined()
        let handle = try #require(FileHandle(forWritingAtPath: log))
        try handle.write(contentsOf: Data((lines + "2026-11-22 10:00:01 INFO x\n").utf8))
        try eventually("it is told") { notices.withLock { !$0.isEmpty } }
        let first = try #require(notices.withLock { $0.first })
        #expect(first.pattern == "margay.store-refused" && first.severity == .critical)
        #expect(
            first.verdict.reason.hasPrefix("the store takes no batch: ") && first.verdict.reason.contains(fault.word))
        #expect(try archive.everything().isEmpty, "nothing is half counted")
        try lift()
        try eventually("all is counted, and the fault too") { try archive.everything().count == 201 }
        pipeline.stop()
        runner.join()
        let own = try archive.issues(IssueQuery(condition: .test(.name(.pack, [WildcardText("margay")]))))
        #expect(own.map(\.id) == [first.issue] && own.map(\.count) == [1])
        #expect(try archive.counts().events == 200, "events of logs, without the fault of our own")
        let told = notices.withLock { $0.filter { $0.pattern == "margay.store-refused" } }
        #expect(told.count == 1, "told once")
        #expect(try archive.detail(first.issue).samples.first?.sample.text.contains("took no batch for") == true)
        try FileManager.default.removeItem(at: folder)
    }

    /// A word without digits, for digits are masked.
    private func letters(_ number: Int) -> String {
        String(decoding: [UInt8(97 + number / 26), UInt8(97 + number % 26)], as: UTF8.self) + "ito"
    }

    private func pipeline(_ onNotices: @escaping @Sendable ([Notice]) -> Void) throws -> FollowPipeline {
        var library = PackLibrary()
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        library.add(root.path + "/patterns/core.yaml")
        try #require(!library.hasErrors)
        let source = Agent.Configuration.Source(
            files: SourceFiles(name: "app", include: [Glob(literal: log)], start: .beginning),
            selection: PackSelection(), zone: .utc, group: nil, place: Place(path: "test"))
        let configuration = Agent.Configuration(
            storePath: archive.path, node: "web-1", sources: [source], novelty: .everything)
        var quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        quiet.logLevel = .critical
        return try FollowPipeline(
            configuration, catalogue: PackCatalogue(library), archive: archive, scanners: 1, log: quiet,
            onNotices: onNotices)
    }
}

extension Archive {
    fileprivate func everything() throws -> [IssueRow] { try issues(IssueQuery(states: nil)) }

    fileprivate func detail(_ id: String) throws -> IssueDetail {
        guard case .found(let detail) = try issue(matching: id, now: Timestamp(seconds: 0)) else {
            throw ArchiveError(.failed, "no issue \(id)", path: path)
        }
        return detail
    }
}
