import Events
import Store
import Testing
import Triage

@testable import Console

/// Every page as a browser gets it.
@Suite struct PageTests {
    static let pages = [
        "/", "/issues", "/issues?q=is%3Ainbox&sort=count", "/issues?q=state%3Aignored", "/inbox", "/sources",
        "/sources?all=yes", "/packs", "/packs/core", "/packs/suggestions", "/reports", "/reports?kind=app", "/audit",
        "/settings",
        "/settings/users",
        "/settings/tokens", "/settings/configuration", "/settings/store", "/help", "/api", "/api/moveIssue",
    ]

    @Test(arguments: pages) func `a page is sound HTML`(_ path: String) async throws {
        try await withConsole { _, browser in
            let reply = try await browser.get(path)
            #expect(reply.status == 200)
            #expect(HTMLPage(reply.text).faults == [])
        }
    }

    @Test func `a page of each issue is sound HTML, whatever its log holds`() async throws {
        try await withConsole { console, browser in
            for issue in try console.archive.issues(IssueQuery()) {
                for query in ["", "?span=7d", "?span=90d", "?context=yes"] {
                    let reply = try await browser.get("/i/\(issue.id)\(query)")
                    #expect(reply.status == 200)
                    #expect(HTMLPage(reply.text).faults == [], "\(issue.title) \(query)")
                }
            }
        }
    }

    @Test func `a report is a page, and a file to keep`() async throws {
        try await withConsole { _, browser in
            let page = HTMLPage(try await browser.get("/reports?kind=week").text)
            #expect(page.elements.contains { $0.attributes["href"] == "/i/20000" })
            let html = try await browser.get("/reports?kind=week&format=html")
            #expect(html.header("content-disposition") == "attachment; filename=\"week.html\"")
            #expect(html.text == "<!DOCTYPE html>")
            #expect(try await browser.get("/reports?kind=week&format=markdown").text == "# Report")
            #expect(try await browser.get("/reports?kind=month").status == 400)
            #expect(try await browser.get("/reports?format=pdf").status == 400)
        }
    }

    @Test func `hostile log lines are text on every page that shows them`() async throws {
        try await withConsole { console, browser in
            let id = try #require(try console.archive.ids(IssueQuery(severityMin: .indeterminate)).last)
            _ = try console.archive.move(
                MoveRequest(
                    ids: [id], move: .note(TestIssues.hostile.joined(separator: "\n"), judged: false),
                    author: "<u>eve</u>", reason: TestIssues.hostile[1], now: TestConsole.now))
            for path in [
                "/", "/issues", "/inbox", "/i/\(id)", "/i/\(id)/draft", "/i/\(id)?context=yes", "/audit", "/sources",
                "/reports",
            ] {
                let reply = try await browser.get(path)
                let page = HTMLPage(reply.text)
                #expect(page.faults == [], "\(path)")
                #expect(!page.elements.contains { ["u", "img"].contains($0.name) }, "\(path)")
                #expect(page.elements.filter { $0.name == "script" }.count == 1, "\(path)")
                let controls = reply.text.unicodeScalars.filter { scalar in
                    (scalar.value < 0x20 && scalar != "\n" && scalar != "\t")
                        || (0x202A...0x202E).contains(scalar.value)
                }
                #expect(controls.isEmpty, "\(path)")
            }
        }
    }

    @Test func `a line of a megabyte is shown in part, and how much is left out`() async throws {
        // The store keeps the beginning of it; its file, which the context is read from, has all of it.
        let line = String(repeating: "y", count: Sample.textBytesMax)
        try await withConsole([TestIssues.delta(1, title: "Long", severity: .major, count: 1, ago: 5, text: line)]) {
            console, browser in
            let id = try #require(try console.archive.ids(IssueQuery()).first)
            let reply = try await browser.get("/i/\(id)?context=yes")
            #expect(reply.status == 200)
            #expect(reply.body.count < 60_000)
            #expect(reply.text.contains("more bytes)"))
        }
    }

    @Test func `the trace shows own frames and folds those of libraries`() async throws {
        let text = """
            2026-11-22 10:00:00 ERROR shop - failed
            java.lang.IllegalStateException: no price
            \tat com.example.shop.OrderService.price(OrderService.java:88)
            \tat org.springframework.web.Servlet.one(Servlet.java:1)
            \tat org.springframework.web.Servlet.two(Servlet.java:2)
            \tat org.springframework.web.Servlet.three(Servlet.java:3)
            Caused by: java.net.SocketTimeoutException: Read timed out
            \tat java.base/java.net.Socket.read(Socket.java:11)
            """
        try await withConsole([TestIssues.delta(1, title: "T", severity: .major, count: 1, ago: 5, text: text)]) {
            console, browser in
            let id = try #require(try console.archive.ids(IssueQuery()).first)
            let body = try await browser.get("/i/\(id)").text
            let page = HTMLPage(body)
            let folded = page.texts.filter { $0.path.last == "pre" && $0.path.contains("details") }
            #expect(folded.count == 1)
            #expect(folded.first?.text.contains("Servlet.two") == true)
            let shown = page.texts.filter { $0.path.last == "pre" && !$0.path.contains("details") }.map(\.text).joined()
            #expect(shown.contains("OrderService.price"))
            #expect(shown.contains("Caused by"))
            #expect(!shown.contains("Servlet.two"))
            let own = "<pre class=\"own\">\n\tat com.example.shop.OrderService.price(OrderService.java:88)\n</pre>"
            #expect(body.contains(own))
            #expect(body.contains("1 own frame, 4 of libraries · caused by java.net.SocketTimeoutException"))
        }
    }

