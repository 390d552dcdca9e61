import Agent
import ArgumentParser
import Events
import Store
import Triage

struct ReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report", abstract: "Say what happened: for a hand-over, a week, or by application.",
        discussion: "shift: the last 8 hours. week: 7 days. app: 7 days by pack. --since says otherwise.")

    enum Kind: String, ExpressibleByArgument, CaseIterable {
        case shift, week, app
    }

    @OptionGroup var store: StoreOptions
    @Option(help: ArgumentHelp("From when on: 12h, 3d, 2026-11-22, or a time.", valueName: "time"))
    var since: TimeArgument?
    @Option(help: "text or json.")
    var format = OutputFormat.text
    @OptionGroup var common: CommonOptions
    @Argument(help: "shift, week or app.")
    var kind: Kind

    func run() throws {
        let now = SystemClock.now()
        let span: Int64 = kind == .shift ? 8 * 3_600 : 7 * 86_400
        let from = since?.time(now: now) ?? now.adding(Timestamp(seconds: -span))
        let archive = try store.open(common)
        let report = try store.reporting(common) { () throws(ArchiveError) in try archive.report(from: from, to: now) }
        common.output.write(format == .json ? json(report) : kind == .app ? packs(report) : text(report))
    }

    private func text(_ report: PeriodReport) -> String {
        func moves(_ words: String...) -> Int { words.reduce(0) { $0 + (report.moves[$1] ?? 0) } }
        let unknown = report.events == 0 ? 0 : report.unmatchedEvents * 1_000 / report.events
        var lines = [
            ("from", report.from.description), ("to", report.to.description), ("events", "\(report.events)"),
            ("unknown", "\(unknown / 10).\(unknown % 10) % of the events are known by no pack but core"),
            ("new", "\(report.newIssues) issues"),
            (
                "came back",
                "\(moves("regressed")) regressed, \(moves("returned")) returned, \(moves("spiking")) spiking"
            ),
            (
                "judged",
                "\(moves("ack", "assign")) acknowledged, \(moves("clear")) cleared, \(moves("resolve")) resolved, "
                    + "\(moves("ignore")) ignored"
            ),
            ("to judge", "\(report.inbox) issues"),
        ]
        if let seconds = report.meanSecondsToAcknowledge {
            lines.append(("waited", "\(seconds / 60) min from first event to acknowledgement, on average"))
        }
        var text = lines.map { $0.0.padded(to: 11) + $0.1 + "\n" }.joined()
        if !report.busiest.isEmpty { text += "\nMost events\n" }
        for line in report.busiest {
            text += "  \(String(line.events).leftPadded(to: 9))  \(line.id)  \(line.severity.name.padded(to: 13)) "
            text += "\(line.state.rawValue.padded(to: 12)) \(line.title.safe)\n"
        }
        return text
    }

    private func packs(_ report: PeriodReport) -> String {
        var table = Table([
            Table.Column(heading: "PACK"), Table.Column(heading: "ISSUES", isRightAligned: true),
            Table.Column(heading: "EVENTS", isRightAligned: true),
        ])
        for pack in report.packs {
            table.add([Table.Cell(pack.name), Table.Cell(String(pack.issues)), Table.Cell(String(pack.events))])
        }
        return table.text(for: common.output)
    }

    private func json(_ report: PeriodReport) -> String {
        JSONText.object { json in
            json.add("from", report.from)
            json.add("to", report.to)
            json.add("events", report.events)
            json.add("events_unmatched", report.unmatchedEvents)
            json.add("issues_new", report.newIssues)
            json.add("issues_to_judge", report.inbox)
            json.add("mean_seconds_to_acknowledge", report.meanSecondsToAcknowledge)
            json.add(
                "moves",
                object: { json in
                    for (word, count) in report.moves.sorted(by: { $0.key < $1.key }) { json.add(word, count) }
                })
            json.add("busiest", array: report.busiest) { json, line in
                json.element { json in
                    json.add("id", line.id)
                    json.add("title", line.title)
                    json.add("severity", line.severity.name)
                    json.add("state", line.state.rawValue)
                    json.add("events", line.events)
                }
            }
            json.add("packs", array: report.packs) { json, pack in
                json.element { json in
                    json.add("pack", pack.name)
                    json.add("issues", pack.issues)
                    json.add("events", pack.events)
                }
            }
        }.text + "\n"
    }
}
