import Events
import Store
import Triage

/// An issue to paste into a ticket or a chat.
enum IssueCopy {
    static func text(_ issue: IssueDetail, _ story: IssueStory) -> String {
        let row = issue.row
        var text = """
            \(row.id)  \(row.severity.shape) \(row.severity.name)  \(row.title.safe)
            \(row.state.rawValue), \(row.novelty.rawValue): \(issue.noveltyReason.safe)
            \(row.count) events, first \(row.firstSeen), last \(row.lastSeen)
            on \(row.nodes.joined(separator: ", ").safe); \(row.pattern.safe)

            """
        if let runbook = issue.runbook { text += "runbook \(runbook.safe)\n" }
        if let sample = issue.samples.last {
            text += "\n\(sample.node.safe):\(sample.sample.file.safe)\n"
            text += lines(sample.sample.text).map { "    \($0)\n" }.joined()
        }
        for note in story.notes { text += "\n\(note.time) \(note.author.safe): \(note.text.safe)\n" }
        return text
    }

    static func markdown(_ issue: IssueDetail, _ story: IssueStory) -> String {
        let row = issue.row
        var text = """
            **\(row.id)** \(row.severity.shape) \(row.severity.name): \(code(row.title))

            - \(row.state.rawValue), \(row.novelty.rawValue): \(code(issue.noveltyReason))
            - \(row.count) events, first \(row.firstSeen), last \(row.lastSeen)
            - on \(code(row.nodes.joined(separator: ", "))), pattern \(code(row.pattern))

            """
        if let sample = issue.samples.last {
            text += "\n\(code("\(sample.node):\(sample.sample.file)"))\n\n"
            // Indented, not fenced: nothing that a log holds can end it.
            text += lines(sample.sample.text).map { "    \($0)\n" }.joined()
        }
        for note in story.notes { text += "\n> \(note.time) \(code(note.author)): \(code(note.text))\n" }
        return text
    }

    private static func lines(_ text: String) -> [String] {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { PageEscape.line(String($0)).safe }
    }

    /// A code span that holds any text: the backticks round it are more than any run inside (CommonMark 6.1).
    static func code(_ text: String) -> String {
        let safe = text.safe
        var longest = 0
        var run = 0
        for byte in safe.utf8 {
            run = byte == UInt8(ascii: "`") ? run + 1 : 0
            longest = max(longest, run)
        }
        let fence = String(repeating: "`", count: longest + 1)
        return longest == 0 ? "`\(safe)`" : "\(fence) \(safe) \(fence)"
    }

    /// A value of a query, in quotes where it has to be.
    static func quoted(_ value: String) -> String {
        let isPlain = value.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "_")
        }
        guard !isPlain else { return value }
        return "\"" + value.filter { $0 != "\"" } + "\""
    }
}
