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
        let shape = terminal.coloured("\(notice.severity.shape) \(notice.severity.name.padded(to: 13))", notice.severity.colour)
        let head = "\(terminal.coloured(word.uppercased().padded(to: 9), "1;32")) \(shape) \(notice.type.rawValue.padded(to: 16))"
        let first = String(notice.first.description.dropFirst(11).prefix(8))
        let title = notice.title.safe.elided(to: max(20, (terminal.width ?? 80) - 60))
        let count = "\(notice.count)×".padded(to: 5)
        return """
            \(head) \(terminal.coloured(notice.issue, "1"))  \(count) first \(first)  \(title)
                      \(terminal.coloured("\(place ?? notice.node)".safe, "2"))

            """
    }
}
