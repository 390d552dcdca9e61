import Access
import Events
import Foundation
import Store
import Testing

@testable import Console

/// Users, sessions and tokens, as programs manage them.
@Suite struct APIPeopleTests {
    private func object(_ reply: TestReply) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(reply.body)) as? [String: Any])
    }

    private func call(
        _ browser: TestBrowser, _ method: String, _ path: String, _ body: String? = nil, token: String? = nil
    ) async throws -> TestReply {
        var headers = body == nil ? [] : ["Content-Type: application/json"]
        if let token { headers.append("Authorization: Bearer \(token)") }
        return try await browser.request(method, path, headers: headers, body: body.map { Array($0.utf8) })
    }

    private static let dana = "{\"name\":\"dana\",\"role\":\"responder\",\"password\":\"four words of her own\"}"

    @Test func `a token for everything makes, changes and removes a user`() async throws {
        try await withConsole(people: true) { console, browser in
            let token = try TestPeople.token(console.archive, [.admin])
            let made = try await call(browser, "POST", "/api/v1/users", APIPeopleTests.dana, token: token)
            #expect(made.status == 201)
            #expect(!made.text.contains("scrypt"))
            #expect(try await call(browser, "POST", "/api/v1/users", APIPeopleTests.dana, token: token).status == 409)
            for body in ["{\"role\":\"editor\"}", "{\"disabled\":true}", "{\"password\":\"other words of her own\"}"] {
                #expect(try await call(browser, "PATCH", "/api/v1/users/dana", body, token: token).status == 200)
            }
            let user = try #require(try console.archive.user("dana"))
            #expect(user.role == .editor)
            #expect(user.isDisabled)
            #expect(PasswordHash.isRight("other words of her own", for: user.secret))
            #expect(try await call(browser, "DELETE", "/api/v1/users/dana", token: token).status == 204)
            #expect(try await call(browser, "DELETE", "/api/v1/users/dana", token: token).status == 404)
            #expect(try console.archive.audit(limit: 1).first?.author == "token t-admin-30")
        }
    }

    @Test(
        arguments: [
            (
                "POST", "/api/v1/users", "{\"name\":\"dana\",\"role\":\"king\",\"password\":\"four words of her own\"}",
                400
            ),
            (
                "POST", "/api/v1/users", "{\"name\":\"-d\",\"role\":\"viewer\",\"password\":\"four words of her own\"}",
                400
            ),
            ("POST", "/api/v1/users", "{\"name\":\"dana\",\"role\":\"viewer\",\"password\":\"short\"}", 400),
            ("POST", "/api/v1/users", "{\"name\":\"dana\",\"role\":\"viewer\"}", 400),
            ("PATCH", "/api/v1/users/viewer", "{}", 400),
            ("PATCH", "/api/v1/users/viewer", "{\"role\":\"editor\",\"disabled\":true}", 400),
            ("PATCH", "/api/v1/users/viewer", "{\"disabled\":\"yes\"}", 400),
            ("PATCH", "/api/v1/users/nobody", "{\"role\":\"editor\"}", 404),
            ("PATCH", "/api/v1/users/admin", "{\"role\":\"editor\"}", 409),
            ("DELETE", "/api/v1/users/admin", nil, 409),
            ("POST", "/api/v1/tokens", "{\"name\":\"t\",\"scopes\":[],\"days\":1}", 400),
            ("POST", "/api/v1/tokens", "{\"name\":\"t\",\"scopes\":[\"fly\"],\"days\":1}", 400),
            ("POST", "/api/v1/tokens", "{\"name\":\"t\",\"scopes\":[\"read\"],\"days\":367}", 400),
            ("POST", "/api/v1/tokens", "{\"name\":\"t\",\"scopes\":[\"read\"]}", 400),
            ("DELETE", "/api/v1/tokens/nobody", nil, 404), ("GET", "/api/v1/sessions", nil, 400),
            ("GET", "/api/v1/sessions?user=nobody", nil, 404), ("DELETE", "/api/v1/sessions/x?user=viewer", nil, 404),
            ("PUT", "/api/v1/me/password", "{\"password\":\"x\",\"new\":\"four words of her own\"}", 403),
        ] as [(String, String, String?, Int)])
    func `what cannot be done to people changes nothing`(
        _ method: String, _ path: String, _ body: String?, _ status: Int
    ) async throws {
        try await withConsole(people: true) { console, browser in
            let token = try TestPeople.token(console.archive, [.admin])
            let before = (try console.archive.users(), try console.archive.tokens().map(\.name))
            let reply = try await call(browser, method, path, body, token: token)
            #expect(reply.status == status)
            #expect(reply.header("content-type") == "application/problem+json")
            #expect(try console.archive.users() == before.0)
            #expect(try console.archive.tokens().map(\.name) == before.1)
        }
    }

    @Test func `whoever sits at a machine without users makes none through the API`() async throws {
        try await withConsole { console, browser in
            let reply = try await call(browser, "POST", "/api/v1/users", APIPeopleTests.dana)
            #expect(reply.status == 403)
            #expect(try console.archive.hasUsers() == false)
        }
    }

    @Test func `a person has tokens of their own, and no more rights by them`() async throws {
        try await withConsole(people: true) { console, _ in
            let browser = try await console.browser(of: "responder")
            let made = try await call(
                browser, "POST", "/api/v1/tokens", "{\"name\":\"mine\",\"scopes\":[\"read\",\"write\"],\"days\":7}")
            #expect(made.status == 201)
            let secret = try #require(try object(made)["secret"] as? String)
            #expect(try object(made)["owner"] as? String == "responder")
            let me = try object(try await call(console.browser(), "GET", "/api/v1/me", token: secret))
            #expect(me["scopes"] as? [String] == ["read", "write"])
            #expect(me["owner"] as? String == "responder")
            #expect(
                try await call(
                    browser, "POST", "/api/v1/tokens", "{\"name\":\"more\",\"scopes\":[\"admin\"],\"days\":7}"
                ).status == 403)
            _ = try TestPeople.token(console.archive, [.read])
            let seen = try object(try await call(browser, "GET", "/api/v1/tokens"))
            #expect((seen["tokens"] as? [[String: Any]])?.compactMap { $0["name"] as? String } == ["mine"])
            #expect(try await call(browser, "DELETE", "/api/v1/tokens/t-read-30").status == 404)
            #expect(try await call(browser, "DELETE", "/api/v1/tokens/mine").status == 204)
            #expect(try await call(console.browser(), "GET", "/api/v1/me", token: secret).status == 401)
        }
    }

    @Test func `a token that a token makes belongs to the same user`() async throws {
        try await withConsole(people: true) { console, browser in
            let admin = try await console.browser(of: "admin")
            let body = "{\"name\":\"first\",\"scopes\":[\"admin\"],\"days\":7}"
            let first = try #require(
                try object(try await call(admin, "POST", "/api/v1/tokens", body))["secret"] as? String)
            let second = try object(
                try await call(
                    browser, "POST", "/api/v1/tokens", "{\"name\":\"second\",\"scopes\":[\"read\"],\"days\":7}",
                    token: first))
            #expect(second["owner"] as? String == "admin")
        }
    }

    @Test func `sessions are ended one by one and all at once`() async throws {
        try await withConsole(people: true) { console, _ in
            let (one, other) = (try await console.browser(of: "viewer"), try await console.browser(of: "viewer"))
            let seen = try object(try await call(one, "GET", "/api/v1/sessions"))
            let sessions = try #require(seen["sessions"] as? [[String: Any]])
            #expect(sessions.count == 2)
            let there = try #require(sessions.first { $0["this"] as? Bool == false }?["number"] as? Int)
            #expect(try await call(one, "DELETE", "/api/v1/sessions/\(there)").status == 204)
            #expect(try await call(other, "GET", "/api/v1/me").status == 401)
            #expect(try await call(one, "DELETE", "/api/v1/sessions/\(there)").status == 404)
            #expect(try await call(one, "GET", "/api/v1/sessions?user=admin").status == 403)
            let admin = try await console.browser(of: "admin")
            let ended = try object(try await call(admin, "DELETE", "/api/v1/sessions?user=viewer"))
            #expect(ended["ended"] as? Int == 1)
            #expect(try await call(one, "GET", "/api/v1/me").status == 401)
            #expect(try await call(admin, "GET", "/api/v1/me").status == 200)
        }
    }

    @Test func `a password is changed with the one there is, and not guessed`() async throws {
        try await withConsole(people: true) { console, _ in
            let browser = try await console.browser(of: "viewer")
            func change(_ old: String) async throws -> TestReply {
                try await call(
                    browser, "PUT", "/api/v1/me/password",
                    "{\"password\":\"\(old)\",\"new\":\"four words of my own\"}")
            }
            #expect(try await change(TestPeople.password).status == 204)
            for _ in 0..<5 { #expect(try await change("wrong").status == 403) }
            let late = try await change("four words of my own")
            #expect(late.status == 429)
            #expect(late.header("retry-after").flatMap { Int($0) }.map { $0 > 0 } == true)
        }
    }
}
