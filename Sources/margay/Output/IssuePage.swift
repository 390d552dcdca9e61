import Events
import Store
import Triage

/// One issue with all that is kept of it.
enum IssuePage {
    static func text(_ issue: IssueDetail, for terminal: Terminal) -> String {
        let row = issue.row
        var page = "\(terminal.coloured(row.id, "1"))  "
        page += terminal.coloured("\(row.severity.shape) \(row.severity.name)", row.severity.colour)
        page += "  \(terminal.coloured(row.title.safe, "1"))\n"
        page += field(
            "State", "\(row.state.rawValue), \(row.novelty.rawValue)" + (row.owner.map { ", owner \($0)" } ?? ""))
        page += field("Why \(row.novelty.rawValue)", issue.noveltyReason)
        page += field("Pattern", "\(row.pattern) (\(row.type.rawValue))")
        page += field("Fingerprint", row.fingerprint.description)
        if let runbook = issue.runbook { page += field("Runbook", runbook) }
        page += field("Events", "\(row.count), first \(row.firstSeen), last \(row.lastSeen)")
        page += field("24 hours", sparkline(issue.lastDay))
        page += field("14 days", sparkline(issue.lastFortnight))
        for (index, file) in issue.files.prefix(10).enumerated() {
            page += field(index == 0 ? "Files" : "", "\(file.node):\(file.path)  \(file.count), last \(file.lastSeen)")
        }
        if issue.files.count > 10 { page += field("", "and \(issue.files.count - 10) more") }
        for (index, sample) in issue.samples.enumerated() {
            page += "\n" + terminal.coloured("Sample \(index + 1) of \(issue.samples.count)", "2")
            page += "  " + place(sample).safe + "\n"
            for line in sample.sample.text.split(separator: "\n", omittingEmptySubsequences: false) {
                page += "  │ \(String(line).safe)\n"
            }
            for (name, value) in sample.sample.fields.sorted(by: { $0.key < $1.key }) {
                page += "    \(name.safe)=\(value.safe)\n"
            }
        }
        return page
    }

    static func json(_ issue: IssueDetail) -> String {
        JSONText.object { json in
            IssueListing.add(issue.row, to: &json)
            json.add("why", issue.noveltyReason)
            json.add("runbook", issue.runbook)
            json.add("state_version", issue.stateVersion)
            json.add("last_day", array: issue.lastDay) { $0.element($1) }
            json.add("last_fortnight", array: issue.lastFortnight) { $0.element($1) }
            json.add("samples", array: issue.samples) { json, sample in
                json.element { json in
                    json.add("node", sample.node)
                    json.add("file", sample.sample.file)
                    json.add("line", sample.sample.line)
                    json.add("offset", sample.sample.offset)
                    json.add("time", sample.sample.time)
                    json.add("text", sample.sample.text)
                    json.add("fields", sample.sample.fields)
                }
            }
        }.text + "\n"
    }

    private static func field(_ name: String, _ value: String) -> String {
        name.padded(to: 13) + value.safe + "\n"
    }

    private static func place(_ sample: NodeSample) -> String {
        let line = sample.sample.line.map { "line \($0)" } ?? "offset \(sample.sample.offset)"
        return "\(sample.node):\(sample.sample.file)  \(line)  \(sample.sample.time)"
    }

    /// One character a count, the highest eight times as high as the lowest that is not zero.
    static func sparkline(_ counts: [Int]) -> String {
        let bars = Array("▁▂▃▄▅▆▇█")
        guard let most = counts.max(), most > 0 else { return String(repeating: "·", count: counts.count) + "  none" }
        let line = counts.map { $0 == 0 ? "·" : String(bars[min(7, $0 * 8 / (most + 1))]) }.joined()
        return "\(line)  at most \(most)"
    }
}

extension String {
    func padded(to width: Int) -> String { self + String(repeating: " ", count: max(1, width - columns)) }
}
