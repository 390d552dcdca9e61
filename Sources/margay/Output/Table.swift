import Events

/// Rows under headings: aligned and cut to the width of a terminal, or tab-separated and whole in a pipe.
struct Table {
    struct Column {
        let heading: String
        var isRightAligned = false
        /// Takes the room that is left, and is cut when there is too little. At most one.
        var isFlexible = false
    }

    struct Cell {
        var text: String
        /// SGR parameters; nil for plain.
        var colour: String?

        init(_ text: String, colour: String? = nil) {
            self.text = text.safe
            self.colour = colour
        }
    }

    let columns: [Column]
    private(set) var rows: [[Cell]] = []

    /// Narrowest a flexible column gets.
    static let flexibleWidthMin = 16

    init(_ columns: [Column]) { self.columns = columns }

    mutating func add(_ row: [Cell]) {
        precondition(row.count == columns.count, "a row has a cell for each column")
        rows.append(row)
    }

    func text(for terminal: Terminal) -> String {
        guard let width = terminal.width else {
            return rows.map { $0.map(\.text).joined(separator: "\t") + "\n" }.joined()
        }
        let widths = widths(within: width)
        let heading = line(columns.map { Cell($0.heading, colour: "2") }, widths, terminal)
        return heading + rows.map { line($0, widths, terminal) }.joined()
    }

    private func widths(within total: Int) -> [Int] {
        var widths = columns.indices.map { index in
            rows.map { $0[index].text.columns }.reduce(columns[index].heading.columns, max)
        }
        guard let flexible = columns.firstIndex(where: \.isFlexible) else { return widths }
        let others = widths.indices.filter { $0 != flexible }.map { widths[$0] + 2 }.reduce(0, +)
        widths[flexible] = min(widths[flexible], max(Table.flexibleWidthMin, total - others))
        return widths
    }

    private func line(_ cells: [Cell], _ widths: [Int], _ terminal: Terminal) -> String {
        var line = ""
        for (index, cell) in cells.enumerated() {
            let text = cell.text.elided(to: widths[index])
            let padding = String(repeating: " ", count: max(0, widths[index] - text.columns))
            let shown = cell.colour.map { terminal.coloured(text, $0) } ?? text
            line += index == 0 ? "" : "  "
            line += columns[index].isRightAligned ? padding + shown : shown + padding
        }
        while line.last == " " { line.removeLast() }
        return line + "\n"
    }
}
