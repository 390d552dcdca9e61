import Events
import Foundation
import Logging
import Store
import Testing
import Triage

@testable import Console

/// Who may ask for what.
@Suite struct GuardTests {
    @Test(arguments: ["localhost", "localhost:7077", "127.0.0.1:1", "[::1]:7077", "[::1]", "LOCALHOST:80"])
    func `a name of this machine is answered`(_ host: String) async throws {
        try await withConsole { _, browser in
            let reply = try await browser.get("/healthz", headers: ["Host: \(host)"])
            #expect(reply.status == 200)
        }
    }

    @Test(arguments: [
        "evil.example", "evil.example:7077", "localhost.evil.example", "127.0.0.1.evil.example",
        "127.0.0.1@evil.example",
        "10.0.0.1", "localhost:x", "[::1]evil", "[::1",
    ])
    func `any other name is refused, so that no site can be made to lead here`(_ host: String) async throws {
        try await withConsole { _, browser in
            let reply = try await browser.get("/issues", headers: ["Host: \(host)"])
            #expect(reply.status == 421 || reply.status == 400)
            #expect(!reply.text.contains("Upstream"))
        }
    }

    @Test func `every answer forbids what is inline, framed or elsewhere`() async throws {
        try await withConsole { _, browser in
            for path in ["/", "/issues", "/nothing", "/healthz", "/api/v1/issues", "/api/v1/nothing"] {
                let reply = try await browser.get(path)
                #expect(
                    reply.header("content-security-policy")
                        == "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
                        + "form-action 'self'; base-uri 'none'; frame-ancestors 'none'", "\(path)")
                #expect(reply.header("x-content-type-options") == "nosniff")
                #expect(reply.header("referrer-policy") == "same-origin")
                #expect(reply.header("cache-control") == "no-store")
            }
        }
    }

    @Test func `no link of any page changes anything`() async throws {
        try await withConsole { console, browser in
            func everything() throws -> [String] {
                try console.archive.issues(IssueQuery(states: nil)).map { "\($0.id) \($0.state) \($0.stateVersion)" }
                    + console.archive.audit(limit: 10).map(\.what) + console.archive.views().map(\.name)
            }
            let before = try everything()
            var waiting = ["/"]
            var seen: Set<String> = ["/"]
            while let path = waiting.popLast(), seen.count < 400 {
                let reply = try await browser.get(path)
                #expect(reply.status == 200, "\(path)")
                guard reply.header("content-type") == "text/html; charset=utf-8" else { continue }
                for link in HTMLPage(reply.text).links {
                    let address = String(link.prefix { $0 != "#" })
                    if seen.insert(address).inserted { waiting.append(address) }
                }
            }
            #expect(seen.count > 40)
            // And what is for POST only is not done by GET.
            let id = try #require(try console.archive.ids(IssueQuery()).first)
            for path in [
                "/i/\(id)/move?move=clear&version=0", "/issues/move?all=yes", "/undo?id=\(id)", "/views/save?name=x",
            ] {
                #expect(try await browser.get(path).status == 405, "\(path)")
            }
            #expect(try everything() == before)
        }
    }

    private static let own = ["Content-Type: application/x-www-form-urlencoded"]

    @Test func `a form without its token, with another's, or without a cookie changes nothing`() async throws {
        try await withConsole { console, browser in
            let id = try #require(try console.archive.ids(IssueQuery()).first)
            let form = try #require(HTMLPage(try await browser.get("/i/\(id)").text).form("ack"))
            let stranger = console.browser()
            let strangers = try #require(HTMLPage(try await stranger.get("/i/\(id)").text).form("ack"))
            let token = try #require(strangers.fields.first { $0.0 == "token" })
            let bare = form.fields.filter { $0.0 != "token" } + [("move", "clear")]
            for fields in [bare, bare + [token], bare + [("token", "")]] {
                let reply = try await browser.post(form.action, fields)
                #expect(reply.status == 403)
                #expect(HTMLPage(reply.text).faults == [])
            }
            let fresh = console.browser()
            #expect(try await fresh.post(form.action, form.fields + [("move", "clear")]).status == 403)
            #expect(try console.archive.issueCount(IssueQuery(states: [.cleared])) == 0)
            #expect(try await browser.post(form.action, form.fields + [("move", "clear")]).status == 303)
            #expect(try console.archive.issueCount(IssueQuery(states: [.cleared])) == 1)
        }
    }

    @Test(arguments: [
        "Origin: http://evil.example", "Origin: null", "Sec-Fetch-Site: cross-site", "Sec-Fetch-Site: same-site",
        "Origin: https://127.0.0.1",
    ])
    func `a form of another site is refused, whatever it holds`(_ header: String) async throws {
        try await withConsole { console, browser in
            let id = try #require(try console.archive.ids(IssueQuery()).first)
            let form = try #require(HTMLPage(try await browser.get("/i/\(id)").text).form("ack"))
            let reply = try await browser.post(form.action, form.fields + [("move", "clear")], headers: [header])
            #expect(reply.status == 403)
            #expect(try console.archive.issueCount(IssueQuery(states: [.cleared])) == 0)
        }
    }

    @Test func `the cookie is for this site and no script, and a visitor from elsewhere gets none`() async throws {
        try await withConsole { _, browser in
            let stranger = try await browser.get("/", headers: ["Sec-Fetch-Site: cross-site"])
            #expect(stranger.header("set-cookie") == nil)
            #expect(stranger.text.contains("http-equiv=\"refresh\""))
            let cookie = try #require(try await browser.get("/").header("set-cookie"))
            #expect(cookie.hasPrefix("margay-session="))
            #expect(cookie.contains("; HttpOnly; SameSite=Strict"))
            #expect(try await browser.get("/").header("set-cookie") == nil)
        }
    }

    @Test func `bodies, headers and addresses beyond their limits are refused and the console goes on`() async throws {
        try await withConsole { console, browser in
            let large = [UInt8](repeating: 0x61, count: ConsoleLimits.bodyBytesMax + 1)
            #expect(try await browser.request("POST", "/undo", headers: GuardTests.own, body: large).status == 413)
            let address = "/issues?q=" + String(repeating: "a", count: ConsoleLimits.targetBytesMax)
            #expect(try await browser.get(address).status == 414)
            let fields = Array(repeating: "a=b", count: ConsoleLimits.fieldsMax + 1).joined(separator: "&")
            #expect(
                try await browser.request("POST", "/undo", headers: GuardTests.own, body: Array(fields.utf8)).status
                    == 413)
            let port = console.port
            let long = "GET / HTTP/1.1\r\nHost: localhost\r\nX: \(String(repeating: "x", count: 40_000))\r\n\r\n"
            let answer = try await offPool { () -> String in
                let socket = try TestSocket(port: port)
                socket.send(Array(long.utf8))
                return String(decoding: socket.receive().prefix(12), as: UTF8.self)
            }
            #expect(answer == "" || answer.hasPrefix("HTTP/1.1 4"))
            #expect(try await browser.get("/healthz").status == 200)
        }
    }

    @Test func `a method that is not known, and a form of another kind, are refused`() async throws {
        try await withConsole { _, browser in
            #expect(try await browser.request("DELETE", "/issues", headers: [], body: nil).status == 405)
            #expect(try await browser.request("PUT", "/issues", headers: [], body: []).status == 405)
            let reply = try await browser.request("POST", "/undo", headers: ["Content-Type: text/plain"], body: [0x61])
            #expect(reply.status == 415)
            let head = try await browser.request("HEAD", "/issues", headers: [], body: nil)
            #expect(head.status == 200)
            #expect(head.body.isEmpty)
        }
    }

    @Test func `a store that cannot be written has no forms, and no request changes it`() async throws {
        try await withConsole(readOnlyReason: "the store cannot be written by this user") { console, browser in
            let id = try #require(try console.archive.ids(IssueQuery()).first)
            for path in ["/issues", "/i/\(id)", "/inbox"] {
                let reply = try await browser.get(path)
                #expect(reply.text.contains("Read only: the store cannot be written"))
                #expect(HTMLPage(reply.text).faults == [])
                #expect(HTMLPage(reply.text).forms.allSatisfy { ["/settings", "/columns"].contains($0.action) })
            }
            #expect(try await browser.post("/i/\(id)/move", [("move", "clear"), ("version", "0")]).status == 403)
            #expect(try console.archive.issueCount(IssueQuery(states: [.cleared])) == 0)
        }
    }

    @Test func `a redirect leads to the console itself and nowhere else`() async throws {
        try await withConsole { console, browser in
            let id = try #require(try console.archive.ids(IssueQuery()).first)
            let form = try #require(HTMLPage(try await browser.get("/i/\(id)").text).form("ack"))
            let moved = try await browser.submit(form, ["move": "ack"])
            let undo = try #require(HTMLPage(moved.text).forms.first { $0.action == "/undo" })
            for back in ["//evil.example/", "https://evil.example/", "/\\evil.example", "/a\r\nX: y"] {
                let fields = undo.fields.filter { $0.0 != "back" } + [("back", back)]
                let reply = try await browser.post("/undo", fields)
                let location = try #require(reply.header("location"))
                #expect(location == "/", "\(back)")
            }
        }
    }

    @Test func `a port that is taken is said in plain words`() async throws {
        try await withConsole { console, _ in
            let other = ConsoleServer(log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
            let (archive, port) = (console.archive, console.port)
            let fault = await #expect(throws: ConsoleServer.Fault.self) {
                try await offPool {
                    _ = try other.start(TestConsole.host(archive), at: ListenAddress("127.0.0.1:\(port)"))
                }
            }
            #expect(
                fault?.description == """
                    the console cannot listen on 127.0.0.1:\(port): another program has this port; end it, or name \
                    another one, as --listen 127.0.0.1:\(port + 1)
                    """)
        }
    }

    @Test func `it stops while pages are live`() async throws {
        let console = try await TestConsole()
        let port = console.port
        let socket = try await offPool { () -> UncheckedSocket in
            let socket = try TestSocket(port: port)
            socket.send(Array("GET /live HTTP/1.1\r\nHost: localhost\r\n\r\n".utf8))
            _ = socket.receive()
            return UncheckedSocket(socket: socket)
        }
        try await console.stop()
        let rest = try await offPool { () -> [UInt8] in
            var all: [UInt8] = []
            while true {
                let more = socket.socket.receive()
                if more.isEmpty { return all }
                all += more
            }
        }
        #expect(rest.count < 10_000)
    }
}

/// A socket that one closure hands to the next.
struct UncheckedSocket: @unchecked Sendable {
    let socket: TestSocket
}
