import Access
import Events
import Foundation
import Logging
import Store
import Testing
import Triage

@testable import Console

/// A console on a real socket, over a real store in a folder of its own.
final class TestConsole: Sendable {
    let folder: String
    let archive: Archive
    let server: ConsoleServer
    let port: Int
    let opening: ConsoleServer.Opening

    /// 2026-11-22T12:00:00Z: what the console takes for now.
    static let now = Timestamp(seconds: 1_795_348_800)

    /// Fills a store with `issues` and serves it. `readOnlyReason` makes a console that changes nothing.
    /// `door` takes reported events.
    ///
    /// - Parameter people: whether there are users, one of each role.
    init(
        _ issues: [IssueDelta] = TestIssues.usual, readOnlyReason: String? = nil, door: TestDoor? = nil,
        settings: ConsoleSettings = TestConsole.anyPort, people: Bool = false
    ) async throws {
        folder = NSTemporaryDirectory() + "margay-console-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        archive = try Archive(path: folder + "/margay.db", mode: .write)
        let batch = Batch(
            node: "web-1", sequence: 1, issues: issues, files: [TestIssues.progress(folder + "/app.log")],
            time: TestConsole.now)
        _ = try archive.apply(batch)
        server = ConsoleServer(log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        var host = TestConsole.host(archive, readOnlyReason: readOnlyReason)
        if let door { host.takeEvents = { door.take($0, $1, $2, $3) } }
        let (server, served) = (server, host)
        if people { try TestPeople.all(archive) }
        opening = try await offPool { try server.start(served, settings) }
        port = opening.address.port
    }

    /// On this machine, at any port.
    static var anyPort: ConsoleSettings {
        var settings = ConsoleSettings()
        do { settings.listen = try ListenAddress("127.0.0.1:0") } catch { Issue.record("\(error)") }
        return settings
    }

    static func host(_ archive: Archive, readOnlyReason: String? = nil) -> ConsoleHost {
        var host = ConsoleHost(
            archive: archive, readOnlyReason: readOnlyReason, author: "tester", version: "test", clock: { now },
            compile: { source, _ in .fault("expressions are not compiled in this test: \(source)", offset: 0) },
            context: { sample, lines in
                RecordContext(
                    path: sample.file + ".1", before: Array(repeating: "<u>before</u>", count: min(lines, 3)),
                    record: [sample.text], after: [String(repeating: "x", count: 1_048_576)])
            },
            sources: { _ throws(ArchiveError) in
                var entry = SourceEntry(
                    path: "/var/log/<u>secret</u>.log", node: "web-1", source: "web", state: .unreadable)
                entry.note = "EACCES \"denied\""
                return [entry]
            },
            packs: {
                [
                    PackFacts(
                        name: "core", description: "Exceptions & more", path: "/packs/core.yaml", type: .application,
                        version: "0123456789ab",
                        patterns: [
                            PackFacts.Pattern(
                                id: "core.error", severity: "by level", expression: "<(?<level>error)>", runbook: nil,
                                tests: 3),
                            PackFacts.Pattern(
                                id: "core.never", severity: "major", expression: "never", runbook: nil, tests: 1),
                        ])
                ]
            },
            draft: { issue, wish in
                guard issue.row.pack == "core" else { return .none(reason: "The pattern <u>knows</u> it already.") }
                return .drafted(
                    PatternDraft(
                        id: "app.\(wish.name ?? "drafted")", match: "a/b", title: wish.title ?? "<u>Drafted</u>",
                        severity: wish.severity ?? .major,
                        yaml: "  - id: app.drafted\n    match: '<u>\(TestIssues.hostile[0])</u>'\n", pack: "pack: app\n"
                    ))
            },
            report: { kind, _ throws(ArchiveError) in
                ReportSheet(
                    title: "Report <\(kind.rawValue)>", span: "a & b", facts: [("new", "4 <b>issues</b>")],
                    grids: [
                        ReportSheet.Grid(
                            heading: "To judge", columns: [("Id", false), ("Events", true), ("Title", false)],
                            rows: [["20000", "3", TestIssues.hostile.joined(separator: " ")]])
                    ], html: "<!DOCTYPE html>", markdown: "# Report")
            })
        host.suggestions = { _ throws(ArchiveError) in
            PatternSuggestions(
                suggestions: [
                    PatternSuggestions.Suggestion(
                        id: "suggested.<u>", match: TestIssues.hostile[0], title: TestIssues.hostile[1],
                        severity: .major, count: 1_204, issues: ["AAAAAA", "BBBBBB"], alsoMatches: ["CCCCCC"])
                ], leftOut: [PatternSuggestions.LeftOut(issue: "DDDDDD", reason: "too few words")], looked: 20)
        }
        // Cheap, so that the tests do not wait.
        host.passwordCost = PasswordHash.Cost(logRounds: 4)
        host.configuration = {
            [
                ConfigurationFact(key: "store", value: "/srv/<u>margay</u>.db", origin: "margay.yaml:1:8"),
                ConfigurationFact(key: "node", value: "web-1", origin: "default"),
            ]
        }
        return host
    }

    /// Ends the server, so that nothing of it outlives the test, and removes the folder.
    func stop() async throws {
        let server = server
        try await offPool { server.stop() }
        try archive.close()
        try FileManager.default.removeItem(atPath: folder)
    }

    func browser() -> TestBrowser { TestBrowser(port: port) }
}

/// Runs what blocks on a thread of its own: not on the cooperative pool, which the server needs, nor on Dispatch's, which
/// starts a further thread only after a second where the first ones block.
func offPool<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        Thread.detachNewThread { continuation.resume(with: Result { try body() }) }
    }
}

