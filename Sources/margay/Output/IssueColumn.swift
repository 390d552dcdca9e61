import ArgumentParser
import Events
import Store
import Triage

/// A column of a list of issues, by the name that `--columns` takes.
enum IssueColumn: String, CaseIterable {
    case id, severity, novelty, state, count, first, last, type, pack, pattern, owner, nodes, files, title

    static func table(
        _ issues: [IssueRow], _ columns: [IssueColumn], for terminal: Terminal, now: Timestamp
    ) -> String {
        var table = Table(
            columns.map { column in
                Table.Column(
                    heading: column.rawValue.uppercased(), isRightAligned: column == .count,
                    isFlexible: column == .title && columns.filter { $0 == .title }.count == 1)
            })
        for issue in issues { table.add(columns.map { $0.cell(issue, for: terminal, now: now) }) }
        return table.text(for: terminal)
    }

    private func cell(_ issue: IssueRow, for terminal: Terminal, now: Timestamp) -> Table.Cell {
        func time(_ time: Timestamp) -> Table.Cell {
            Table.Cell(terminal.isTerminal ? time.short(now: now) : time.description)
        }
        return switch self {
        case .id: Table.Cell(issue.id, colour: "1")
        case .severity: issue.severity.cell(for: terminal)
        case .novelty: Table.Cell(issue.novelty.rawValue, colour: issue.novelty == .new ? "1;32" : nil)
        case .state: Table.Cell(issue.state.rawValue)
        case .count: Table.Cell(String(issue.count))
        case .first: time(issue.firstSeen)
        case .last: time(issue.lastSeen)
        case .type: Table.Cell(issue.type.rawValue)
        case .pack: Table.Cell(issue.pack)
        case .pattern: Table.Cell(issue.pattern)
        case .owner: Table.Cell(issue.owner ?? "-")
        case .nodes: Table.Cell(issue.nodes.joined(separator: ","))
        case .files: Table.Cell(issue.files.joined(separator: ","))
        case .title: Table.Cell(issue.title)
        }
    }
}

/// Names of columns with commas between.
struct ColumnsArgument: ExpressibleByArgument {
    let columns: [IssueColumn]

    init?(argument: String) {
        let names = argument.split(separator: ",", omittingEmptySubsequences: false)
        let columns = names.compactMap { IssueColumn(rawValue: String($0)) }
        guard !columns.isEmpty, columns.count == names.count else { return nil }
        self.columns = columns
    }
}
