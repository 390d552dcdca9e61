import Events
import Triage

/// A notice as `watch` prints it.
enum NoticeLine {
    /// One line in a pipe; on a terminal a second one with the place of the record.
    static func text(_ notice: Notice, for terminal: Terminal) -> String {
        let word = notice.verdict.novelty.rawValue
        let place = notice.sample.map { sample in
            sample.file + (sample.line.map { ":\($0)" } ?? " at byte \(sample.offset)")
        }
        guard terminal.isTerminal else {
            let cells = [
                notice.issue, word, notice.severity.name, notice.type.rawValue, String(notice.count),
                notice.first.description, notice.pattern, notice.title, notice.node, place ?? "",
            ]
            return cells.map(\.safe).joined(separator: "\t") + "\n"
        }
        let columns: [(text: String, width: Int, colour: String?)] = [
            (word.uppercased(), 10, "1;32"),
            ("\(notice.severity.shape) \(notice.severity.name)", 16, notice.severity.colour),
            (notice.type.rawValue, 17, nil), (notice.issue, notice.issue.count + 1, "1"),
            ("\(notice.count)×", 5, nil), ("first " + notice.first.description.dropFirst(11).prefix(8), 15, nil),
        ]
        let head = columns.map { column in
            let padded = column.text.padded(to: column.width)
            return column.colour.map { terminal.coloured(padded, $0) } ?? padded
        }
        let room = (terminal.width ?? Terminal.widthDefault) - columns.map(\.width).reduce(0, +)
        let title = notice.title.safe.elided(to: max(24, room))
        let indent = String(repeating: " ", count: 10)
        return head.joined() + title + "\n" + indent + terminal.coloured((place ?? notice.node).safe, "2") + "\n"
    }
}
