import Events
import Store
import Testing
import Triage

@testable import Console

/// Moves by forms, as somebody without JavaScript makes them.
@Suite struct MoveTests {
    private func detail(_ console: TestConsole, _ id: String) throws -> (IssueDetail, IssueStory) {
        guard case .found(let issue) = try console.archive.issue(matching: id, now: TestConsole.now) else {
            throw ArchiveError(.failed, "no issue \(id)", path: "")
        }
        return (issue, try #require(try console.archive.story(id: id)))
    }

    private func worst(_ console: TestConsole) throws -> String {
        try #require(try console.archive.ids(IssueQuery(sort: .severity)).first)
    }

    struct Case: CustomTestStringConvertible {
        let word: String
        let fields: [String: String]
        let check: @Sendable (IssueDetail, IssueStory) -> Bool

        var testDescription: String { word }
    }

    static let cases: [Case] = [
        Case(word: "ack", fields: [:]) {
            $0.row.state == .acknowledged && $0.row.owner == "tester" && $1.moves.count == 1
        },
        Case(word: "clear", fields: [:]) { issue, _ in issue.row.state == .cleared },
        Case(word: "resolve", fields: [:]) { issue, _ in issue.row.state == .resolved },
        Case(word: "ignore", fields: ["until": "20/1h"]) {
            $0.row.state == .ignored && $1.standing.ignore?.until == .window(count: 20, hours: 1)
        },
        Case(word: "assign", fields: ["owner": "dana"]) { issue, _ in issue.row.owner == "dana" },
        Case(word: "severity", fields: ["severity": "minor"]) { issue, _ in issue.row.severity == .minor },
        Case(word: "note", fields: ["text": "the <b>disk</b>"]) {
            $1.notes.map(\.text) == ["the <b>disk</b>"] && $0.row.state == .open
        },
        Case(word: "title", fields: ["text": "A full disk"]) { issue, _ in issue.row.title == "A full disk" },
        Case(word: "refer", fields: ["text": "OPS-7"]) { $1.standing.reference == "OPS-7" && $0.row.state == .open },
    ]

    @Test(arguments: cases) func `a form on the page of an issue moves it, and undo takes it back`(_ each: Case)
        async throws
    {
        try await withConsole { console, browser in
            let id = try worst(console)
            let before = try detail(console, id).0
            let page = HTMLPage(try await browser.get("/i/\(id)").text)
            let form = try #require(page.form(each.word))
            let after = try await browser.submit(form, each.fields.merging(["move": each.word]) { $1 })
            #expect(after.status == 200)
            let (issue, story) = try detail(console, id)
            #expect(each.check(issue, story))
            let undo = try #require(HTMLPage(after.text).forms.first { $0.action == "/undo" })
            _ = try await browser.submit(undo, [:])
            let back = try detail(console, id).0
            #expect(back.row.state == before.row.state)
            #expect(back.row.title == before.row.title)
            #expect(back.row.severity == before.row.severity)
            #expect(try detail(console, id).1.notes.isEmpty)
        }
    }

    @Test func `a move on what somebody changed meanwhile is not made, and can be repeated on what is there now`()
        async throws
    {
        try await withConsole { console, browser in
            let id = try worst(console)
            let form = try #require(HTMLPage(try await browser.get("/i/\(id)").text).form("ack"))
            _ = try console.archive.move(
                MoveRequest(ids: [id], move: .clear, author: "dana", now: TestConsole.now))
            let reply = try await browser.submit(form, ["move": "resolve"])
            #expect(reply.status == 409)
            let page = HTMLPage(reply.text)
            #expect(page.faults == [])
            #expect(reply.text.contains("dana"))
            #expect(try detail(console, id).0.row.state == .cleared)
            let again = try #require(page.forms.first { $0.action == "/i/\(id)/move" })
            #expect(try await browser.submit(again, [:]).status == 200)
            #expect(try detail(console, id).0.row.state == .resolved)
        }
    }

    @Test func `chosen issues of a list are moved at once, with one row of audit, and undone at once`() async throws {
        try await withConsole(TestIssues.many(10)) { console, browser in
            let form = try #require(
                HTMLPage(try await browser.get("/issues").text).forms.first { $0.action == "/issues/move" })
            let chosen = form.boxes.prefix(3).map { ("issue", $0) }
            let reply = try await browser.post(form.action, form.fields + chosen + [("move", "ack")])
            let page = try await browser.visit(try #require(reply.header("location")))
            #expect(page.text.contains("3 issues acknowledged"))
            #expect(try console.archive.issueCount(IssueQuery(states: [.acknowledged])) == 3)
            #expect(try console.archive.audit(limit: 10).count == 1)
            let undo = try #require(HTMLPage(page.text).forms.first { $0.action == "/undo" })
            _ = try await browser.submit(undo, [:])
            #expect(try console.archive.issueCount(IssueQuery(states: [.acknowledged])) == 0)
        }
    }

    @Test func `all that a query finds is moved after its exact number was shown`() async throws {
        try await withConsole(TestIssues.many(130)) { console, browser in
            let form = try #require(
                HTMLPage(try await browser.get("/issues?q=count%3A%3E10").text).forms.first {
                    $0.action == "/issues/move"
                })
            let asked = try await browser.post(form.action, form.fields + [("all", "yes"), ("move", "ack")])
            #expect(asked.status == 200)
            #expect(asked.text.contains("120 issues"))
            #expect(try console.archive.issueCount(IssueQuery(states: [.acknowledged])) == 0)
            // Another one turns up meanwhile: the number is shown again.
            let sure = try #require(HTMLPage(asked.text).forms.first)
            _ = try console.archive.apply(
                Batch(
                    node: "web-1", sequence: 2,
                    issues: [TestIssues.delta(900, title: "Late", severity: .major, count: 77, ago: 1)], files: [],
                    time: TestConsole.now))
            let again = try await browser.post(sure.action, sure.fields)
            #expect(again.text.contains("121 issues"))
            #expect(try console.archive.issueCount(IssueQuery(states: [.acknowledged])) == 0)
            let last = try #require(HTMLPage(again.text).forms.first)
            _ = try await browser.submit(last, [:])
            #expect(try console.archive.issueCount(IssueQuery(states: [.acknowledged])) == 121)
        }
    }

