import Agent
import Events

/// Three lines that say how following goes: how much is read, how far behind it is, what is new. Pure.
struct LiveView {
    /// What is known at one moment.
    struct Moment {
        /// Of a clock that never jumps.
        var millis: Int64
        var totals: FollowPipeline.Totals
        var standing: FollowPipeline.Standing
        /// How far the reading of a long past is; empty where there is none.
        var catchUp = ""
        /// Sources that are being learned, and the issues that were taken as known of them.
        var learning = (sources: 0, issues: 0)
    }

    /// Rates are taken over so long, so that they can be read.
    static let spanMillis: Int64 = 5_000

    private var moments: [Moment] = []

    mutating func add(_ moment: Moment) {
        moments.append(moment)
        while moments.count > 2, moment.millis - moments[1].millis >= LiveView.spanMillis { moments.removeFirst() }
    }

    /// Nothing before the first moment.
    var lines: [String] {
        guard let first = moments.first, let last = moments.last else { return [] }
        let millis = max(1, last.millis - first.millis)
        func perSecond(_ count: Int64) -> String { LiveView.grouped(count * 1_000 / millis) }
        let totals = last.totals
        let standing = last.standing
        let files = "\(LiveView.grouped(Int64(standing.files))) \(standing.files == 1 ? "file" : "files")"
        let unreadable = standing.unreadable > 0 ? ", \(standing.unreadable) unreadable" : ""
        var lag = standing.lagBytes == 0 ? "none" : standing.lagBytes.asBytes
        if !last.catchUp.isEmpty { lag += "; catching up: \(last.catchUp)" }
        if totals.bytesLost > 0 { lag += "; lost \(totals.bytesLost.asBytes), see 'margay sources'" }
        var news = "\(LiveView.grouped(Int64(totals.newIssues))) told"
        if totals.held > 0 { news += ", \(LiveView.grouped(Int64(totals.held))) more in 'margay issues'" }
        if last.learning.sources > 0 {
            let (sources, issues) = last.learning
            news += "; learning \(sources) \(sources == 1 ? "source" : "sources"), \(issues) "
            news += "\(issues == 1 ? "issue" : "issues") taken as known so far"
        }
        return [
            "rate  \(perSecond(totals.lines - first.totals.lines)) lines/s, "
                + "\(perSecond(totals.events - first.totals.events)) events/s; "
                + "\(LiveView.grouped(totals.events)) events so far; \(files)\(unreadable)",
            "lag   \(lag)",
            "new   \(news)",
        ]
    }

    /// `1,234,567`
    static func grouped(_ number: Int64) -> String {
        let digits = String(number)
        var text = ""
        for (place, digit) in digits.enumerated() {
            if place > 0, (digits.count - place) % 3 == 0, digit != "-", text != "-" { text.append(",") }
            text.append(digit)
        }
        return text
    }
}
