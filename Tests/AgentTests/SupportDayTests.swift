import Events
import Foundation
import Patterns
import Store
import Testing
import Triage

@testable import Agent

/// The samples as a support team meets them: logs of a week and a day, scanned hour by hour with the shipped packs and
/// told to a store whose clock goes with them.
private final class SupportDesk {
    struct Log {
        var source: String
        var sample: String
        /// Records that hold one of these come after the quiet week only.
        var news: [String]
        /// Records that hold one of these never come: they would be more news than the three.
        var never: [String]
    }

    static let logs = [
        Log(
            source: "shop", sample: "samples/business/shop.log", news: ["Payment gateway cardgate did not answer"],
            never: ["no answer from the payment gateway"]),
        Log(
            source: "helpdesk", sample: "samples/application/django.log",
            news: ["KeyError: 'due'", "the ticket index is damaged"], never: []),
    ]
    /// The day on which the samples were written.
    private static let sampleDay = "2026-11-22"
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    let archive: Archive
    private let folder: URL
    private let catalogue: PackCatalogue
    private var sequence: UInt64 = 0
    private(set) var eventsScanned = 0

    init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("margay-desk-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        archive = try Archive(path: folder.path + "/margay.db", mode: .write)
        var library = PackLibrary()
        for pack in ["shop", "python", "core"] { library.add(SupportDesk.root.path + "/patterns/\(pack).yaml") }
        try #require(!library.hasErrors)
        catalogue = PackCatalogue(library)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    /// Midnight of a day of November 2026, and hours after it.
    static func time(_ day: Int, hour: Int64 = 0) -> Timestamp {
        CivilTime(year: 2026, month: 11, day: day).utc.moved(bySeconds: hour * 3_600)
    }

    /// Writes the logs of a day. A record that holds `repeated` is written so many times.
    func write(day: Int, hasNews: Bool, repeated: (text: String, times: Int)? = nil) throws {
        for log in SupportDesk.logs {
            let sample = try String(
                contentsOf: SupportDesk.root.appendingPathComponent(log.sample), encoding: .utf8)
            // A record begins with a stamp; a trace goes with the line above it.
            var records: [String] = []
            for line in sample.split(separator: "\n", omittingEmptySubsequences: false) where !line.isEmpty {
                if line.hasPrefix(SupportDesk.sampleDay) { records.append("") }
                records[records.count - 1] += line + "\n"
            }
            let left = log.never + (hasNews ? [] : log.news)
            let text = records.filter { record in !left.contains { record.contains($0) } }.map { record in
                guard let repeated, record.contains(repeated.text) else { return record }
                return String(repeating: record, count: repeated.times)
            }.joined()
            try text.replacingOccurrences(of: SupportDesk.sampleDay, with: "2026-11-\(day)")
                .write(toFile: path(log), atomically: true, encoding: .utf8)
        }
    }

    /// Tells the store what the logs say of a stretch of time, read at `now`.
    @discardableResult
    func read(from: Timestamp, until: Timestamp, now: Timestamp) throws -> [Notice] {
        var options = LogScan.Options()
        options.since = from
        options.until = until
        let outcome = LogScan(
            files: SupportDesk.logs.map(path), catalogue: catalogue, options: options, now: now
        ).run()
        try #require(outcome.faults.isEmpty)
        eventsScanned += outcome.eventCount
        sequence += 1
        return try archive.apply(
            Batch(
                node: "web-1", sequence: sequence, issues: outcome.issues,
                files: SupportDesk.logs.enumerated().map { progress($1, inode: UInt64($0) + 1) },
                sources: SupportDesk.logs.map(\.source), time: now),
            policy: .standard)
    }

    /// The hours of a day in which something is written, each read in its last second (what is read in a later hour is
    /// late, and no spike of that hour), and the rest of the day, in which nothing is.
    func live(day: Int, from begin: Int64 = 0) throws -> [Notice] {
        var begin = begin
        return try ([8, 9, 10, 11, 24] as [Int64]).flatMap { end in
            defer { begin = end }
            let until = SupportDesk.time(day, hour: end)
            return try read(
                from: SupportDesk.time(day, hour: begin), until: until, now: until.moved(bySeconds: -1))
        }
    }

    /// Title, novelty and reason of what waits to be judged.
    func inbox() throws -> [String: String] {
        let rows = try archive.issues(IssueQuery(states: nil, condition: .test(.mark(.inbox))))
        return try Dictionary(
            rows.map { row in
                guard case .found(let detail) = try archive.issue(matching: row.id, now: SupportDesk.time(22)) else {
                    return (row.title, "not to be shown")
                }
                return (row.title, "\(row.novelty.rawValue): \(detail.noveltyReason)")
            }, uniquingKeysWith: { "\($0), and \($1)" })
    }

    func everything() throws -> [IssueRow] { try archive.issues(IssueQuery(states: nil)) }

    /// Moves the issues with these titles.
    func move(_ titles: [String], _ move: Move, at time: Timestamp) throws {
        let ids = try everything().filter { titles.contains($0.title) }.map(\.id)
        try #require(ids.count == titles.count)
        let report = try archive.move(MoveRequest(ids: ids, move: move, author: "ada", now: time))
        #expect(report.moved.count == ids.count && report.refused.isEmpty)
    }

    private func path(_ log: Log) -> String { folder.path + "/\(log.source).log" }

    private func progress(_ log: Log, inode: UInt64) -> FileProgress {
        FileProgress(
            checkpoint: Checkpoint(
                path: path(log), identity: FileIdentity(device: 1, inode: inode, birthNanoseconds: 1), generation: 0,
                offset: Int64(sequence), lines: nil, head: .none, before: .none),
            source: log.source, state: .following, size: Int64(sequence), lines: 1, events: 0, bytesLost: 0, note: "")
    }
}

/// What a support team is shown of real logs: learned for a week, then everything that is news and nothing else.
struct SupportDayTests {
    private static let returning = "Article A-7715 cannot be sold: it has no price"
    private static let regressing = "AttributeError in views.detail — 'NoneType' object has no attribute 'email'"
    private static let spiking = "More sold than there is: article A-1203"

