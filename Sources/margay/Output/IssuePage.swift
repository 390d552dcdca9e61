import Agent
import Events
import Store
import Triage

/// One issue with all that is kept of it.
enum IssuePage {
    /// Rows of nodes and files, and of history, that are shown.
    static let filesShownMax = 10
    static let movesShownMax = 20

    static func text(_ issue: IssueDetail, _ story: IssueStory, for terminal: Terminal) -> String {
        var page = head(issue, story, for: terminal)
        page += field("Pattern", "\(issue.row.pattern) (\(issue.row.type.rawValue))")
        page += field("Fingerprint", issue.row.fingerprint.description)
        if let runbook = issue.runbook { page += field("Runbook", runbook) }
        page += counts(issue)
        page += places(issue)
        for (index, sample) in issue.samples.enumerated() {
            page += "\n" + terminal.coloured("Sample \(index + 1) of \(issue.samples.count)", "2")
            page += "  " + place(sample).safe + "\n" + self.sample(sample.sample, for: terminal)
        }
        return page + history(story, for: terminal)
    }

    /// The first lines: what it is, how it stands, why it is news and why it is one issue.
    static func head(_ issue: IssueDetail, _ story: IssueStory, for terminal: Terminal) -> String {
        let row = issue.row
        let standing = story.standing
        var page = "\(terminal.coloured(row.id, "1"))  "
        page += terminal.coloured("\(row.severity.shape) \(row.severity.name)", row.severity.colour)
        page += "  \(terminal.coloured(row.title.safe, "1"))\n"
        var state = "\(row.state.rawValue), \(row.novelty.rawValue)"
        if let owner = row.owner { state += ", owner \(owner)" }
        if let ignore = standing.ignore { state += ", \(ignore.description)" }
        if standing.isAutomatic { state += ", by quiet" }
        page += field("State", state)
        page += field("Why \(row.novelty.rawValue)", issue.noveltyReason)
        page += field("Why one", whyOne(issue, story))
        if let target = standing.mergedInto { page += field("Part of", target) }
        if !story.parts.isEmpty { page += field("Parts", story.parts.joined(separator: ", ")) }
        if let reference = standing.reference { page += field("Reference", reference) }
        if standing.severity != nil { page += field("Severity", "by a person, whatever the pack says") }
        if standing.isForgotten { page += field("Forgotten", "samples and counts were dropped") }
        return page
    }

    private static func whyOne(_ issue: IssueDetail, _ story: IssueStory) -> String {
        guard story.isFamily else {
            return "pattern \(issue.row.pattern), same fingerprint; 'margay explain \(issue.row.id)' shows of what"
        }
        return
            "pattern \(issue.row.pattern), and messages that differ in a word; so many words are a value ('split' a part)"
    }

    private static func counts(_ issue: IssueDetail) -> String {
        let row = issue.row
        return field("Events", "\(row.count), first \(row.firstSeen), last \(row.lastSeen)")
            + field("24 hours", sparkline(issue.lastDay)) + field("14 days", sparkline(issue.lastFortnight))
    }

    private static func places(_ issue: IssueDetail) -> String {
        var text = ""
        if issue.nodes.count > 1 {
            let nodes = issue.nodes.prefix(filesShownMax).map { "\($0.node) \($0.count)" }
            text += field("Nodes", nodes.joined(separator: ", "))
        }
        for (index, file) in issue.files.prefix(filesShownMax).enumerated() {
            text += field(index == 0 ? "Files" : "", "\(file.node):\(file.path)  \(file.count), last \(file.lastSeen)")
        }
        if issue.files.count > filesShownMax { text += field("", "and \(issue.files.count - filesShownMax) more") }
        return text
    }

    /// A record; of a trace the frames of one's own code stand out, and runs of the others are folded.
    static func sample(_ sample: Sample, for terminal: Terminal) -> String {
        var text = lines(TraceFolding(sample.text), for: terminal)
        if let carried = TraceFolding.carried(by: sample.text) {
            text += "    The trace in it:\n" + lines(carried, for: terminal)
        }
        for (name, value) in sample.fields.sorted(by: { $0.key < $1.key }) {
            text += "    \(name.safe)=\(value.safe)\n"
        }
        return text
    }

    private static func lines(_ folding: TraceFolding, for terminal: Terminal) -> String {
        folding.lines.map { line in
            switch line {
            case .text(let line): "  │ \(line.safe)\n"
            case .own(let line): "  │ \(terminal.coloured(line.safe, "1"))\n"
            case .library(let line): "  │ \(terminal.coloured(line.safe, "2"))\n"
            case .folded(_, let frames): terminal.coloured("  ┆ \(frames) library frames folded", "2") + "\n"
            }
        }.joined()
    }

    private static func history(_ story: IssueStory, for terminal: Terminal) -> String {
        var text = ""
        for note in story.notes {
            text += field(text.isEmpty ? "Notes" : "", "\(note.time) \(note.author): \(note.text)")
        }
        var moves = ""
        for move in story.moves.suffix(movesShownMax) {
            var line = "\(move.time) \(move.author) \(move.what)"
            if let from = move.from, let to = move.to { line += " (\(from.rawValue) → \(to.rawValue))" }
            if let detail = move.detail, move.what != "note" { line += " \(detail)" }
            if let reason = move.reason { line += ": \(reason)" }
            if move.isUndone { line += " [undone]" }
            moves += field(moves.isEmpty ? "History" : "", line)
        }
        return text.isEmpty && moves.isEmpty ? "" : "\n" + text + moves
    }

    /// The lines round a sample, the record's own marked.
    static func context(_ sample: Sample, lines: Int, for terminal: Terminal) -> String {
        guard let context = RecordContext.read(sample, lines: lines) else {
            return field(
                "Context", "\(sample.file): the record is not there any more (rotated away or not readable here)")
        }
        var text = terminal.coloured("Context", "2") + "  \(context.path.safe)\n"
        var number = sample.line.map { $0 - Int64(context.before.count) }
        func add(_ lines: [String], _ mark: String) {
            for line in lines {
                text += "\((number.map(String.init) ?? "").leftPadded(to: 8)) \(mark) \(line.safe)\n"
                number? += 1
            }
        }
        add(context.before, "│")
        add(context.record, "▶")
        add(context.after, "│")
        return text
    }

    static func field(_ name: String, _ value: String) -> String {
        name.padded(to: 13) + value.safe + "\n"
    }

    static func place(_ sample: NodeSample) -> String {
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

    func leftPadded(to width: Int) -> String { String(repeating: " ", count: max(0, width - columns)) + self }
}
