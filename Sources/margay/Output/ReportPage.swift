import Events
import Store
import Triage

/// A report as facts and tables, before it is text, Markdown or HTML. What comes from logs is as it came.
struct ReportPage {
    struct Grid {
        var heading: String
        var columns: [Column]
        var rows: [[String]]
    }

    struct Column {
        var name: String
        var isNumber = false
        /// Its text is of any length, and may be broken.
        var isWide = false
    }

    var title: String
    /// From when to when, in words, and exactly.
    var span: String
    var bounds: [(name: String, value: String)]
    var facts: [(name: String, value: String)] = []
    var grids: [Grid] = []
    /// Events of each hour, oldest first.
    var hours: [Int]
    var hoursTitle: String

    init(_ report: PeriodReport, title: String, isByPack: Bool) {
        self.title = title
        span = "\(LearningText.minute(report.from)) to \(LearningText.minute(report.to))"
        bounds = [(name: "from", value: report.from.description), (name: "to", value: report.to.description)]
        hours = report.hours
        hoursTitle = "Events an hour, \(report.hours.count) hours to \(LearningText.minute(report.to))"
        facts = ReportPage.facts(report)
        if isByPack { grids.append(ReportPage.packs(report)) }
        grids.append(ReportPage.issues("To judge", report.waiting))
        grids.append(ReportPage.issues("Most events", report.busiest))
        if !isByPack { grids.append(ReportPage.packs(report)) }
        grids.removeAll(where: \.rows.isEmpty)
    }

    private static func facts(_ report: PeriodReport) -> [(name: String, value: String)] {
        func moves(_ words: String...) -> Int { words.reduce(0) { $0 + (report.moves[$1] ?? 0) } }
        let unknown = report.events == 0 ? 0 : report.unmatchedEvents * 1_000 / report.events
        var facts = [
            ("events", "\(report.events)"),
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
            facts.append(
                ("waited", "\(TimeSpan.words(seconds: seconds)) from first event to acknowledgement, on average"))
        }
        if let seconds = report.meanSecondsToResolve {
            facts.append(("took", "\(TimeSpan.words(seconds: seconds)) from first event to resolve, on average"))
        }
        return facts.map { (name: $0.0, value: $0.1) }
    }

    private static func issues(_ heading: String, _ lines: [PeriodReport.Line]) -> Grid {
        Grid(
            heading: heading,
            columns: [
                Column(name: "Id"), Column(name: "Severity"), Column(name: "State"), Column(name: "Novelty"),
                Column(name: "Events", isNumber: true), Column(name: "Title", isWide: true),
            ],
            rows: lines.map { line in
                [
                    line.id, line.severity.name, line.state.rawValue, line.novelty.rawValue, String(line.events),
                    line.title,
                ]
            })
    }

    private static func packs(_ report: PeriodReport) -> Grid {
        Grid(
            heading: "By pack",
            columns: [
                Column(name: "Pack"), Column(name: "Issues", isNumber: true), Column(name: "Events", isNumber: true),
            ],
            rows: report.packs.map { [$0.name, String($0.issues), String($0.events)] })
    }
}

/// A report for a terminal or a pipe.
enum ReportText {
    static func text(_ page: ReportPage, for output: Terminal) -> String {
        var text = (page.bounds + page.facts).map { $0.name.padded(to: 11) + $0.value.safe + "\n" }.joined()
        for grid in page.grids { text += "\n\(grid.heading)\n" + tables([grid], for: output) }
        return text
    }

    /// Without headings; in a pipe without the names of columns too.
    static func tables(_ grids: ArraySlice<ReportPage.Grid>, for output: Terminal) -> String {
        var text = ""
        for grid in grids {
            var table = Table(
                grid.columns.enumerated().map { place, column in
                    Table.Column(
                        heading: column.name.uppercased(), isRightAligned: column.isNumber,
                        isFlexible: place == grid.columns.count - 1 && !column.isNumber)
                })
            for row in grid.rows { table.add(row.map { Table.Cell($0) }) }
            text += table.text(for: output)
        }
        return text
    }
}

/// A report as Markdown (CommonMark with tables), in which nothing of a log is markup.
enum ReportMarkdown {
    static func text(_ page: ReportPage) -> String {
        var text = "# \(escaped(page.title))\n\n\(escaped(page.span))\n\n"
        text += page.facts.map { "- \($0.name): \(escaped($0.value))\n" }.joined()
        for grid in page.grids {
            text += "\n## \(escaped(grid.heading))\n\n"
            text += "| \(grid.columns.map(\.name).joined(separator: " | ")) |\n"
            text += "|\(grid.columns.map { $0.isNumber ? "---:" : "---" }.joined(separator: "|"))|\n"
            for row in grid.rows { text += "| \(row.map(escaped).joined(separator: " | ")) |\n" }
        }
        return text
    }

    /// Every ASCII punctuation mark that could be markup behind a backslash (CommonMark 2.4), < and & as entities.
    static func escaped(_ text: String) -> String {
        var escaped = ""
        for character in text.safe.unicodeScalars {
            switch character {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case "\\", "`", "*", "_", "{", "}", "[", "]", "(", ")", "#", "+", "!", "|", "~", ">", "@", "$", ":":
                escaped += "\\"
                escaped.unicodeScalars.append(character)
            default: escaped.unicodeScalars.append(character)
            }
        }
        return escaped
    }
}
