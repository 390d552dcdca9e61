import Events
import Foundation
import Store
import Testing
import Triage

@testable import Console

/// Moves of many issues, their undo, and views, as programs make them.
@Suite struct APIMoveTests {
    private func object(_ reply: TestReply) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(reply.body)) as? [String: Any])
    }

    private func send(_ browser: TestBrowser, _ method: String, _ path: String, _ body: String) async throws
        -> TestReply
    {
        try await browser.request(
            method, path, headers: ["Content-Type: application/json"], body: Array(body.utf8))
    }

    private func states(_ console: TestConsole) throws -> [IssueState: Int] { try console.archive.counts().issues }

    @Test func `issues that are named are moved on the versions that were seen`() async throws {
        try await withConsole { console, browser in
            let ids = try console.archive.ids(IssueQuery())
            _ = try console.archive.move(
                MoveRequest(ids: [ids[1]], move: .acknowledge, author: "ada", now: TestConsole.now))
            let body =
                "{\"do\":{\"move\":\"clear\",\"reason\":\"planned\"},\"issues\":{\"\(ids[0].lowercased())\":0,"
                + "\"\(ids[1])\":0,\"\(ids[2])\":null,\"NOBODY\":null}}"
            let answer = try object(try await send(browser, "POST", "/api/v1/moves", body))
            #expect(answer["moved_count"] as? Int == 2)
            #expect(answer["refused_count"] as? Int == 1)
            let refused = try #require((answer["refused"] as? [[String: Any]])?.first)
            #expect(refused["id"] as? String == ids[1])
            #expect((refused["reason"] as? String)?.hasPrefix("Changed meanwhile by ada") == true)
            #expect(answer["unknown"] as? [String] == ["NOBODY"])
            #expect(try states(console) == [.open: 1, .cleared: 2, .acknowledged: 1])
        }
    }

    @Test func `the version of an issue counts however the issue is called`() async throws {
        try await withConsole { console, browser in
            let id = try #require(try console.archive.ids(IssueQuery()).first)
            let body = "{\"do\":{\"move\":\"ack\"},\"issues\":{\"\(id.lowercased())\":7}}"
            let answer = try object(try await send(browser, "POST", "/api/v1/moves", body))
            #expect(answer["moved_count"] as? Int == 0)
            #expect(answer["refused_count"] as? Int == 1)
        }
    }

    @Test func `all that a query finds is moved only by who knows how many that are`() async throws {
        try await withConsole(TestIssues.many(25)) { console, browser in
            let move = "\"do\":{\"move\":\"clear\"},\"query\":\"count:>5\""
            for count in ["", ",\"count\":19", ",\"count\":0"] {
                let reply = try await send(browser, "POST", "/api/v1/moves", "{\(move)\(count)}")
                #expect(reply.status == 409)
                #expect(try object(reply)["count"] as? Int == 20)
            }
            let trial = try object(try await send(browser, "POST", "/api/v1/moves", "{\(move),\"trial\":true}"))
            #expect(trial["moved_count"] as? Int == 20)
            #expect(try states(console) == [.open: 25])
            let done = try object(try await send(browser, "POST", "/api/v1/moves", "{\(move),\"count\":20}"))
            #expect(done["moved_count"] as? Int == 20)
            #expect(try states(console) == [.open: 5, .cleared: 20])
            #expect(try console.archive.audit(limit: 10).count == 1)
            let undone = try object(try await send(browser, "POST", "/api/v1/undo", "{\"all\":true}"))
            #expect(undone["moved_count"] as? Int == 20)
            #expect(try states(console) == [.open: 25])
        }
    }

    @Test(arguments: [
        "{}", "{\"do\":{\"move\":\"clear\"}}", "{\"do\":{\"move\":\"clear\"},\"issues\":{}}",
        "{\"do\":{\"move\":\"clear\"},\"issues\":{\"A\":0},\"query\":\"x\"}",
        "{\"do\":{\"move\":\"clear\"},\"issues\":{\"A\":0},\"count\":1}",
        "{\"do\":{\"move\":\"clear\"},\"issues\":{\"A\":-1}}", "{\"do\":{\"move\":\"clear\"},\"issues\":{\"A\":\"0\"}}",
        "{\"do\":\"clear\",\"issues\":{\"A\":0}}",
        "{\"do\":{\"move\":\"clear\"},\"query\":\"severity:bad\",\"count\":1}",
        "{\"do\":{\"move\":\"clear\"},\"query\":\"x\",\"count\":1.5}",
    ])
    func `what is no move of many changes nothing`(_ body: String) async throws {
        try await withConsole { console, browser in
            let reply = try await send(browser, "POST", "/api/v1/moves", body)
            #expect(reply.status == 400)
            #expect(reply.header("content-type") == "application/problem+json")
            #expect(try states(console) == [.open: 4])
        }
    }

    @Test(arguments: [
        "{}", "{\"issues\":null}", "{\"issues\":[]}", "{\"all\":false}", "{\"issues\":[\"A\"],\"all\":true}",
    ])
    func `nothing is undone by leaving something out`(_ body: String) async throws {
        try await withConsole { console, browser in
            let id = try #require(try console.archive.ids(IssueQuery()).first)
            #expect(
                try await send(browser, "POST", "/api/v1/moves", "{\"do\":{\"move\":\"ack\"},\"issues\":{\"\(id)\":0}}")
                    .status == 200)
            #expect(try await send(browser, "POST", "/api/v1/undo", body).status == 400)
            #expect(try states(console) == [.open: 3, .acknowledged: 1])
            #expect(try await send(browser, "POST", "/api/v1/undo", "{\"issues\":[\"\(id)\"]}").status == 200)
            #expect(try states(console) == [.open: 4])
        }
    }

    @Test func `an issue becomes part of one that there is`() async throws {
        try await withConsole { console, browser in
            let ids = try console.archive.ids(IssueQuery())
            let into = { (whole: String) in
                "{\"do\":{\"move\":\"merge\",\"into\":\"\(whole)\"},\"issues\":{\"\(ids[0])\":0}}"
            }
            #expect(try await send(browser, "POST", "/api/v1/moves", into("NOBODY")).status == 404)
            let single = try await browser.request(
                "POST", "/api/v1/issues/\(ids[0])/moves", headers: ["Content-Type: application/json", "If-Match: *"],
                body: Array("{\"move\":\"merge\",\"into\":\"NOBODY\"}".utf8))
            #expect(single.status == 404)
            #expect(try await send(browser, "POST", "/api/v1/moves", into(ids[1])).status == 200)
            #expect(try console.archive.story(id: ids[0])?.standing.mergedInto == ids[1])
        }
    }

    @Test func `a view is saved, replaced and removed`() async throws {
        try await withConsole { console, browser in
            for query in ["pack:core", "pack:core severity:major+"] {
                let reply = try await send(browser, "PUT", "/api/v1/views/My%20%2F%20view", "{\"query\":\"\(query)\"}")
                #expect(reply.status == 200)
                #expect(try object(reply)["name"] as? String == "My / view")
            }
            #expect(try console.archive.views().map(\.query) == ["pack:core severity:major+"])
            #expect(try await send(browser, "PUT", "/api/v1/views/x", "{\"query\":\"severity:bad\"}").status == 400)
            #expect(try await send(browser, "PUT", "/api/v1/views/%20", "{\"query\":\"x\"}").status == 400)
            let removed = try await browser.request("DELETE", "/api/v1/views/My%20%2F%20view", headers: [], body: nil)
            #expect(removed.status == 204)
            #expect(removed.header("content-length") == nil)
            #expect(removed.header("content-type") == nil)
            #expect(try console.archive.views() == [])
            #expect(
                try await browser.request("DELETE", "/api/v1/views/x", headers: [], body: nil).status == 404)
        }
    }

    @Test func `the history is read on from a number, and by who, what and which issue`() async throws {
        try await withConsole { console, browser in
            let ids = try console.archive.ids(IssueQuery())
            for (author, issues) in [("ada", [ids[0]]), ("bob", [ids[1]]), ("ada", [ids[0], ids[2]])] {
                _ = try console.archive.move(
                    MoveRequest(ids: issues, move: .note("x", judged: false), author: author, now: TestConsole.now))
            }
            func numbers(_ query: String) async throws -> [Int] {
                let answer = try object(try await browser.get("/api/v1/audit?\(query)"))
                return try #require(answer["audit"] as? [[String: Any]]).compactMap { $0["number"] as? Int }
            }
            let all = try await numbers("")
            #expect(all.count == 3)
            #expect(all == all.sorted(by: >))
            #expect(try await numbers("author=ada") == [all[0], all[2]])
            #expect(try await numbers("issue=\(ids[2])") == [all[0]])
            #expect(try await numbers("what=clear") == [])
            #expect(try await numbers("after=\(all[2])") == [all[1], all[0]])
            #expect(try await numbers("before=\(all[0])&limit=1") == [all[1]])
            let page = try object(try await browser.get("/api/v1/audit?limit=1"))
            #expect(page["next"] as? Int == all[0])
        }
    }
}
