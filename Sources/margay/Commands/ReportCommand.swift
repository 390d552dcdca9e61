import Agent
import ArgumentParser
import Events
import Store
import Triage

struct ReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report", abstract: "Say what happened: for a hand-over, a week, or by application.",
        discussion: """
            shift: the last 8 hours. week: 7 days. app: 7 days by pack. --since says otherwise. In Markdown and HTML \
            nothing that a log says is markup.
            """)

    enum Kind: String, ExpressibleByArgument, CaseIterable {
        case shift, week, app
    }

    @OptionGroup var store: StoreOptions
    @Option(help: ArgumentHelp("From when on: 12h, 3d, 2026-11-22, or a time.", valueName: "time"))
    var since: TimeArgument?
    @Option(help: "text, markdown, html (one file that needs no other) or json.")
    var format = ReportFormat.text
    @OptionGroup var pager: PagerOptions
    @OptionGroup var common: CommonOptions
    @Argument(help: "shift, week or app.")
    var kind: Kind

    func run() throws {
        let now = SystemClock.now()
        let span: Int64 = kind == .shift ? 8 * 3_600 : 7 * 86_400
        let from = since?.time(now: now) ?? now.adding(Timestamp(seconds: -span))
        let archive = try store.open(common)
        let report = try store.reporting(common) { () throws(ArchiveError) in try archive.report(from: from, to: now) }
        let page = ReportPage(report, title: title, isByPack: kind == .app)
        switch format {
        case .json: common.output.write(json(report))
        case .html: common.output.write(ReportHTML.text(page))
        case .markdown: common.output.write(ReportMarkdown.text(page))
        // By pack, a pipe gets the table alone.
        case .text where kind == .app: pager.show(ReportText.tables(page.grids.prefix(1), for: common.output), common)
        case .text: pager.show(ReportText.text(page, for: common.output), common)
        }
    }

    private var title: String {
        switch kind {
        case .shift: "Shift report"
        case .week: "Week report"
        case .app: "Report by application"
        }
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
            json.add("mean_seconds_to_resolve", report.meanSecondsToResolve)
            json.add(
                "moves",
                object: { json in
                    for (word, count) in report.moves.sorted(by: { $0.key < $1.key }) { json.add(word, count) }
                })
            for (name, lines) in [("waiting", report.waiting), ("busiest", report.busiest)] {
                json.add(name, array: lines) { json, line in
                    json.element { json in
                        json.add("id", line.id)
                        json.add("title", line.title)
                        json.add("severity", line.severity.name)
                        json.add("state", line.state.rawValue)
                        json.add("novelty", line.novelty.rawValue)
                        json.add("events", line.events)
                    }
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

enum ReportFormat: String, ExpressibleByArgument, CaseIterable {
    case text, markdown, html, json
}
