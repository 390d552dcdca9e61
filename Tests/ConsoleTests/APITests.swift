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
            #expect(late.header("etag") == "\"1\"")
            let now = try #require(try object(late)["issue"] as? [String: Any])
            #expect(now["state"] as? String == "acknowledged")
            #expect(now["state_version"] as? Int == 1)
            #expect(now["moved_by"] as? String == "tester")
            #expect(try await move(browser, id, "{\"move\":\"clear\"}", ["If-Match: W/\"1\""]).status == 400)
            #expect(try await move(browser, id, "{\"move\":\"clear\"}", ["If-Match: *"]).status == 200)
            #expect(try await move(browser, id, "{\"move\":\"ack\"}", ["If-Match: *"]).status == 409)
        }
    }

    @Test(arguments: [
        "", "{", "[]", "{\"move\":7}", "{\"move\":\"dance\"}", "{\"move\":\"ignore\",\"until\":\"never\"}",
        "{\"move\":\"note\"}", "{\"move\":\"ack\",\"until\":\"4h\"}", "{\"move\":\"ack\",\"raeson\":\"x\"}",
        "{\"move\":\"note\",\"text\":\"x\",\"judged\":\"yes\"}",
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

    @Test func `the document and the table of routes say the same`() {
        let described = APIDocument.standard.operations.map { operation in
            operation.method + " "
                + operation.path.split(separator: "/", omittingEmptySubsequences: false)
                .map { $0.hasPrefix("{") ? "*" : String($0) }.joined(separator: "/")
        }
        let routes = ConsoleRoutes.programs.map { "\($0.method.rawValue) \($0.path)" }
        #expect(described.sorted() == routes.sorted())
        // Beside them there are only the second names of pages.
        #expect(ConsoleRoutes.all.filter(\.work.isForPrograms).count == routes.count + ConsoleRoutes.twins.count)
        #expect(Set(APIDocument.standard.operations.map(\.id)).count == routes.count)
        #expect(APIDocument.standard.operations.allSatisfy { !$0.summary.isEmpty && !$0.tag.isEmpty })
    }

    @Test func `the document says who may as the table of routes does`() {
        for operation in APIDocument.standard.operations where operation.path != "/healthz" {
            let path = operation.path.split(separator: "/").map { $0.hasPrefix("{") ? "x" : String($0) }
            let method = RouteMethod(rawValue: operation.method) ?? .get
            let found = ConsoleRoutes.route(at: "/" + path.joined(separator: "/"), method, .standard)
            switch found?.route.access {
            case .role(_, let scope?)?, .account(_, let scope?)?:
                #expect(operation.description.contains("cope `\(scope.rawValue)`"), "\(operation.id)")
            case .account(_, nil)?: #expect(operation.description.contains("no token"), "\(operation.id)")
            case .anyone?, .role(_, nil)?, nil: Issue.record("\(operation.id) is not for programs")
            }
        }
    }

    @Test func `what is described for reading answers`() async throws {
        try await withConsole { console, browser in
            let id = try #require(try console.archive.ids(IssueQuery()).first)
            for operation in APIDocument.standard.operations where operation.method == "GET" {
                var fields = FormFields()
                for parameter in operation.parameters where parameter.isRequired {
                    fields.add(parameter.name, parameter.name == "id" ? id : parameter.example)
                }
                let reply = try await browser.get(APICall(operation, fields).target)
                // Of people's sessions nothing is told to whoever sits at this machine.
                #expect(reply.status == (operation.id == "listSessions" ? 403 : 200), "\(operation.id)")
                if reply.header("content-type") == "application/json" { _ = try object(reply) }
            }
        }
    }

    @Test func `where there are users the document asks for a token`() async throws {
        try await withConsole { console, browser in
            let open = try object(try await browser.get("/api/v1/openapi.json"))
            #expect((open["security"] as? [[String: Any]])?.count == 2)
            let secret = try TestPeople.token(console.archive, [.read])
            try TestPeople.all(console.archive)
            let closed = try object(
                try await browser.get("/api/v1/openapi.json", headers: ["Authorization: Bearer \(secret)"]))
            #expect((closed["security"] as? [[String: Any]])?.count == 1)
        }
    }

    @Test(arguments: [
        "/api/v1/issues?limit=0", "/api/v1/issues?limit=1001", "/api/v1/issues?limit=+5", "/api/v1/issues?limt=5",
        "/api/v1/issues?q=a&q=b", "/api/v1/issues?sort=size", "/api/v1/issues?sort=%2B%2Bcount",
        "/api/v1/issues?sort=%20count", "/api/v1/issues?cursor=7", "/api/v1/issues?cursor=7.x",
        "/api/v1/issues?cursor=-0.7", "/api/v1/issues?q=severity%3Abad", "/api/v1/count?limit=5",
        "/api/v1/audit?before=-1", "/api/v1/sources?cursor=7", "/api/v1/reports/week?format=pdf", "/api/v1/me?x=",
        "/api/v1/issues/20000/context?sample=6",
    ])
    func `a field that is unknown, doubled or malformed is refused with what is expected`(_ path: String) async throws {
        try await withConsole { _, browser in
            let reply = try await browser.get(path)
            #expect(reply.status == 400)
            #expect(reply.header("content-type") == "application/problem+json")
            #expect((try object(reply)["detail"] as? String)?.isEmpty == false)
        }
    }

    @Test(arguments: [
        ("TRACE", "/api/v1/issues", "GET, HEAD"), ("DELETE", "/api/v1/issues", "GET, HEAD"),
        ("PUT", "/api/v1/users/dana", "PATCH, DELETE"), ("GET", "/api/v1/moves", "POST"),
        ("OPTIONS", "/healthz", "GET, HEAD"), ("PATCH", "/settings", "GET, HEAD, POST"),
    ])
    func `another method is refused with those that there are`(
        _ method: String, _ path: String, _ allowed: String
    ) async throws {
        try await withConsole { _, browser in
            let reply = try await browser.request(method, path, headers: [], body: nil)
            #expect(reply.status == 405)
            #expect(reply.header("allow") == allowed)
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

    @Test func `a page that is opened hears nothing that was so before`() async throws {
        try await withConsole { console, _ in
            let (port, archive) = (console.port, console.archive)
            let texts = try await offPool { () -> [String] in
                try [UInt64(77), 78, 79].map { slot in
                    let delta = TestIssues.delta(slot, title: "Late", severity: .major, count: 9, ago: 1)
                    _ = try archive.apply(
                        Batch(
                            node: "web-1", sequence: slot, issues: [delta], files: [], time: TestConsole.now))
                    let socket = try TestSocket(port: port)
                    socket.send(Array("GET /live HTTP/1.1\r\nHost: localhost\r\n\r\n".utf8))
                    var text = ""
                    while !text.contains("event: rows") {
                        let more = socket.receive()
                        guard !more.isEmpty else { return text }
                        text += String(decoding: more, as: UTF8.self)
                    }
                    return text
                }
            }
            for (text, total) in zip(texts, 5...7) {
                #expect(text.contains("data: {\"inbox\":\"\(total)\",\"total\":\"\(total)\"}"))
            }
        }
    }
}
