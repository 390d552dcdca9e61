import Events
import Store
import Testing
import Triage

@testable import Console

/// The pages of the packs.
@Suite struct PackPageTests {
    @Test func `a pack says how many of its patterns hit, and leads to those that never did`() async throws {
        try await withConsole { _, browser in
            let page = try await browser.get("/packs").text
            #expect(page.contains(">1 / 1 / 1<span class=\"quiet\"> of 2</span>"))
            #expect(page.contains("<a href=\"/packs/core?hits=never\">1</a>"))
            #expect(page.contains("<code>0123456</code>"))
            // The delta of 25 hours ago is none of the last 24 hours.
            #expect(page.contains("data-label=\"24 h\">44</td><td class=\"right\" data-label=\"30 d\">51</td>"))
        }
    }

    @Test(arguments: [
        ("", ["core.error", "core.never"]), ("?hits=never", ["core.never"]), ("?hits=day", ["core.error"]),
        ("?hits=month", ["core.error"]), ("?hits=ever", ["core.error"]),
    ])
    func `the patterns of a pack are chosen by their hits`(_ query: String, _ expected: [String]) async throws {
        try await withConsole { _, browser in
            let page = try await browser.get("/packs/core\(query)").text
            #expect(HTMLPage(page).faults == [])
            let shown = ["core.error", "core.never"].filter { page.contains("\($0)<") }
            #expect(shown == expected)
        }
    }

    @Test func `a choice that there is not is refused with those that there are`() async throws {
        try await withConsole { _, browser in
            let reply = try await browser.get("/packs/core?hits=often")
            #expect(reply.status == 400)
            #expect(reply.text.contains("all, day, month, ever, never"))
        }
    }

    @Test func `a pattern that is given up is told on both pages and to programs`() async throws {
        try await withConsole { console, browser in
            let cost = PatternCost(pattern: "core.error", asked: 1_280, timed: 20, nanoseconds: 50_000, givenUp: 3)
            _ = try console.archive.apply(
                Batch(node: "web-1", sequence: 2, issues: [], files: [], costs: [cost], time: TestConsole.now))
            let list = try await browser.get("/packs").text
            #expect(list.contains("<a href=\"/packs/core\">core.error</a> was given up at a match limit ×3"))
            let page = try await browser.get("/packs/core").text
            #expect(page.contains(">2,500 ns</td>") && page.contains("given up at a match limit ×3"))
            #expect(HTMLPage(list).faults + HTMLPage(page).faults == [])
            let object = try await browser.get("/api/v1/packs/core").text
            #expect(object.contains("\"asked\":1280,\"nanoseconds_each\":2500,\"given_up\":3"))
        }
    }

    @Test(arguments: [
        (0, 0, "–"), (0, 10, "0 %"), (1, 10_000, "< 0.1 %"), (4, 1_000, "0.4 %"), (1, 3, "33 %"), (10, 10, "100 %"),
        (95, 1_000, "9.5 %"), (5, 100, "5 %"),
    ])
    func `shares are told in percent`(_ part: Int, _ whole: Int, _ words: String) {
        #expect(PackSummary.percent(part, of: whole) == words)
    }

    @Test func `unknown errors are those of the sources where the pack had some`() {
        let shares = [
            UnknownShare(node: "a", source: "web", events: 100, unknown: 10, packs: ["core", "nginx"]),
            UnknownShare(node: "b", source: "web", events: 50, unknown: 0, packs: ["nginx"]),
            UnknownShare(node: "a", source: "db", events: 10, unknown: 10, packs: ["core"]),
        ]
        func unknown(_ pack: String) -> [Int]? {
            PackSummary(name: pack, facts: nil, hits: [], shares).unknown.map { [$0.ofThem, $0.events] }
        }
        #expect(unknown("nginx") == [10, 150])
        #expect(unknown("core") == nil && unknown("postgresql") == nil)
    }
}

/// Suggested patterns, and what the page of the sources says of them.
@Suite struct SuggestionPageTests {
    @Test func `suggestions lead to the drafts of their issues`() async throws {
        try await withConsole { _, browser in
            let reply = try await browser.get("/packs/suggestions")
            #expect(reply.status == 200)
            let page = HTMLPage(reply.text)
            #expect(page.faults == [])
            let links = page.elements.compactMap { $0.attributes["href"] }
            #expect(links.contains("/i/AAAAAA/draft") && links.contains("/i/BBBBBB") && links.contains("/i/CCCCCC"))
            #expect(reply.text.contains("too few words"))
        }
    }

    @Test(arguments: [(0, "0/min"), (59, "59/min"), (60, "1/s"), (7_200, "120/s")])
    func `rates are told by the second, slow ones by the minute`(_ perMinute: Int64, _ words: String) {
        #expect(ConsoleSite.rate(perMinute) { "\($0)" } == words)
    }

    @Test func `a source says how much of it nobody knew`() async throws {
        try await withConsole { console, browser in
            let path = "/var/log/web.log"
            var made = TestIssues.delta(9, title: "Known", severity: .minor, count: 3, ago: 5)
            (made.pack, made.pattern) = ("nginx", "nginx.known")
            made.files = [FileCount(path: path, count: 3, last: made.last)]
            var unknown = TestIssues.delta(8, title: "Unknown", severity: .minor, count: 1, ago: 5)
            unknown.files = [FileCount(path: path, count: 1, last: unknown.last)]
            _ = try console.archive.apply(
                Batch(
                    node: "web-1", sequence: 2, issues: [made, unknown], files: [TestIssues.progress(path)],
                    time: TestConsole.now))
            let page = try await browser.get("/sources").text
            #expect(page.contains(">25 %</a>"))
            #expect(HTMLPage(page).faults == [])
        }
    }
}
