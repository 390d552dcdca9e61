import Events
import Store
import Tail
import Testing

@testable import Agent

struct SourceReportTests {
    private static let now = Timestamp(seconds: 1_795_000_000)

    private static func ago(_ seconds: Int64) -> Timestamp { now.moved(bySeconds: -seconds) }

    private static let identity = FileIdentity(device: 1, inode: 7, birthNanoseconds: 9)

    /// A file of which the store knows 100 of 100 bytes, read ten minutes ago.
    private static func row(
        size: Int64 = 100, offset: Int64 = 100, state: FileState = .following, backlog: Backlog? = nil
    ) -> FileRow {
        FileRow(
            node: "n",
            checkpoint: Checkpoint(
                path: "/v/a.log", identity: identity, generation: 0, offset: offset, lines: 1, head: .none,
                before: .none), source: "s", state: state, size: size, linesTotal: 1, eventsTotal: 0, bytesLost: 0,
            lossNote: "", note: "", lastRead: ago(600), backlog: backlog)
    }

    private static func onDisk(_ size: Int64, writtenSecondsAgo age: Int64, _ identity: FileIdentity = identity)
        -> SourceSurvey
    {
        var survey = SourceSurvey()
        survey.matches = [
            SourceSurvey.Match(
                path: "/v/a.log", source: "s",
                status: FileStatus(
                    identity: identity, kind: .regular, size: size,
                    modifiedNanoseconds: ago(age).microseconds * 1_000, links: 1))
        ]
        return survey
    }

    struct Lag: CustomTestStringConvertible, Sendable {
        var name: String
        var row: FileRow
        var survey = SourceSurvey()
        var isBeingWritten = true
        var bytes: Int64
        var seconds: Int64

        var testDescription: String { name }
    }

    @Test(arguments: [
        Lag(name: "at its end", row: row(), survey: onDisk(100, writtenSecondsAgo: 600), bytes: 0, seconds: 0),
        Lag(name: "its last line is unfinished", row: row(offset: 90), bytes: 10, seconds: 0),
        Lag(
            name: "behind", row: row(size: 900, backlog: Backlog(since: ago(30), begun: ago(20), offset: 0)),
            bytes: 800,
            seconds: 30),
        Lag(
            name: "written to a moment ago, while it is followed", row: row(),
            survey: onDisk(150, writtenSecondsAgo: 1),
            bytes: 50, seconds: 1),
        Lag(
            name: "written to since the watcher stopped", row: row(), survey: onDisk(150, writtenSecondsAgo: 1),
            isBeingWritten: false, bytes: 50, seconds: 400),
        Lag(
            name: "another file lies there", row: row(),
            survey: onDisk(999, writtenSecondsAgo: 1, FileIdentity(device: 1, inode: 8, birthNanoseconds: 9)), bytes: 0,
            seconds: 0),
    ])
    func `how far a file is behind, in bytes and in seconds`(_ lag: Lag) throws {
        let known = SourceReport.Known(
            files: [lag.row], unread: [], lastBatch: ["n": SourceReportTests.ago(400)],
            isBeingWritten: lag.isBeingWritten)
        let entry = try #require(
            SourceReport.entries(known, survey: lag.survey, node: "n", now: SourceReportTests.now).first)
        #expect(entry.lagBytes == lag.bytes && entry.lagSeconds == lag.seconds && entry.catchingUp == nil)
    }

    @Test func `a file with much unread is catching up`() throws {
        let backlog = Backlog(since: SourceReportTests.ago(900), begun: SourceReportTests.ago(610), offset: 0)
        let row = SourceReportTests.row(size: 100_000_000, offset: 25_000_000, backlog: backlog)
        let known = SourceReport.Known(files: [row], unread: [], lastBatch: [:], isBeingWritten: true)
        let entry = try #require(
            SourceReport.entries(known, survey: SourceSurvey(), node: "n", now: SourceReportTests.now).first)
        #expect(entry.catchingUp == .init(percent: 25, bytesPerSecond: 2_500_000, secondsLeft: 30))
        #expect(entry.lagSeconds == 900)
    }

    @Test func `each path once: what is followed, what cannot be read, what was left out, what nobody has met`() {
        var survey = SourceSurvey()
        func match(_ path: String, excludedBy: String? = nil, fault: String? = nil) -> SourceSurvey.Match {
            SourceSurvey.Match(path: path, source: "s", excludedBy: excludedBy, status: nil, fault: fault)
        }
        survey.matches = [
            match("/v/a.log"), match("/v/b.log", fault: "open: Permission denied"), match("/v/c.log"),
            match("/v/d.log", excludedBy: "**/d*"), match("/v/e.log", fault: "open: Permission denied"),
        ]
        survey.empty = [.init(source: "t", globs: ["/w/*.log"], reason: "no file matches: there is no directory /w")]
        let unread = UnreadFile(path: "/v/b.log", source: "s", state: .unreadable, reason: "EACCES", size: 5)
        let known = SourceReport.Known(
            files: [SourceReportTests.row()], unread: [UnreadRow(node: "n", file: unread)], lastBatch: [:],
            isBeingWritten: true)
        let entries = SourceReport.entries(known, survey: survey, node: "n", now: SourceReportTests.now)
        #expect(
            entries.map { "\($0.path) \($0.state.rawValue) \($0.note)" } == [
                "/v/a.log following ", "/v/b.log unreadable EACCES",
                "/v/c.log unseen no 'margay watch' with this store has met it yet",
                "/v/d.log excluded left out by exclude: **/d*", "/v/e.log unreadable open: Permission denied",
                "/w/*.log missing no file matches: there is no directory /w",
            ])
    }

    @Test func `a second name of a file that is read says under which one`() {
        let row = SourceReportTests.row()
        var survey = SourceSurvey()
        survey.matches = ["/v/a.log", "/v/link.log"].map { path in
            SourceSurvey.Match(
                path: path, source: "s",
                status: FileStatus(
                    identity: row.checkpoint.identity, kind: .regular, size: 1, modifiedNanoseconds: 0, links: 1))
        }
        let known = SourceReport.Known(files: [row], unread: [], lastBatch: [:], isBeingWritten: true)
        let entries = SourceReport.entries(known, survey: survey, node: "n", now: SourceReportTests.now)
        #expect(entries.map(\.path) == ["/v/a.log", "/v/link.log"])
        #expect(entries.last?.state == .skipped)
        #expect(entries.last?.note == "another name of /v/a.log, under which it is read")
    }
}
