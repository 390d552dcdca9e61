import Events
import Store
import Triage

/// The events of 24 hours by severity, as SVG drawn on the server, with a mark over hours in which an issue was seen
/// first; and the same in words and as the rows of a table. Numbers and times of ours only.
struct FlowPicture {
    private let hours: [EventFlow.Hour]
    /// The severities that occur, worst first.
    let severities: [Severity]

    private static let width = 720
    private static let height = 120
    /// Above the bars, for the marks.
    private static let margin = 14

    init(_ flow: EventFlow) {
        hours = flow.hours
        let occurring = Set(flow.hours.flatMap(\.events.keys))
        severities = Severity.allCases.reversed().filter(occurring.contains)
    }

    private var total: Int { hours.reduce(0) { $0 + $1.total } }

    /// The whole in words, for who does not see it.
    var words: String {
        guard let busiest = hours.max(by: { $0.total < $1.total }), busiest.total > 0 else { return "no events" }
        let parts = severities.map { severity in
            "\(severity.name) \(ConsoleSite.grouped(hours.reduce(0) { $0 + ($1.events[severity] ?? 0) }))"
        }
        let fresh = hours.reduce(0) { $0 + $1.newIssues }
        return "\(ConsoleSite.grouped(total)) events, at most \(ConsoleSite.grouped(busiest.total)) in the hour of "
            + "\(FlowPicture.name(busiest.hour)); \(parts.joined(separator: ", ")); "
            + (fresh == 1 ? "1 issue first seen" : "\(ConsoleSite.grouped(fresh)) issues first seen")
    }

    /// `2026-11-22 09:00`.
    static func name(_ hour: Int64) -> String {
        Timestamp(seconds: hour * 3_600).description.prefix(16).split(separator: "T").joined(separator: " ")
    }

    var firstName: String { hours.first.map { FlowPicture.name($0.hour) } ?? "" }
    var lastName: String { hours.last.map { FlowPicture.name($0.hour) } ?? "" }

    /// The worst stands at the foot, where bars are compared best.
    var svg: String {
        let most = max(hours.map(\.total).max() ?? 0, 1)
        let step = FlowPicture.width / max(hours.count, 1)
        var shapes = ""
        for (place, hour) in hours.enumerated() where hour.total > 0 {
            var foot = Double(FlowPicture.height)
            var bars = ""
            for severity in severities {
                guard let count = hour.events[severity], count > 0 else { continue }
                let height = max(1.5, Double(count) * Double(FlowPicture.height) / Double(most))
                foot -= height
                bars += """
                    <rect class="\(severity.name)" x="\(place * step)" y="\(Histogram.number(foot))" \
                    width="\(step - 1)" height="\(Histogram.number(height))"/>
                    """
            }
            let parts = severities.compactMap { severity in
                hour.events[severity].map { "\(severity.name) \(ConsoleSite.grouped($0))" }
            }
            shapes += "<g><title>\(FlowPicture.name(hour.hour)): \(parts.joined(separator: ", "))</title>\(bars)</g>"
        }
        for (place, hour) in hours.enumerated() where hour.newIssues > 0 {
            // A line of no length with round ends: a dot, however wide the picture is.
            shapes += """
                <path class="fresh" d="M\(place * step + step / 2) -7h0">\
                <title>\(FlowPicture.name(hour.hour)): \(ConsoleSite.grouped(hour.newIssues)) first seen</title></path>
                """
        }
        return """
            <svg class="histogram stacked" \
            viewBox="0 -\(FlowPicture.margin) \(FlowPicture.width) \(FlowPicture.height + FlowPicture.margin + 1)" \
            role="img" aria-label="\(words)" preserveAspectRatio="none">\(shapes)\
            <path class="ground" d="M0 \(FlowPicture.height)H\(FlowPicture.width)"/></svg>
            """
    }

    /// The hours with events, latest first, each number with the query that finds its issues.
    var rows: [[String: Any]] {
        hours.reversed().filter { $0.total > 0 || $0.newIssues > 0 }.map { hour in
            let from = Timestamp(seconds: hour.hour * 3_600)
            let to = from.moved(bySeconds: 3_600)
            func address(_ query: String) -> String {
                ConsoleSite.address("/issues", [("q", "\(query) \(ConsoleSite.anyState)")])
            }
            // What was seen first and last on both sides of an hour may not have come in it: the list says a little more.
            let alive = "first:<\(to) last:>=\(from)"
            return [
                "name": FlowPicture.name(hour.hour), "total": ConsoleSite.grouped(hour.total),
                "address": address(alive),
                "cells": severities.map { severity in
                    let count = hour.events[severity] ?? 0
                    return [
                        "count": ConsoleSite.grouped(count), "isSome": count > 0,
                        "address": address("severity:\(severity.name) \(alive)"),
                    ] as [String: Any]
                },
                "fresh": ConsoleSite.grouped(hour.newIssues), "isFresh": hour.newIssues > 0,
                "freshAddress": address("first:>=\(from) first:<\(to)"),
            ]
        }
    }
}

/// How much of what came no pack knew: today, and in the days before.
struct UnclaimedShare {
    private let today: EventFlow.Day
    private let before: EventFlow.Day
    private let firstDay: Timestamp
    private let startOfToday: Timestamp

    init(_ flow: EventFlow, now: Timestamp) {
        today = flow.days.last ?? EventFlow.Day()
        before = flow.days.dropLast().reduce(into: EventFlow.Day()) { sum, day in
            sum.events += day.events
            sum.unclaimed += day.unclaimed
        }
        let day: Int64 = 86_400
        let seconds = now.hour * 3_600
        startOfToday = Timestamp(seconds: seconds - ((seconds % day) + day) % day)
        firstDay = startOfToday.moved(bySeconds: -Int64(flow.days.count - 1) * day)
    }

    /// `3.1 %`; nil where nothing came.
    static func text(_ day: EventFlow.Day) -> String? {
        guard day.events > 0 else { return nil }
        let tenths = (day.unclaimed * 1_000 + day.events / 2) / day.events
        return "\(tenths / 10).\(tenths % 10) %"
    }

    /// Less or more than in the days before; nil where that cannot be said.
    var direction: String? {
        guard today.events > 0, before.events > 0 else { return nil }
        let (now, then) = (today.unclaimed * before.events, before.unclaimed * today.events)
        return now == then ? "as before" : now < then ? "↓ less than before" : "↑ more than before"
    }

    var values: [String: Any] {
        func address(_ since: Timestamp) -> String {
            ConsoleSite.address("/issues", [("q", "pack:core last:>=\(since) \(ConsoleSite.anyState)")])
        }
        return [
            "today": UnclaimedShare.text(today) as Any? ?? false, "direction": direction as Any? ?? false,
            "todayAddress": address(startOfToday), "before": UnclaimedShare.text(before) as Any? ?? false,
            "beforeAddress": address(firstDay), "count": ConsoleSite.grouped(today.unclaimed),
            "events": ConsoleSite.grouped(today.events),
        ]
    }
}
