import Events
import Patterns
import Scan

/// An explanation, for people and for programs.
enum ExplanationPage {
    static func text(_ explanation: Explanation, for terminal: Terminal) -> String {
        var page = ""
        func field(_ name: String, _ value: String) {
            let label = name.padded(to: 12)
            page += "  \(terminal.coloured(label, "2")) \(value.safe)\n"
        }
        let lines = explanation.text.split(separator: "\n", omittingEmptySubsequences: false)
        let place =
            explanation.lastLine > explanation.firstLine
            ? "lines \(explanation.firstLine) to \(explanation.lastLine)" : "line \(explanation.firstLine)"
        page += terminal.coloured("\(place): ", "1") + String(lines.first ?? "").safe + "\n"
        if lines.count > 1 { field("record", "\(lines.count) lines, to '\(lines.last ?? "")'") }
        if let time = explanation.time { field("time", time.description) }
        if !explanation.header.isEmpty {
            field("header", explanation.header.map { "\($0.name)=\($0.value)" }.joined(separator: "  "))
        }
        let asked = explanation.asked.map { "\($0.rule) \($0.answer) (line \($0.line))" }
        field("candidates", asked.isEmpty ? "none of \(explanation.ruleCount) rules" : asked[0])
        for more in asked.dropFirst() { field("", more) }
        guard let rule = explanation.rule else {
            field("result", "no pattern has it: no event")
            return page
        }
        guard let event = explanation.event else {
            field("result", "\(rule) has it: no event")
            return page
        }
        field("pattern", rule)
        if !explanation.alsoMatching.isEmpty {
            field("also", "\(explanation.alsoMatching.joined(separator: ", ")) would match; asked later")
        }
        field("severity", "\(event.meaning.severity.name), \(event.severityReason)")
        field("type", event.meaning.type.rawValue)
        field("title", event.meaning.title)
        if let exception = event.meaning.exception {
            field("exception", exception + (event.meaning.language.map { " (\($0))" } ?? ""))
        }
        for (name, value) in event.captures { field("capture", "\(name)=\(value)") }
        field("message", event.message.written)
        field("masked", event.message.masked)
        field("skeleton", event.message.skeleton)
        field("fingerprint", "\(event.fingerprint), of \(event.parts.joined(separator: ", "))")
        return page
    }

    static func json(_ explanation: Explanation) -> String {
        JSONText.object { json in
            json.add("first_line", explanation.firstLine)
            json.add("last_line", explanation.lastLine)
            json.add("text", explanation.text)
            json.add("time", explanation.time)
            json.add("header", Dictionary(explanation.header.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 }))
            json.add("rules", explanation.ruleCount)
            json.add("candidates", array: explanation.asked) { json, asked in
                json.element { json in
                    json.add("rule", asked.rule)
                    json.add("line", asked.line)
                    json.add("answer", asked.answer)
                }
            }
            json.add("rule", explanation.rule)
            json.add("discarded", explanation.isDiscard)
            json.add("also_matching", explanation.alsoMatching)
            guard let event = explanation.event else { return }
            json.add("severity", event.meaning.severity.name)
            json.add("severity_reason", event.severityReason)
            json.add("type", event.meaning.type.rawValue)
            json.add("title", event.meaning.title)
            json.add("language", event.meaning.language)
            json.add("exception", event.meaning.exception)
            json.add("fields", event.meaning.fields)
            json.add("captures", Dictionary(event.captures.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 }))
            json.add("message", event.message.written)
            json.add("masked", event.message.masked)
            json.add("skeleton", event.message.skeleton)
            json.add("fingerprint_parts", event.parts)
            json.add("fingerprint", event.fingerprint.description)
        }.text + "\n"
    }
}
