import Events
import Foundation
import Store
import Testing
import Triage

@testable import Console

/// The API, as programs use it.
@Suite struct APITests {
    private func object(_ reply: TestReply) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(reply.body)) as? [String: Any])
    }

    @Test func `a list goes on by its cursor until there is no next`() async throws {
        try await withConsole(TestIssues.many(25)) { _, browser in
            var ids: [String] = []
            var address = "/api/v1/issues?limit=10&q=count%3A%3E5"
            while true {
                let page = try object(try await browser.get(address))
                let issues = try #require(page["issues"] as? [[String: Any]])
                ids += issues.compactMap { $0["id"] as? String }
                guard let next = page["next"] as? String else { break }
                address = "/api/v1/issues?limit=10&q=count%3A%3E5&cursor=\(next)"
            }
            #expect(ids.count == 20)
            #expect(Set(ids).count == 20)
        }
    }

    private static let json = "Content-Type: application/json"

    private func move(_ browser: TestBrowser, _ id: String, _ body: String, _ headers: [String]) async throws
        -> TestReply
    {
        try await browser.request(
            "POST", "/api/v1/issues/\(id)/moves", headers: headers + [APITests.json], body: Array(body.utf8))
    }

    @Test func `a move needs the version that was seen`() async throws {
        try await withConsole { console, browser in
            let id = try #require(try console.archive.ids(IssueQuery()).first)
            let tag = try #require(try await browser.get("/api/v1/issues/\(id)").header("etag"))
            #expect(tag == "\"0\"")
            #expect(try await move(browser, id, "{\"move\":\"ack\"}", []).status == 428)
            let moved = try await move(browser, id, "{\"move\":\"ack\",\"reason\":\"mine\"}", ["If-Match: \(tag)"])
            #expect(moved.status == 200)
            #expect(moved.header("etag") == "\"1\"")
            #expect(try object(moved)["state"] as? String == "acknowledged")
            let late = try await move(browser, id, "{\"move\":\"clear\"}", ["If-Match: \(tag)"])
            #expect(late.status == 412)
            #expect(late.header("content-type") == "application/problem+json")
            #expect(try await move(browser, id, "{\"move\":\"clear\"}", ["If-Match: *"]).status == 200)
            #expect(try await move(browser, id, "{\"move\":\"ack\"}", ["If-Match: *"]).status == 409)
        }
    }

    @Test(arguments: [
        "", "{", "[]", "{\"move\":7}", "{\"move\":\"dance\"}", "{\"move\":\"ignore\",\"until\":\"never\"}",
        "{\"move\":\"note\"}",
    ])
    func `a body that is no move is refused with what is expected`(_ body: String) async throws {
        try await withConsole { console, browser in
            let id = try #require(try console.archive.ids(IssueQuery()).first)
            let reply = try await move(browser, id, body, ["If-Match: *"])
            #expect(reply.status == 400)
            #expect((try object(reply)["detail"] as? String)?.isEmpty == false)
        }
    }

    @Test func `a move as a form of another site could send it is refused`() async throws {
        try await withConsole { console, browser in
            let id = try #require(try console.archive.ids(IssueQuery()).first)
            let reply = try await browser.request(
                "POST", "/api/v1/issues/\(id)/moves", headers: ["Content-Type: text/plain", "If-Match: *"],
                body: Array("{\"move\":\"clear\"}".utf8))
            #expect(reply.status == 415)
        }
    }

    @Test func `an issue is the same object as on the command line`() async throws {
        try await withConsole { console, browser in
            let id = try #require(try console.archive.ids(IssueQuery()).first)
            guard case .found(let issue) = try console.archive.issue(matching: id, now: TestConsole.now) else { return }
            let story = try #require(try console.archive.story(id: id))
            #expect(try await browser.get("/api/v1/issues/\(id)").text == issue.json(story) + "\n")
            #expect(try await browser.get("/i/\(id)?format=json").text == issue.json(story) + "\n")
        }
    }

    @Test func `the document names every address of the API, and each of them answers`() async throws {
        try await withConsole { console, browser in
            let document = try object(try await browser.get("/api/v1/openapi.json"))
            let paths = try #require(document["paths"] as? [String: [String: Any]])
            let id = try #require(try console.archive.ids(IssueQuery()).first)
            for (path, methods) in paths {
                let address = path.split(separator: "{id}", omittingEmptySubsequences: false).joined(separator: id)
                #expect(ConsoleRoutes.exists(address, .standard), "\(path)")
                if methods["get"] != nil {
                    let reply = try await browser.get(address)
                    #expect(reply.status == 200, "\(path)")
                    if reply.header("content-type") == "application/json" { _ = try object(reply) }
                }
            }
        }
    }

    @Test func `metrics are lines of a name, labels and a number`() async throws {
        try await withConsole { _, browser in
            let reply = try await browser.get("/metrics")
            #expect(reply.header("content-type") == "text/plain; version=0.0.4; charset=utf-8")
            let line = /[a-z_]+(\{[a-z]+="[^"\\]*"\})? -?\d+/
            for text in reply.text.split(separator: "\n") where !text.hasPrefix("#") {
                #expect(text.wholeMatch(of: line) != nil, "\(text)")
            }
            #expect(reply.text.contains("margay_inbox_issues 4\n"))
            #expect(reply.text.contains("margay_events_total{node=\"web-1\"} 51\n"))
            #expect(MetricsText.escaped("a\\b\"c\nd") == "a\\\\b\\\"c\\nd")
        }
    }

    @Test func `an open page is told of counts and rows, and again when they change`() async throws {
        try await withConsole { console, _ in
            let (port, archive) = (console.port, console.archive)
            let text = try await offPool { () -> String in
                let socket = try TestSocket(port: port)
                socket.send(Array("GET /live HTTP/1.1\r\nHost: localhost\r\n\r\n".utf8))
                var all = ""
                while !all.contains("event: rows") {
                    let more = socket.receive()
                    guard !more.isEmpty else { return all }
                    all += String(decoding: more, as: UTF8.self)
                }
                let delta = TestIssues.delta(77, title: "Late", severity: .major, count: 9, ago: 1)
                _ = try archive.apply(
                    Batch(node: "web-1", sequence: 2, issues: [delta], files: [], time: TestConsole.now))
                while all.components(separatedBy: "event: rows").count < 3 {
                    let more = socket.receive()
                    guard !more.isEmpty else { return all }
                    all += String(decoding: more, as: UTF8.self)
                }
                return all
            }
            #expect(
                text.contains("content-type: text/event-stream") || text.contains("Content-Type: text/event-stream"))
            #expect(text.contains("data: {\"inbox\":\"4\",\"total\":\"4\"}"))
            #expect(text.contains("data: {\"inbox\":\"5\",\"total\":\"5\"}"))
            let last = try #require(text.components(separatedBy: "event: rows").last)
            #expect(last.contains("\"count\":\"9\""))
            #expect(!last.contains("\"count\":\"40\""))
        }
    }
}
