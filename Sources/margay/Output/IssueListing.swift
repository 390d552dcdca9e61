import Events
import Store
import Triage

/// Issues as lists show them.
enum IssueListing {
    static func table(_ issues: [IssueRow], for terminal: Terminal, now: Timestamp) -> String {
        var table = Table([
            Table.Column(heading: "ID"), Table.Column(heading: "SEVERITY"), Table.Column(heading: "NOVELTY"),
            Table.Column(heading: "COUNT", isRightAligned: true), Table.Column(heading: "FIRST SEEN"),
            Table.Column(heading: "LAST SEEN"), Table.Column(heading: "TYPE"), Table.Column(heading: "PACK"),
            Table.Column(heading: "TITLE", isFlexible: true),
        ])
        for issue in issues {
            let times = [issue.firstSeen, issue.lastSeen].map { time in
                terminal.isTerminal ? time.short(now: now) : time.description
            }
            table.add([
                Table.Cell(issue.id, colour: "1"), issue.severity.cell(for: terminal),
                Table.Cell(issue.novelty.rawValue, colour: issue.novelty == .new ? "1;32" : nil),
                Table.Cell(String(issue.count)), Table.Cell(times[0]), Table.Cell(times[1]),
                Table.Cell(issue.type.rawValue), Table.Cell(issue.pack), Table.Cell(issue.title),
            ])
        }
        return table.text(for: terminal)
    }
}

extension Severity {
    /// SGR parameters.
    var colour: String {
        switch self {
        case .critical: "1;31"
        case .major: "31"
        case .minor: "33"
        case .warning: "34"
        case .indeterminate: "35"
        case .clear: "32"
        }
    }

    /// With its shape on a terminal; the bare word in a pipe.
    func cell(for terminal: Terminal) -> Table.Cell {
        Table.Cell(terminal.isTerminal ? "\(shape) \(name)" : name, colour: colour)
    }
}

extension Timestamp {
    /// For people at a terminal, in UTC: the time of day within the last day, else the date too.
    func short(now: Timestamp) -> String {
        let text = description
        let date = String(text.prefix(10))
        let time = String(text.dropFirst(11).prefix(8))
        return date == now.description.prefix(10) ? time : "\(date) \(time.prefix(5))"
    }
}
