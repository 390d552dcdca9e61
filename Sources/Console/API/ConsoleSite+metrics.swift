import Events
import Store
import Triage

extension ConsoleSite {
    /// `GET /healthz`: whether the store answers.
    func healthz(_ request: PageRequest) throws -> Answer {
        _ = try archive.changeNumber()
        return .text("ok\n")
    }

    /// `GET /metrics`: the text format of Prometheus, version 0.0.4.
    func metrics(_ request: PageRequest) throws -> Answer {
        let counts = try archive.counts()
        let health = StoreHealth(
            counts, files: try archive.files(node: nil), keptAside: try archive.keptAside(), now: request.now)
        var text = MetricsText()
        text.add(
            "margay_issues", "gauge", "Issues in the store.",
            IssueState.allCases.map { ([("state", $0.rawValue)], counts.issues[$0] ?? 0) })
        text.add(
            "margay_open_issues", "gauge", "Open issues.",
            Severity.allCases.map { ([("severity", $0.name)], counts.open[$0] ?? 0) })
        text.add(
            "margay_inbox_issues", "gauge", "Issues that nobody has judged.",
            [([], try archive.issueCount(IssueQuery(states: nil, condition: .test(.mark(.inbox)))))])
        text.add(
            "margay_events_total", "counter", "Events counted.", counts.nodes.map { ([("node", $0.name)], $0.events) })
        text.add(
            "margay_last_batch_timestamp_seconds", "gauge", "When the latest batch was closed.",
            counts.nodes.map { ([("node", $0.name)], Int($0.batchTime.microseconds / Timestamp.microsecondsPerSecond)) }
        )
        text.add(
            "margay_files", "gauge", "Files that are or were followed.",
            FileState.allCases.map { ([("state", $0.rawValue)], counts.files[$0] ?? 0) })
        text.add("margay_lost_bytes_total", "counter", "Bytes of log given up.", [([], Int(health.bytesLost))])
        text.add(
            "margay_lost_messages_total", "counter", "Messages given up that came over a network.",
            [([], Int(health.messagesLost))])
        text.add("margay_lag_bytes", "gauge", "Bytes written and not read yet.", [([], Int(health.lagBytes))])
        text.add("margay_lag_seconds", "gauge", "Age of the oldest unread byte.", [([], Int(health.lagSeconds))])
        text.add("margay_database_bytes", "gauge", "Size of the store.", [([], Int(counts.databaseBytes))])
        let (wrong, delayed) = desk.counts
        text.add(
            "margay_sign_in_refusals_total", "counter", "Passwords that were wrong, or came too soon after such.",
            [([("reason", "wrong")], wrong), ([("reason", "delayed")], delayed)])
        return Answer(type: "text/plain; version=0.0.4; charset=utf-8", body: Array(text.text.utf8))
    }
}

/// Samples in the text format of Prometheus.
struct MetricsText {
    private(set) var text = ""

    /// One metric with its samples; without any it is left out.
    mutating func add(
        _ name: String, _ type: String, _ help: String, _ samples: [(labels: [(String, String)], value: Int)]
    ) {
        guard !samples.isEmpty else { return }
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n"
        for (labels, value) in samples {
            let inner = labels.map { "\($0)=\"\(MetricsText.escaped($1))\"" }.joined(separator: ",")
            text += "\(name)\(inner.isEmpty ? "" : "{\(inner)}") \(value)\n"
        }
    }

    static func escaped(_ value: String) -> String {
        var result = ""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\\": result += "\\\\"
            case "\"": result += "\\\""
            case "\n": result += "\\n"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
