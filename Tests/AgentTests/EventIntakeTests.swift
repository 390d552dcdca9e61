import Events
import Foundation
import Logging
import Patterns
import Store
import Synchronization
import Testing
import Triage

@testable import Agent

/// Reported events between the door and the store.
struct EventIntakeTests {
    private final class Bench {
        let folder = NSTemporaryDirectory() + "margay-intake-" + UUID().uuidString
        let archive: Archive
        let queue = BatchQueue()
        let intake: EventIntake
        let verdicts = Verdicts()

        init() throws {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            archive = try Archive(path: folder + "/margay.db", mode: .write)
            let packs = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
                .deletingLastPathComponent().appendingPathComponent("patterns/core.yaml").path
            var library = PackLibrary()
            library.add(packs)
            let log = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            intake = EventIntake(
                archive: archive, queue: queue, node: "here", checkpoints: [],
                catalogue: PackCatalogue(library), costs: CostBook(), log: log)
        }

        deinit { try? FileManager.default.removeItem(atPath: folder) }

        func take(_ events: [ReportedEvent], key: String? = nil, digest: UInt64 = 1) {
            let request = key.map { ReportedRequest(key: $0, digest: digest, events: events.count) }
            intake.take(events, request: request, bytes: 100) { [verdicts] in verdicts.add($0) }
        }

        /// Stores what waits, as the agent does.
        func store(from sequence: UInt64 = 1) {
            let recorder = Recorder(
                archive: archive, queue: queue, node: "here", policy: .everything,
                costs: CostBook(), log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, onNotices: { _ in },
                onCommit: { _ in },
                onRest: {}, onDamage: {})
            queue.begin(sources: [], awaiting: [])
            queue.close()
            recorder.run(from: sequence) {}
        }
    }

    private final class Verdicts: Sendable {
        private let list = Mutex<[IntakeVerdict]>([])
        var all: [IntakeVerdict] { list.withLock { $0 } }
        func add(_ verdict: IntakeVerdict) { list.withLock { $0.append(verdict) } }
    }

    @Test func `nothing is answered before it is stored, then all of it is there`() throws {
        let bench = try Bench()
        bench.take([
            ReportedEvent(
                node: "db-7", tag: "backup", summary: "ran out of tape", severity: .major,
                fields: ["tape": "7", "password": "hunter2"]),
            ReportedEvent(tag: "backup", summary: "all is well", severity: .clear),
            ReportedEvent(summary: "something"),
        ])
        #expect(bench.verdicts.all == [])
        bench.store()
        #expect(bench.verdicts.all == [.stored(events: 3, isRepeated: false)])
        let rows = try bench.archive.page(IssueQuery(states: nil, limit: 10)).rows
        let severities = Dictionary(rows.map { ($0.title, $0.severity) }, uniquingKeysWith: { first, _ in first })
        #expect(severities.count == 3)
        #expect(severities.first { $0.key.contains("tape") }?.value == .major)
        #expect(severities.first { $0.key.contains("well") }?.value == .clear)
        #expect(severities.first { $0.key.contains("something") }?.value == .indeterminate)
        let tape = try #require(rows.first { $0.title.contains("tape") })
        #expect(tape.nodes == ["db-7"] && tape.files == ["events:backup"])
        #expect(tape.novelty == .new)
        let file = try #require(try bench.archive.files(node: "here").first)
        #expect(file.linesTotal == 3 && file.source == EventIntake.sourceName)
    }

    @Test func `a key counts once, while it is stored and afterwards`() throws {
        let bench = try Bench()
        let events = [ReportedEvent(summary: "once")]
        bench.take(events, key: "a")
        bench.take(events, key: "a")
        bench.take(events, key: "a", digest: 2)
        #expect(bench.verdicts.all == [.inProgress, .otherContent])
        bench.store()
        bench.take(events, key: "a")
        bench.take(events, key: "a", digest: 2)
        #expect(
            bench.verdicts.all.suffix(3) == [
                .stored(events: 1, isRepeated: false), .stored(events: 1, isRepeated: true), .otherContent,
            ])
        #expect(try bench.archive.counts().events == 1)
        // Nobody stores anything any more.
        bench.take(events, key: "b")
        #expect(bench.verdicts.all.last == .stopped)
    }

    @Test func `what is too much is refused, and counted nowhere`() throws {
        let bench = try Bench()
        let thousand = Array(repeating: ReportedEvent(summary: "flood"), count: 1_000)
        for _ in 0..<(EventIntake.eventsWaitingMax / 1_000) { bench.take(thousand) }
        #expect(bench.verdicts.all == [])
        bench.take([ReportedEvent(summary: "flood")])
        #expect(bench.verdicts.all == [.full])
        bench.store()
        #expect(bench.verdicts.all.count { $0 == .stored(events: 1_000, isRepeated: false) } == 20)
        #expect(try bench.archive.counts().events == EventIntake.eventsWaitingMax)
    }

    @Test func `a store that takes nothing lets nobody wait`() throws {
        let bench = try Bench()
        bench.take([ReportedEvent(summary: "early")], key: "a")
        let waiting = bench.queue.setTrouble("the disk is full")
        for receipt in waiting { receipt.settle(.refused("the disk is full")) }
        bench.take([ReportedEvent(summary: "late")], key: "b")
        bench.take([ReportedEvent(summary: "early")], key: "a")
        #expect(bench.verdicts.all == [.refused("the disk is full"), .refused("the disk is full"), .inProgress])
        _ = bench.queue.setTrouble(nil)
        bench.store()
        bench.take([ReportedEvent(summary: "early")], key: "a")
        #expect(bench.verdicts.all.last == .stored(events: 1, isRepeated: true))
        #expect(try bench.archive.counts().events == 1)
    }

    @Test func `the same fault of a file and of a program is one issue`() throws {
        let bench = try Bench()
        bench.take([
            ReportedEvent(tag: "shop", summary: "ERROR cannot post order 4711 to ledger", severity: .major)
        ])
        bench.take([ReportedEvent(node: "web-2", tag: "shop", summary: "ERROR cannot post order 12 to ledger")])
        bench.store()
        let rows = try bench.archive.page(IssueQuery(states: nil, limit: 10)).rows
        #expect(rows.count == 1)
        #expect(rows.first?.count == 2)
        #expect(Set(rows.first?.nodes ?? []) == ["here", "web-2"])
    }
}