    @Test func `the inbox shows the worst first and is empty when all is judged`() async throws {
        try await withConsole { console, browser in
            var seen: [String] = []
            for verdict in ["acknowledge", "tell", "spiking", "never"] {
                let page = HTMLPage(try await browser.get("/inbox").text)
                let form = try #require(page.forms.first { $0.action.hasPrefix("/inbox/") })
                seen.append(String(form.action.dropFirst("/inbox/".count)))
                let reply = try await browser.submit(
                    form, ["verdict": verdict, "severity": "minor", "title": "Judged \(verdict)"])
                #expect(reply.status == 200)
            }
            #expect(try await browser.get("/inbox").text.contains("Nothing is left to judge"))
            let states = try seen.map { try detail(console, $0).0.row.state }
            #expect(states == [.acknowledged, .cleared, .ignored, .ignored])
            #expect(try seen.map { try detail(console, $0).0.row.title }.first == "Judged acknowledge")
            #expect(Set(seen).count == 4)
        }
    }

    @Test func `what was judged in one form is undone in one`() async throws {
        try await withConsole { console, browser in
            let form = try #require(
                HTMLPage(try await browser.get("/inbox").text).forms.first { $0.action.hasPrefix("/inbox/") })
            let id = String(form.action.dropFirst("/inbox/".count))
            let before = try detail(console, id).0.row
            let reply = try await browser.submit(form, ["verdict": "tell", "severity": "minor", "title": "Other"])
            let undo = try #require(HTMLPage(reply.text).forms.first { $0.action == "/undo" })
            _ = try await browser.submit(undo, [:])
            let after = try detail(console, id).0.row
            #expect(
                [after.title, after.severity.name, after.state.rawValue] == [
                    before.title, before.severity.name, "open",
                ])
        }
    }

    @Test func `skipping goes through the inbox, once round`() async throws {
        try await withConsole { console, browser in
            var seen: [String] = []
            var address = "/inbox"
            for _ in 0..<5 {
                let page = HTMLPage(try await browser.get(address).text)
                seen.append(try #require(page.forms.first { $0.action.hasPrefix("/inbox/") }).action)
                address = try #require(page.elements.first { $0.attributes["data-key"] == "j" }?.attributes["href"])
            }
            #expect(Set(seen).count == 4)
            #expect(seen[4] == seen[0])
        }
    }

    @Test func `a view is saved, counted and removed`() async throws {
        try await withConsole { console, browser in
            let page = HTMLPage(try await browser.get("/issues?q=severity%3A%3E%3Dmajor").text)
            let form = try #require(page.forms.first { $0.action == "/views/save" })
            let after = HTMLPage(try await browser.submit(form, ["name": "Bad <ones>"]).text)
            #expect(after.faults == [])
            #expect(try console.archive.views().map(\.name) == ["Bad <ones>"])
            let remove = try #require(after.forms.first { $0.action == "/views/remove" })
            _ = try await browser.submit(remove, [:])
            #expect(try console.archive.views().isEmpty)
        }
    }

    @Test func `settings stay in the browser, and the name signs moves`() async throws {
        try await withConsole { console, browser in
            let form = try #require(HTMLPage(try await browser.get("/settings").text).forms.first)
            let page = try await browser.submit(form, ["name": "dana & co", "theme": "dark", "keys": "off"])
            #expect(page.text.contains("data-theme=\"dark\""))
            #expect(!page.text.contains("data-keys"))
            let id = try worst(console)
            let ack = try #require(HTMLPage(try await browser.get("/i/\(id)").text).form("ack"))
            _ = try await browser.submit(ack, ["move": "ack"])
            #expect(try detail(console, id).0.row.owner == "dana & co")
            let refused = try await browser.submit(form, ["name": "Margay", "theme": "dark"])
            #expect(refused.status == 400)
        }
    }
}
