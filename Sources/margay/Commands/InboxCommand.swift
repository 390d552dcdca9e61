import Agent
import ArgumentParser
import Events
import Glibc
import Store
import Triage

struct InboxCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inbox", abstract: "Judge new issues one by one.",
        discussion: """
            Shows one issue after the other, the latest first, and asks what becomes of it. Enter leaves it for later; \
            ? lists the answers. Answers may also come from a file or a pipe, one a line. Exit code: 0 nothing is left \
            to judge, 1 something is.
            """)

    @OptionGroup var store: StoreOptions
    @OptionGroup var common: CommonOptions
    @Argument(help: "A query, to judge these only.")
    var query: [String] = []

    func run() throws {
        let now = SystemClock.now()
        let filter = try QueryText.parse(query.joined(separator: " "), common, now: now)
        let path = store.path(try common.configuration())
        let archive = try store.reporting(common) { () throws(ArchiveError) in try Archive(path: path, mode: .change) }
        let asked = IssueQuery(
            states: nil, sort: filter.sort ?? .lastSeen, isAscending: filter.isAscending, limit: IssueQuery.limitMax,
            condition: .all([filter.condition, .test(.mark(.inbox))]), now: now)
        let ids = try store.reporting(common) { () throws(ArchiveError) in try archive.ids(asked) }
        var session = InboxSession(archive: archive, store: store, common: common)
        try session.run(ids)
        let left = try store.reporting(common) { () throws(ArchiveError) in try archive.issueCount(asked) }
        common.say(left == 0 ? "nothing is left to judge" : "\(left) left to judge")
        if ids.isEmpty { LearningText.remind(archive, common) }
        try store.reporting(common) { () throws(ArchiveError) in try archive.close() }
        if left > 0 { throw ExitStatus.nothingFound }
    }
}

/// One sitting at the inbox.
private struct InboxSession {
    let archive: Archive
    let store: StoreOptions
    let common: CommonOptions

    private static let help = """
        Enter  leave it for later      a  acknowledge: I have it        c  clear: no action needed
        r  resolve: cause removed      i [CONDITION]  ignore, until spiking by default (4h, +50, 20/1h)
        s LEVEL  severity              t TEXT  title                    n TEXT  note
        x [N]  lines round the sample  h  if it happens again?          u  undo my last change
        q  quit                        ?  this

        """

    /// What was answered: on with the next issue, once more with this one, or over.
    private enum Turn {
        case next, again, over
    }

    mutating func run(_ ids: [String]) throws {
        for (place, id) in ids.enumerated() {
            let (issue, story) = try store.find(id, in: archive, common)
            guard story.standing.isInInbox, issue.row.severity.wantsJudgement else { continue }
            show(issue, story, "\(place + 1) of \(ids.count)")
            var turn = Turn.again
            while turn == .again {
                common.output.write("\(id) ? ")
                guard let line = readLine() else {
                    common.output.write("\n")
                    return
                }
                turn = try answer(line, issue)
            }
            if turn == .over { return }
        }
    }

    private func show(_ issue: IssueDetail, _ story: IssueStory, _ place: String) {
        let output = common.output
        output.write("\n" + output.coloured(place, "2") + "  " + IssuePage.head(issue, story, for: output))
        output.write("\(issue.row.count) events, last \(issue.row.lastSeen)\n")
        guard let sample = issue.samples.last else { return }
        output.write(output.coloured(IssuePage.place(sample).safe, "2") + "\n")
        output.write(IssuePage.sample(sample.sample, for: output))
    }

    private func answer(_ line: String, _ issue: IssueDetail) throws -> Turn {
        let words = line.split(separator: " ", maxSplits: 1).map(String.init)
        let rest = words.count > 1 ? words[1] : ""
        switch words.first ?? "" {
        case "": return .next
        case "q": return .over
        case "a": return try move(.acknowledge, issue)
        case "c": return try move(.clear, issue)
        case "r": return try move(.resolve, issue)
        case "i":
            guard let until = condition(rest.isEmpty ? "spiking" : rest) else { return .again }
            return try move(.ignore(until), issue)
        case "s":
            guard let severity = Severity(name: rest) else {
                let names = Severity.allCases.reversed().map(\.name).joined(separator: ", ")
                return say("s LEVEL, one of \(names)")
            }
            _ = try move(.grade(severity, judged: false), issue)
            return .again
        case "t":
            _ = try move(.entitle(rest), issue)
            return .again
        case "n":
            _ = try move(.note(rest, judged: false), issue)
            return .again
        case "x":
            if let sample = issue.samples.last?.sample {
                common.output.write(
                    IssuePage.context(sample, lines: min(max(Int(rest) ?? 10, 0), 1_000), for: common.output))
            }
            return .again
        case "h": return try askAgain(issue)
        case "u":
            let report = try store.reporting(common) { () throws(ArchiveError) in
                try archive.undo(ids: [], by: Author.name, now: SystemClock.now())
            }
            for moved in report.moved {
                common.output.write("undone: \(moved.id) is \(moved.entry.after.state.rawValue)\n")
            }
            for refused in report.refused { common.output.write("\(refused.id): \(refused.refusal.sentence.safe)\n") }
            return report == MoveReport() ? say("there is nothing of yours to undo") : .again
        case "?":
            common.output.write(InboxSession.help)
            return .again
        default: return say("? lists the answers")
        }
    }

    /// What to do when it happens again: tell at once, only when there is far more of it, or never by itself.
    private func askAgain(_ issue: IssueDetail) throws -> Turn {
        common.output.write("if it happens again: (t)ell me, only when (s)piking, (n)ever for a year? ")
        let wish: Recurrence
        switch readLine() ?? "" {
        case "t": wish = .tell
        case "s": wish = .spiking
        case "n": wish = .never
        default: return .again
        }
        return try move(wish.move(now: SystemClock.now()), issue)
    }

    private func condition(_ text: String) -> IgnoreUntil? {
        do {
            return try IgnoreArgument.parse(text, now: SystemClock.now())
        } catch {
            _ = say("\(error)")
            return nil
        }
    }

    private func move(_ move: Move, _ issue: IssueDetail) throws -> Turn {
        let request = MoveRequest(ids: [issue.row.id], move: move, author: Author.name, now: SystemClock.now())
        let report = try store.reporting(common) { () throws(ArchiveError) in try archive.move(request) }
        for refused in report.refused { common.output.write("\(refused.id): \(refused.refusal.sentence.safe)\n") }
        return report.moved.isEmpty ? .again : .next
    }

    private func say(_ text: String) -> Turn {
        common.output.write(text.safe + "\n")
        return .again
    }
}