    private static let expected = [
        "Nobody can pay: gateway cardgate":
            "new: first event 2026-11-22T10:36:49.862Z, no alias; source shop learned on 2026-11-16",
        "KeyError in export.rows — 'due'":
            "new: first event 2026-11-22T08:19:17.680Z, no alias; source helpdesk learned on 2026-11-16",
        "helpdesk.store the ticket index is damaged, search is switched off":
            "new: first event 2026-11-22T08:47:34.951Z, no alias; source helpdesk learned on 2026-11-16",
        returning: "returned: event 2026-11-22T09:28:15.560Z, cleared at 2026-11-22T00:30:00Z",
        regressing: "regressed: event 2026-11-22T08:45:16.428Z, resolved at 2026-11-22T00:30:00Z",
        spiking: "spiking: 60 events in this hour, limit 20 by the last 7 days",
    ]

    @Test func `the day of a support team: three new faults, one returned, one regressed, one spiking, nothing else`()
        throws
    {
        let desk = try SupportDesk()
        for day in 15...21 {
            try desk.write(day: day, hasNews: false)
            #expect(try desk.live(day: day).isEmpty, "a quiet week, on the \(day)th")
        }
        #expect(try desk.inbox().isEmpty)
        let known = try desk.everything()
        #expect(known.count > 8, "the week has its usual faults")

        let judged = SupportDesk.time(22).moved(bySeconds: 1_800)
        try desk.move([SupportDayTests.returning], .clear, at: judged)
        try desk.move([SupportDayTests.regressing], .resolve, at: judged)
        // A copy of yesterday's logs is read once more: it counts, and brings nothing back.
        let late = try desk.read(
            from: SupportDesk.time(21), until: SupportDesk.time(22), now: SupportDesk.time(22, hour: 1))
        #expect(try late.isEmpty && desk.inbox().isEmpty, "what is late is no news")

        try desk.write(day: 22, hasNews: true, repeated: ("Stock of article A-1203 is negative", 60))
        let told = try desk.live(day: 22, from: 1)
        #expect(try desk.inbox() == SupportDayTests.expected)
        #expect(Set(told.map(\.title)) == Set(SupportDayTests.expected.keys), "each is told,")
        #expect(told.count == SupportDayTests.expected.count, "once,")
        #expect(told.allSatisfy { $0.delivery == .single }, "and at once")

        let all = try desk.everything()
        #expect(all.count == known.count + 3)
        #expect(all.reduce(0) { $0 + $1.count } == desk.eventsScanned, "and all events are counted")
    }

    @Test func `what was taken on disturbs nobody the next day`() throws {
        let desk = try SupportDesk()
        for day in 15...21 {
            try desk.write(day: day, hasNews: false)
            _ = try desk.live(day: day)
        }
        try desk.write(day: 22, hasNews: true)
        #expect(try desk.live(day: 22).count == 3 && desk.inbox().count == 3)
        try desk.move(Array(desk.inbox().keys), .acknowledge, at: SupportDesk.time(22, hour: 24))
        #expect(try desk.inbox().isEmpty)
        try desk.write(day: 23, hasNews: true)
        let told = try desk.live(day: 23)
        #expect(try desk.inbox().isEmpty && !told.contains { $0.delivery == .single })
    }
}
