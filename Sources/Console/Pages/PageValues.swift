import Events
import Store
import Triage

/// Values that several pages show alike.
enum PageValues {
    /// A severity with its shape.
    static func severity(_ severity: Severity) -> [String: Any] {
        ["name": severity.name, "shape": severity.shape]
    }

    /// A moment: how long ago, and exactly.
    static func time(_ time: Timestamp, now: Timestamp) -> [String: Any] {
        ["exact": time.description, "words": words(time, now: now)]
    }

    /// `4 s`, `12 min`, `3 h`, `5 d`, and beyond a month the date.
    static func words(_ time: Timestamp, now: Timestamp) -> String {
        let seconds = (now.microseconds - time.microseconds) / Timestamp.microsecondsPerSecond
        switch seconds {
        case ..<(-60): return String(time.description.prefix(16)).split(separator: "T").joined(separator: " ")
        case ..<60: return "\(max(0, seconds)) s"
        case ..<3_600: return "\(seconds / 60) min"
        case ..<86_400: return "\(seconds / 3_600) h"
        case ..<(31 * 86_400): return "\(seconds / 86_400) d"
        default: return String(time.description.prefix(10))
        }
    }

    /// A small picture of the events of 24 hours, as SVG: numbers only, so nothing in it has to be escaped.
    static func sparkline(_ hours: [Int]) -> String {
        let most = max(hours.max() ?? 0, 1)
        // One stroke an hour, each from where the one before ended: a third of what rectangles take.
        var path = ""
        var place = 0
        var height = 0
        for (hour, count) in hours.enumerated() where count > 0 {
            let next = max(1, count * 16 / most)
            path += path.isEmpty ? "M\(hour * 4 + 2) 16" : "m\((hour - place) * 4) \(height)"
            path += "v-\(next)"
            (place, height) = (hour, next)
        }
        let total = hours.reduce(0, +)
        return "<svg class=\"spark\" viewBox=\"0 0 96 16\"><title>\(total) in 24 h</title><path d=\"\(path)\"/></svg>"
    }

    /// An issue as lists show it.
    static func row(_ issue: IssueRow, lastDay: [Int], now: Timestamp) -> [String: Any] {
        [
            "id": issue.id, "version": issue.stateVersion, "title": PageEscape.line(issue.title),
            "severity": severity(issue.severity), "novelty": issue.novelty.rawValue,
            "isNews": issue.novelty.wantsJudgement, "state": issue.state.rawValue, "isOpen": issue.state == .open,
            "spark": sparkline(lastDay), "count": ConsoleSite.grouped(issue.count),
            "dayCount": ConsoleSite.grouped(lastDay.reduce(0, +)), "first": time(issue.firstSeen, now: now),
            "last": time(issue.lastSeen, now: now), "pack": issue.pack, "node": issue.nodes.first ?? "–",
            "moreNodes": issue.nodes.count > 1 ? "+\(issue.nodes.count - 1)" : "", "owner": issue.owner ?? "",
            "nodes": issue.nodes.prefix(3).joined(separator: ", "),
            "hasOwner": issue.owner != nil,
            "type": issue.type.rawValue, "packAddress": "/packs/\(FormFields.encoded(issue.pack))",
        ]
    }

    /// The severities, worst first, one of them chosen.
    static func severities(_ chosen: Severity?) -> [[String: Any]] {
        Severity.allCases.reversed().map { severity in
            [
                "name": severity.name, "shape": severity.shape, "number": severity.rawValue,
                "isChosen": severity == chosen,
            ]
        }
    }
}
