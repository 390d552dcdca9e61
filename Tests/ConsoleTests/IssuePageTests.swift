import Events
import Store
import Testing
import Triage

@testable import Console

/// The page of one issue: where it stands in its list, why it was told, which sample.
@Suite struct IssuePageTests {
    private func links(_ page: HTMLPage, _ relation: String) -> [String] {
        page.elements.filter { $0.attributes["rel"] == relation && !$0.path.contains("section") }
            .compactMap { $0.attributes["href"] }
    }

    @Test func `a list is walked from issue to issue by links, forth and back`() async throws {
        try await withConsole(TestIssues.many(12)) { _, browser in
            let list = HTMLPage(try await browser.get("/issues?q=count%3A%3E3&sort=count").text)
            let rows = list.elements.compactMap { $0.attributes["data-id"] }
            #expect(rows.count == 9)
            var address = try #require(
                list.elements.first { $0.attributes["href"]?.hasPrefix("/i/") == true }?.attributes["href"])
            var walked: [String] = []
            while walked.count < 20 {
                let page = HTMLPage(try await browser.get(address).text)
                #expect(page.faults == [])
                walked.append(String(address.dropFirst(3).prefix { $0 != "?" }))
                #expect(page.texts.contains { $0.text == "\(walked.count) of 9" })
                #expect(links(page, "prev").count == (walked.count == 1 ? 0 : 1))
                guard let next = links(page, "next").first else { break }
                address = next
            }
            #expect(walked == rows)
            let back = try #require(links(HTMLPage(try await browser.get(address).text), "prev").first)
            #expect(back.hasPrefix("/i/\(rows[7])?"))
        }
    }

    @Test func `a move made on the way leads back to the same place in the list`() async throws {
        try await withConsole(TestIssues.many(3)) { _, browser in
            let list = HTMLPage(try await browser.get("/issues?q=&sort=count").text)
            let rows = list.elements.compactMap { $0.attributes["data-id"] }
            let page = HTMLPage(try await browser.get("/i/\(rows[1])?q=&sort=count").text)
            let form = try #require(page.forms.first { $0.action.hasPrefix("/i/\(rows[1])/move") })
            let moved = HTMLPage(try await browser.submit(form, ["move": "resolve"]).text)
            #expect(moved.texts.contains { $0.text.contains("\(rows[1]) resolved") })
            // It is not in the list any more, and the list goes on.
            #expect(moved.texts.contains { $0.text == "2 found" })
            #expect(links(moved, "prev").first?.hasPrefix("/i/\(rows[0])?") == true)
            #expect(links(moved, "next").first?.hasPrefix("/i/\(rows[2])?") == true)
        }
    }

    @Test(arguments: ["", "?q=nonsense%3A1", "?q=" + String(repeating: "x", count: 400)])
    func `without a list there is no way along it`(_ query: String) async throws {
        try await withConsole { console, browser in
            let id = try #require(try console.archive.ids(IssueQuery()).first)
            let page = HTMLPage(try await browser.get("/i/\(id)\(query)").text)
            #expect(page.faults == [])
            #expect(links(page, "next").isEmpty && links(page, "prev").isEmpty)
        }
    }

    @Test func `another sample is never the one that is shown`() {
        for count in 2...5 {
            for number in 1...count {
                var seen: Set<Int> = []
                for tick in 0..<Int64(count * 3) {
                    seen.insert(ConsoleSite.otherSample(than: number, of: count, now: Timestamp(microseconds: tick)))
                }
                #expect(seen == Set(1...count).subtracting([number]))
            }
        }
        #expect(ConsoleSite.otherSample(than: 1, of: 1, now: TestConsole.now) == 1)
    }

    @Test func `why it was told, and what was kept for a summary`() throws {
        func words(_ notices: [ToldNotice], learned: Bool = false, merged: String? = nil) -> String {
            ConsoleSite.told(mergedInto: merged, isLearned: learned, notices)
        }
        let single = ToldNotice(time: TestConsole.now, novelty: .new, reason: "first event", held: nil)
        let held = ToldNotice(time: TestConsole.now, novelty: .rare, reason: "rare", held: "rare issues …")
        #expect(words([single]) == "Told once:")
        #expect(words([single, held, single]) == "Told 2 times:")
        #expect(words([held]) == "Not told by itself:")
        #expect(words([], learned: true).hasPrefix("Not told: it was there before"))
        #expect(words([]).hasPrefix("No notice of it in the last 30 days"))
        #expect(words([], merged: "7K3F9").hasPrefix("Its events count on 7K3F9"))
    }

    @Test func `a notice that was kept for a summary is not said to have been told`() async throws {
        // The sixth new issue of one source within ten minutes waits.
        try await withConsole([]) { console, browser in
            let issues = (1...7).map {
                TestIssues.delta($0, title: "Odd thing number \($0)", severity: .major, count: 1, ago: 5)
            }
            var policy = NoveltyPolicy.standard
            policy.learning = .off
            _ = try console.archive.apply(
                Batch(node: "web-1", sequence: 2, issues: issues, files: [], time: TestConsole.now), policy: policy)
            let told = try console.archive.ids(IssueQuery()).map { try console.archive.told(id: $0) }
            #expect(told.flatMap { $0 }.count { $0.held == nil } == 5)
            let waiting = try #require(
                try console.archive.ids(IssueQuery()).first {
                    try console.archive.told(id: $0).first?.held != nil
                })
            let page = HTMLPage(try await browser.get("/i/\(waiting)").text)
            #expect(page.texts.contains { $0.text.contains("Not told by itself:") })
            #expect(page.texts.contains { $0.text.contains("kept for a summary") })
            let notices = try await browser.get("/api/v1/issues/\(waiting)/notices")
            #expect(notices.text.contains("\"held\":\""))
        }
    }
}
