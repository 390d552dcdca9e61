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

    /// A moment as lists show it, to the second.
    private static func second(_ time: Timestamp, now: Timestamp) -> [String: Any] {
        self.time(Timestamp(seconds: time.microseconds / Timestamp.microsecondsPerSecond), now: now)
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

    /// A small picture of the events of 24 hours, as SVG: numbers only, so nothing in it has to be escaped. Nothing where
    /// there were none, for a list has a hundred of them.
    static func sparkline(_ hours: [Int]) -> String {
        let most = hours.max() ?? 0
        guard most > 0, let start = hours.firstIndex(where: { $0 > 0 }), let end = hours.lastIndex(where: { $0 > 0 })
        else {
            return ""
        }
        // The outline from the first to the last, with one step for hours that are alike.
        var path = "M\(start * 4) 16"
        var hour = start
        while hour <= end {
            let height = height(of: hours[hour], most: most)
            let first = hour
            while hour <= end, self.height(of: hours[hour], most: most) == height { hour += 1 }
            path += "V\(16 - height)h\((hour - first) * 4)"
        }
        let total = hours.reduce(0, +)
        return
            "<svg class=\"spark\"><title>\(total) in 24 h</title><path d=\"\(path)V16\"/></svg>"
    }

    /// Of 16; what is not nothing is seen.
    private static func height(of count: Int, most: Int) -> Int { count == 0 ? 0 : max(1, count * 16 / most) }

    /// An issue as lists show it.
    static func row(_ issue: IssueRow, lastDay: [Int], now: Timestamp) -> [String: Any] {
        [
            "id": issue.id, "version": issue.stateVersion, "title": PageEscape.line(issue.title),
            "severity": severity(issue.severity), "novelty": issue.novelty.rawValue,
            "isNews": issue.novelty.wantsJudgement, "state": issue.state.rawValue, "isOpen": issue.state == .open,
            "spark": sparkline(lastDay), "count": ConsoleSite.grouped(issue.count),
            "dayCount": ConsoleSite.grouped(lastDay.reduce(0, +)), "first": second(issue.firstSeen, now: now),
            "last": second(issue.lastSeen, now: now), "pack": issue.pack, "node": issue.nodes.first ?? "–",
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
