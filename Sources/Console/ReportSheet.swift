/// A report of a span of time, as facts and tables, and as files to keep. What comes from logs is as it came.
package struct ReportSheet: Sendable {
    /// Which report.
    package enum Kind: String, Sendable, CaseIterable {
        /// The last 8 hours, for a hand-over.
        case shift
        case week
        /// A week, by pack.
        case app
    }

    package struct Grid: Sendable {
        package var heading: String
        package var columns: [(name: String, isNumber: Bool)]
        package var rows: [[String]]

        package init(heading: String, columns: [(name: String, isNumber: Bool)], rows: [[String]]) {
            self.heading = heading
            self.columns = columns
            self.rows = rows
        }
    }

    package var title: String
    package var span: String
    package var facts: [(name: String, value: String)]
    package var grids: [Grid]
    /// One file that loads nothing.
    package var html: String
    package var markdown: String

    package init(
        title: String, span: String, facts: [(name: String, value: String)], grids: [Grid], html: String,
        markdown: String
    ) {
        self.title = title
        self.span = span
        self.facts = facts
        self.grids = grids
        self.html = html
        self.markdown = markdown
    }
}
