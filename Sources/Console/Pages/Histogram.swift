import Events
import Triage

/// A histogram as SVG, drawn on the server: numbers and times of ours only, so nothing in it has to be escaped.
struct Histogram {
    /// Events of each span, oldest first.
    var counts: [Int]
    /// What each span is called, as `09:00`.
    var names: [String]
    /// Events in a span from which on it is a spike; nil where there is no limit yet.
    var limit: Int?
    /// The whole in words, for who does not see it.
    var words: String

    private static let width = 720
    private static let height = 120

    /// The last 24 or 168 clock hours.
    init(hours: [Int], of pulse: IssuePulseLimit, now: Timestamp) {
        counts = hours
        names = hours.indices.map { place in
            let hour = Timestamp(seconds: (now.hour - Int64(hours.count - 1 - place)) * 3_600)
            return hour.description.prefix(16).split(separator: "T").joined(separator: " ")
        }
        limit = pulse.limit
        words = Histogram.words(counts, names, "hour", limit)
    }

    /// The last days of UTC.
    init(days: [Int], now: Timestamp) {
        counts = days
        names = days.indices.map { place in
            String(now.moved(bySeconds: Int64(place - (days.count - 1)) * 86_400).description.prefix(10))
        }
        limit = nil
        words = Histogram.words(counts, names, "day", nil)
    }

    private static func words(_ counts: [Int], _ names: [String], _ span: String, _ limit: Int?) -> String {
        let total = counts.reduce(0, +)
        guard let most = counts.max(), most > 0, let place = counts.lastIndex(of: most) else { return "no events" }
        return "\(ConsoleSite.grouped(total)) events, at most \(ConsoleSite.grouped(most)) in the \(span) of "
            + names[place] + (limit.map { ", limit \(ConsoleSite.grouped($0)) an hour" } ?? "")
    }

    /// A coordinate that is not below 0, in tenths.
    static func number(_ value: Double) -> String {
        let tenths = Int(value * 10 + 0.5)
        return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
    }

    /// The picture; a limit far above all bars is named and not drawn.
    var svg: String {
        let most = counts.max() ?? 0
        let drawnLimit = limit.flatMap { $0 <= max(most, 1) * 3 ? $0 : nil }
        let top = max(most, drawnLimit ?? 0, 1)
        let step = Double(Histogram.width) / Double(max(counts.count, 1))
        let place = Histogram.number
        var bars = ""
        for (index, count) in counts.enumerated() where count > 0 {
            let height = max(1.5, Double(count) * Double(Histogram.height) / Double(top))
            let isSpike = limit.map { count >= $0 } ?? false
            bars += """
                <rect\(isSpike ? " class=\"over\"" : "") x="\(place(Double(index) * step))" \
                y="\(place(Double(Histogram.height) - height))" width="\(place(max(step - 1, 1)))" \
                height="\(place(height))"><title>\(names[index]): \(ConsoleSite.grouped(count))</title></rect>
                """
        }
        var line = ""
        if let drawnLimit {
            let height = place(Double(Histogram.height) * (1 - Double(drawnLimit) / Double(top)))
            line = "<path class=\"limit\" d=\"M0 \(height)H\(Histogram.width)\"/>"
        }
        return """
            <svg class="histogram" viewBox="0 -2 \(Histogram.width) \(Histogram.height + 3)" role="img" \
            aria-label="\(words)" preserveAspectRatio="none">\(bars)\(line)\
            <path class="ground" d="M0 \(Histogram.height)H\(Histogram.width)"/></svg>
            """
    }
}

/// The limit of the current hour; nil where there is none yet.
struct IssuePulseLimit {
    var limit: Int?

    init(_ watch: SpikeWatch?) { limit = watch.flatMap { $0.limit > 0 ? $0.limit : nil } }
}
