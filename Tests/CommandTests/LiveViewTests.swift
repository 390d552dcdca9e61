import Agent
import Testing

@testable import margay

struct LiveViewTests {
    private func moment(_ seconds: Int64, lines: Int64, events: Int64 = 0) -> LiveView.Moment {
        var totals = FollowPipeline.Totals()
        totals.lines = lines
        totals.events = events
        var standing = FollowPipeline.Standing()
        standing.files = 1
        return LiveView.Moment(millis: seconds * 1_000, totals: totals, standing: standing)
    }

    @Test func `rates are of the last seconds, not of the life of the process`() {
        var view = LiveView()
        #expect(view.lines.isEmpty)
        view.add(moment(0, lines: 0))
        for second in 1...10 as ClosedRange<Int64> { view.add(moment(second, lines: 1_000_000)) }
        #expect(view.lines[0] == "rate  0 lines/s, 0 events/s; 0 events so far; 1 file")
        view.add(moment(11, lines: 1_005_000, events: 1_234))
        #expect(view.lines[0].hasPrefix("rate  1,000 lines/s, 246 events/s; 1,234 events so far"))
        #expect(view.lines.count == 3 && view.lines[1] == "lag   none" && view.lines[2] == "new   0 told")
    }

    @Test func `what is wrong is in sight`() {
        var last = moment(1, lines: 1)
        last.totals.newIssues = 3
        last.totals.held = 1_200
        last.totals.bytesLost = 2_000
        last.standing.unreadable = 2
        last.standing.lagBytes = 5_000_000
        last.learning = (2, 83)
        var view = LiveView()
        view.add(last)
        #expect(view.lines[0].hasSuffix("1 file, 2 unreadable"))
        #expect(view.lines[1].hasPrefix("lag   ") && view.lines[1].contains("; lost 2.0 kB, see 'margay sources'"))
        #expect(
            view.lines[2]
                == "new   3 told, 1,200 more in 'margay issues'; learning 2 sources, 83 issues taken as known so far")
    }

    @Test(arguments: [(0, "0"), (999, "999"), (1_000, "1,000"), (-1_234_567, "-1,234,567"), (12_345, "12,345")])
    func `digits are in groups of three`(_ number: Int64, _ text: String) {
        #expect(LiveView.grouped(number) == text)
    }
}