/// Starts a console, runs `body`, ends it.
func withConsole(
    _ issues: [IssueDelta] = TestIssues.usual, readOnlyReason: String? = nil, door: TestDoor? = nil,
    settings: ConsoleSettings = TestConsole.anyPort, people: Bool = false,
    _ body: (TestConsole, TestBrowser) async throws -> Void
) async throws {
    await ConsolePlaces.all.take()
    do {
        let console = try await TestConsole(
            issues, readOnlyReason: readOnlyReason, door: door, settings: settings, people: people)
        do {
            try await body(console, console.browser())
        } catch {
            try await console.stop()
            throw error
        }
        try await console.stop()
    } catch {
        await ConsolePlaces.all.give()
        throw error
    }
    await ConsolePlaces.all.give()
}

/// How many consoles there are at a time: all tests begin at once, and hundreds of consoles have thousands of threads and
/// files.
private actor ConsolePlaces {
    static let all = ConsolePlaces()

    private var free = 8
    private var waiting: [CheckedContinuation<Void, Never>] = []

    func take() async {
        if free > 0 {
            free -= 1
        } else {
            await withCheckedContinuation { waiting.append($0) }
        }
    }

    /// The place goes to whoever waits longest.
    func give() {
        if waiting.isEmpty { free += 1 } else { waiting.removeFirst().resume() }
    }
}

/// Issues to show.
enum TestIssues {
    /// All that a log line may do to a page.
    static let hostile = [
        "<script>alert(1)</script>", "\"><img src=x onerror=alert(2)>", "' onmouseover='alert(3)",
        "javascript:alert(4)", "\u{1B}[31mred\u{1B}[0m", "\u{202E}evil\u{202C}", "a\u{0}b",
        // To Swift one character, to a browser a quotation mark.
        "\"\u{0301} onfocus=alert(5) x=\"\u{0301}", "<\u{0338}b>", "{{{title}}}", "]]>--></textarea></pre></table>",
    ]

    static let usual: [IssueDelta] =
        [
            delta(1, title: "Upstream timed out", severity: .major, count: 40, ago: 10),
            delta(2, title: "Disk full", severity: .critical, count: 3, ago: 4_000),
            delta(3, title: "Pool nearly exhausted", severity: .minor, count: 7, ago: 90_000),
        ] + [delta(4, title: hostile.joined(separator: " "), severity: .indeterminate, count: 1, ago: 60)]

    static func delta(
        _ number: UInt64, title: String, severity: Severity, count: Int, ago: Int64, text: String? = nil
    ) -> IssueDelta {
        let last = TestConsole.now.moved(bySeconds: -ago)
        let text = text ?? "ERROR \(title)\n\tat com.example.A.b(A.java:1)\n" + hostile.joined(separator: "\n")
        return IssueDelta(
            fingerprint: Fingerprint(high: number << 54, low: number), pack: "core", pattern: "core.error",
            type: .application, severity: severity, title: title, runbook: "javascript:alert(6)", count: count,
            first: last, last: last, hours: [HourCount(hour: last.hour, count: count)],
            files: [FileCount(path: "/var/log/\"app\" <\(number)>.log", count: count, last: last)],
            samples: [
                Sample(
                    file: "/var/log/\"app\" <\(number)>.log", line: 7, offset: 512, time: last, text: text,
                    fields: ["<key>": hostile[1]], rank: number)
            ])
    }

    static func many(_ count: Int) -> [IssueDelta] {
        (1...count).map { number in
            delta(UInt64(number), title: "Issue \(number)", severity: .minor, count: number, ago: Int64(number))
        }
    }

    static func progress(_ path: String) -> FileProgress {
        FileProgress(
            checkpoint: Checkpoint(
                path: path, identity: FileIdentity(device: 1, inode: 7, birthNanoseconds: 1), generation: 0, offset: 10,
                lines: 1, head: ContentProof(length: 1, hash: 1), before: ContentProof(length: 1, hash: 2)),
            source: "web", state: .following, size: 10, lines: 1, events: 1, bytesLost: 0, note: "")
    }
}
