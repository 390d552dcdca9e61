import Events
import Store
import Testing
import Triage

@testable import Console

/// Pages by their second names, for programs.
@Suite struct TwinTests {
    @Test(arguments: [
        ("/dashboard.json", "/api/v1/status"), ("/issues.json", "/api/v1/issues"),
        ("/issues.json?q=severity%3Amajor&limit=1", "/api/v1/issues?q=severity%3Amajor&limit=1"),
        ("/inbox.json?limit=2", "/api/v1/issues?q=is%3Ainbox&sort=severity&limit=2"),
        ("/i/ID.json", "/api/v1/issues/ID"), ("/i/ID/draft.json", "/api/v1/issues/ID/draft"),
        ("/sources.json", "/api/v1/sources"), ("/packs.json", "/api/v1/packs"),
        ("/packs/core.json", "/api/v1/packs/core"), ("/reports.json?kind=week", "/api/v1/reports/week"),
        ("/reports.json", "/api/v1/reports/shift"), ("/audit.json", "/api/v1/audit"),
        ("/settings.json", "/api/v1/me"), ("/settings/store.json", "/api/v1/store"),
        ("/settings/configuration.json", "/api/v1/configuration"), ("/api.json", "/api/v1/openapi.json"),
        ("/issues.json?nonsense=1", "/api/v1/issues?nonsense=1"), ("/i/ZZZZZZ.json", "/api/v1/issues/ZZZZZZ"),
    ])
    func `the answer is that of the API`(_ twin: String, _ call: String) async throws {
        try await withConsole { console, browser in
            let id = try #require(try console.archive.ids(IssueQuery()).first)
            func address(_ text: String) -> String { text.replacing("ID", with: id) }
            let (own, other) = (try await browser.get(address(twin)), try await browser.get(address(call)))
            #expect(own.status == other.status)
            let isSame = own.body == other.body
            #expect(isSame, "\(own.text.prefix(2_000))\n\(other.text.prefix(2_000))")
            #expect(own.header("content-type") == other.header("content-type"))
        }
    }

    @Test func `the inbox as data is the inbox, and takes no other query`() async throws {
        try await withConsole { _, browser in
            #expect(try await browser.get("/inbox.json?q=x").status == 400)
            let lines = try await browser.get("/inbox.csv").text.split(separator: "\r\n")
            #expect(lines.first?.hasPrefix("id,severity,state,") == true)
            #expect(lines.dropFirst().allSatisfy { $0.contains(",open,") } && lines.count > 1)
        }
    }

    @Test(arguments: [
        ("/issues.csv", "id,severity", 5), ("/issues.csv?q=severity%3Acritical", "id,severity", 2),
        ("/sources.csv", "node,path", 2), ("/packs.csv", "pack,pattern", 2), ("/audit.csv", "number,time", 2),
    ])
    func `a list is had as comma-separated values`(_ path: String, _ heading: String, _ lines: Int) async throws {
        try await withConsole { console, browser in
            let id = try #require(try console.archive.ids(IssueQuery()).first)
            _ = try console.archive.move(
                MoveRequest(ids: [id], move: .acknowledge, author: "=cmd|' /C", now: TestConsole.now))
            let query =
                path.contains("?")
                ? path : path == "/issues.csv" ? path + "?q=is%3Aopen%20OR%20is%3Aacknowledged" : path
            let reply = try await browser.get(query)
            #expect(reply.status == 200)
            #expect(reply.header("content-disposition")?.hasPrefix("attachment") == true)
            let rows = reply.text.split(separator: "\r\n")
            #expect(rows.first?.hasPrefix(heading) == true)
            #expect(rows.count == lines)
            #expect(!reply.text.contains(",=cmd"))
        }
    }
}