    @Test func `a trace inside of a JSON object is shown with its lines apart`() async throws {
        let text =
            #"{"level":"error","msg":"no <price>","stack_trace":"java.io.EOFException: <b>end</b>\n"#
            + #"\tat com.example.shop.Feed.read(Feed.java:88)\n\tat java.base/java.io.Data.read(Data.java:5)"}"#
        try await withConsole([TestIssues.delta(1, title: "T", severity: .major, count: 1, ago: 5, text: text)]) {
            console, browser in
            let id = try #require(try console.archive.ids(IssueQuery()).first)
            let body = try await browser.get("/i/\(id)").text
            let page = HTMLPage(body)
            #expect(page.faults.isEmpty)
            let shown = page.texts.filter { $0.path.suffix(2) == ["div", "pre"] }.map(\.text)
            #expect(
                shown == [
                    "\n\(text)\n", "\njava.io.EOFException: <b>end</b>\n",
                    "\n\tat com.example.shop.Feed.read(Feed.java:88)\n",
                    "\n\tat java.base/java.io.Data.read(Data.java:5)\n",
                ])
            #expect(body.contains("1 own frame, 1 of libraries"))
        }
    }

    @Test func `a fault of a query is shown with a caret under its place`() async throws {
        try await withConsole { _, browser in
            let reply = try await browser.get("/issues?q=sevrity%3Amajor")
            #expect(reply.status == 400)
            let page = HTMLPage(reply.text)
            #expect(page.faults == [])
            let fault = try #require(page.texts.first { $0.path.last == "pre" }?.text)
            #expect(
                fault == """
                    query:1: error: there is no field 'sevrity'; did you mean 'severity'? (to look for the text itself, put it into quotes)
                      sevrity:major
                      ^^^^^^^
                    """)
        }
    }

    @Test func `pages of a list hold every issue once, in order`() async throws {
        try await withConsole(TestIssues.many(250)) { _, browser in
            var titles: [String] = []
            var next: String? = "/issues?sort=count"
            while let address = next {
                let page = HTMLPage(try await browser.get(address).text)
                titles += page.texts.filter { $0.path.last == "a" && $0.text.hasPrefix("Issue ") }.map(\.text)
                next = page.elements.first { $0.attributes["rel"] == "next" }?.attributes["href"]
            }
            #expect(titles == (1...250).reversed().map { "Issue \($0)" })
        }
    }

    @Test func `a list is saved as CSV and as JSON Lines, whole`() async throws {
        try await withConsole(TestIssues.many(250)) { _, browser in
            let csv = try await browser.get("/issues?format=csv")
            #expect(csv.header("content-disposition") == "attachment; filename=\"issues.csv\"")
            #expect(csv.text.split(separator: "\r\n").count == 251)
            let lines = try await browser.get("/issues?q=count%3A%3E200&format=jsonl")
            #expect(lines.text.split(separator: "\n").count == 50)
        }
    }

    @Test func `a cell of CSV is never a formula`() {
        #expect(CSVText.cell("=1+1") == "'=1+1")
        #expect(CSVText.cell("a,\"b\"") == "\"a,\"\"b\"\"\"")
        #expect(CSVText.cell("plain") == "plain")
    }

    @Test func `a list of a hundred rows takes at most 60 KB`() async throws {
        try await withConsole(TestIssues.many(150)) { _, browser in
            let reply = try await browser.get("/issues")
            #expect(HTMLPage(reply.text).elements.filter { $0.attributes["data-id"] != nil }.count == 100)
            #expect(reply.body.count <= 60_000)
        }
    }

    @Test func `no page asks for anything elsewhere, and assets are kept for ever`() async throws {
        try await withConsole { _, browser in
            let reply = try await browser.get("/")
            let page = HTMLPage(reply.text)
            let assets = page.elements.filter { ["link", "script"].contains($0.name) }
                .compactMap { $0.attributes["href"] ?? $0.attributes["src"] }
            #expect(assets.count == 3)
            for asset in assets {
                let file = try await browser.get(asset)
                #expect(file.status == 200)
                #expect(file.header("cache-control") == "public, max-age=31536000, immutable")
            }
            #expect(PageAssets.standard.script.body.count <= 10_240)
        }
    }

    @Test func `what is not there has a page that says so`() async throws {
        try await withConsole { _, browser in
            for path in ["/nothing", "/i/ZZZZZZ", "/packs/nothing", "/assets/console-0.css", "/i", "//evil.example/"] {
                let reply = try await browser.get(path)
                #expect(reply.status == 404, "\(path)")
                #expect(HTMLPage(reply.text).faults == [], "\(path)")
            }
        }
    }
}
