import Events
import Store
import Testing
import Triage

@testable import Console

/// The dashboard against the store that it is a picture of.
@Suite struct DashboardTests {
    private static func flow(_ hours: [[Severity: Int]], new: [Int] = []) -> EventFlow {
        let now = TestConsole.now.hour
        return EventFlow(
            hours: hours.enumerated().map { place, events in
                EventFlow.Hour(
                    hour: now - Int64(hours.count - 1 - place), events: events,
                    newIssues: new.indices.contains(place) ? new[place] : 0)
            }, packs: [:], days: [])
    }

    @Test func `the picture stacks the severities of an hour, the worst at the foot, and marks what is new`() throws {
        let picture = FlowPicture(DashboardTests.flow([[.minor: 3, .critical: 1], [:], [.minor: 8]], new: [2, 0, 0]))
        let shapes = HTMLPage("<!doctype html>\n" + picture.svg)
        #expect(shapes.faults == ["not one h1", "not one main", "no language"])
        let bars = shapes.elements.filter { $0.name == "rect" }
        #expect(bars.map { $0.attributes["class"] } == ["critical", "minor", "minor"])
        #expect(bars.map { $0.attributes["y"] } == ["105", "60", "0"])
        #expect(bars.map { $0.attributes["height"] } == ["15", "45", "120"])
        #expect(shapes.elements.filter { $0.attributes["class"] == "fresh" }.count == 1)
        #expect(
            picture.words
                == "12 events, at most 8 in the hour of 2026-11-22 12:00; critical 1, minor 11; 2 issues first seen")
        #expect(FlowPicture(DashboardTests.flow([[:], [:]])).words == "no events")
    }

    @Test(
        arguments: [
            (12, 400, 0, 0, "3.0 %", nil, nil), (12, 400, 8, 200, "3.0 %", "4.0 %", "↓ less than before"),
            (1, 2, 1, 4, "50.0 %", "25.0 %", "↑ more than before"), (1, 4, 25, 100, "25.0 %", "25.0 %", "as before"),
            (0, 0, 1, 4, nil, "25.0 %", nil),
        ] as [(Int, Int, Int, Int, String?, String?, String?)])
    func `the share of what no pack knew is compared with the days before`(
        _ unclaimed: Int, _ events: Int, _ unclaimedBefore: Int, _ eventsBefore: Int, _ today: String?,
        _ before: String?, _ direction: String?
    ) {
        var flow = DashboardTests.flow([[:]])
        flow.days = [
            EventFlow.Day(events: eventsBefore, unclaimed: unclaimedBefore),
            EventFlow.Day(events: events, unclaimed: unclaimed),
        ]
        let values = UnclaimedShare(flow, now: TestConsole.now).values
        #expect(values["today"] as? String == today)
        #expect(values["before"] as? String == before)
        #expect(values["direction"] as? String == direction)
    }

    @Test func `packs come with the worst first, and those that only had events behind`() {
        var flow = DashboardTests.flow([[:]])
        flow.packs = ["quiet": [4], "loud": [9], "b": [1]]
        let standings = [
            PackStanding(pack: "a", open: [.major: 9]), PackStanding(pack: "b", open: [.critical: 1]),
            PackStanding(pack: "c", open: [.major: 9, .minor: 1]),
        ]
        #expect(PackGroups.sorted(standings, flow).map(\.pack) == ["b", "c", "a", "loud", "quiet"])
    }

    @Test func `every number of the dashboard leads to the issues that it counts`() async throws {
        try await withConsole { _, browser in
            let page = HTMLPage(try await browser.get("/").text)
            let addresses = Set(page.elements.filter { $0.name == "a" }.compactMap { $0.attributes["href"] })
            let lists = addresses.filter { $0.hasPrefix("/issues?") }
            #expect(lists.count > 20)
            for address in lists {
                #expect(try await browser.get(address).status == 200, "\(address)")
            }
            // Two of the hours, by severity, and by first seen: what each says is what its list has.
            let counted = page.elements.filter { $0.path.contains("details") && $0.name == "a" }
                .compactMap { $0.attributes["href"] }
            #expect(!counted.isEmpty)
            for address in counted {
                let list = HTMLPage(try await browser.get(address).text)
                #expect(list.elements.contains { $0.attributes["data-id"] != nil }, "\(address)")
            }
        }
    }

    @Test func `the activity says who did what, and leaves signing in out`() async throws {
        try await withConsole(people: true) { console, _ in
            let ids = try console.archive.ids(IssueQuery())
            _ = try console.archive.move(
                MoveRequest(ids: [ids[0]], move: .acknowledge, author: "ada", now: TestConsole.now))
            _ = try console.archive.move(
                MoveRequest(
                    ids: [ids[1]], move: .note(String(repeating: "long ", count: 200), judged: false), author: "bob",
                    now: TestConsole.now))
            let lines = try console.archive.lastMoves(limit: 10)
            #expect(lines.map(\.what) == ["note", "ack"])
            #expect(lines.map(\.issue) == [ids[1], ids[0]])
            #expect(try console.archive.lastMoves(limit: 1).map(\.what) == ["note"])
        }
    }
}
