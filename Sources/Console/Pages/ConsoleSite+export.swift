import Events
import Store
import Triage

extension ConsoleSite {
    /// A list as a file: `csv` (RFC 4180) or `jsonl` (JSON Lines), whole up to `ConsoleLimits.savedRowsMax` rows.
    func export(
        _ list: IssueListRequest, _ filter: IssueFilter, format: String, _ request: PageRequest
    ) throws -> Answer {
        var asked = list.issueQuery(filter, now: request.now, limit: ConsoleLimits.savedRowsMax)
        asked.after = nil
        switch format {
        case "csv":
            let rows = try archive.issues(asked)
            let text = CSVText.heading + rows.map(CSVText.line).joined()
            return Answer(type: "text/csv; charset=utf-8; header=present", body: Array(text.utf8))
                .saved(as: "issues.csv")
        case "jsonl":
            let rows = try archive.issues(asked)
            return Answer(type: "application/jsonl", body: Array(rows.map { $0.json + "\n" }.joined().utf8))
                .saved(as: "issues.jsonl")
        default: throw PageFault.malformed("A list can be saved as csv or jsonl, not as \(format).")
        }
    }
}

/// Issues as comma-separated values (RFC 4180).
enum CSVText {
    static let heading =
        "id,severity,state,novelty,title,count,first_seen,last_seen,type,pack,pattern,owner,nodes,files\r\n"

    static func line(_ issue: IssueRow) -> String {
        [
            issue.id, issue.severity.name, issue.state.rawValue, issue.novelty.rawValue, issue.title,
            String(issue.count), issue.firstSeen.description, issue.lastSeen.description, issue.type.rawValue,
            issue.pack, issue.pattern, issue.owner ?? "", issue.nodes.joined(separator: " "),
            issue.files.joined(separator: " "),
        ].map(cell).joined(separator: ",") + "\r\n"
    }

    /// In quotes where it has to be. A cell that a spreadsheet would take for a formula gets an apostrophe in front
    /// (OWASP, "CSV injection"): log text is nobody's program.
    static func cell(_ text: String) -> String {
        var text = text.safe
        if let first = text.unicodeScalars.first, "=+-@".unicodeScalars.contains(first) { text = "'" + text }
        guard text.utf8.contains(where: { $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: "\"") || $0 < 0x20 }) else {
            return text
        }
        return "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }
}
