import Access
import Events
import Foundation
import Store
import Testing
import Triage

@testable import Console

/// Signing in and out, and what a session is good for.
@Suite struct SignInTests {
    private func form(_ browser: TestBrowser, _ path: String = "/login") async throws -> HTMLForm {
        let reply = try await browser.get(path)
        #expect(HTMLPage(reply.text).faults == [])
        let action = String(path.prefix { $0 != "?" })
        return try #require(HTMLPage(reply.text).forms.first { $0.action == action })
    }

    private func post(_ browser: TestBrowser, _ form: HTMLForm, _ changes: [String: String]) async throws -> TestReply {
        let fields = form.fields.filter { changes[$0.0] == nil } + changes.map { ($0.key, $0.value) }
        return try await browser.post(form.action, fields)
    }

    @Test func `as soon as there are users everybody signs in, at this machine too`() async throws {
        try await withConsole { console, browser in
            #expect(try await browser.get("/issues").status == 200)
            try TestPeople.all(console.archive)
            let page = try await browser.get("/issues?q=is%3Ainbox")
            #expect(page.status == 303)
            #expect(page.header("location") == "/login?next=%2Fissues%3Fq%3Dis:inbox")
            #expect(!page.text.contains("Upstream"))
            let call = try await browser.get("/api/v1/issues")
            #expect(call.status == 401)
            #expect(call.header("www-authenticate") == "Bearer realm=\"margay\"")
            #expect(call.header("content-type") == "application/problem+json")
            #expect(try await browser.get("/live").status == 401)
            #expect(try await browser.get("/healthz").status == 200)
            // Not even what there is not.
            #expect(try await browser.get("/nothing").status == 401)
        }
    }

    @Test func `the page to sign in on shows nothing of the store`() async throws {
        try await withConsole(people: true) { _, browser in
            let reply = try await browser.get("/login")
            let page = HTMLPage(reply.text)
            #expect(page.faults == [])
            #expect(!page.links.contains("/issues"))
            #expect(!page.elements.contains { $0.name == "nav" })
            #expect(!reply.text.contains("margay.db"))
        }
    }

    @Test func `signing in leads on to the page that was asked for, and moves bear the name`() async throws {
        try await withConsole(people: true) { console, browser in
            let id = try #require(try console.archive.ids(IssueQuery()).first)
            let asked = try await browser.get("/i/\(id)")
            let login = try await form(browser, try #require(asked.header("location")))
            let there = try await browser.submit(login, ["name": "Responder", "password": TestPeople.password])
            #expect(there.text.contains("/i/\(id)/move"))
            let ack = try #require(HTMLPage(there.text).form("ack"))
            _ = try await browser.submit(ack, ["move": "ack"])
            #expect(try console.archive.audit(limit: 1).first?.author == "responder")
            // A name of one's own choosing is for consoles without users.
            let settings = try await form(browser, "/settings")
            _ = try await browser.submit(settings, ["name": "admin"])
            let clear = try #require(HTMLPage(try await browser.get("/i/\(id)").text).form("clear"))
            _ = try await browser.submit(clear, ["move": "clear"])
            #expect(try console.archive.audit(limit: 1).first?.author == "responder")
        }
    }

    @Test(arguments: ["//evil.example", "https://evil.example", "/\\evil.example", "/a\nb"])
    func `signing in leads nowhere else`(_ next: String) async throws {
        try await withConsole(people: true) { _, browser in
            let reply = try await post(
                browser, try await form(browser),
                ["name": "viewer", "password": TestPeople.password, "next": next])
            #expect(reply.status == 303)
            #expect(reply.header("location") == "/")
        }
    }

    @Test func `a wrong password, an unknown name and one who is disabled get the same answer`() async throws {
        try await withConsole(people: true) { console, browser in
            #expect(
                try console.archive.change(user: "viewer", .disabled(true), by: "root", now: TestConsole.now) == .done)
            var answers: Set<String> = []
            for (name, password) in [
                ("admin", "wrong"), ("nobody", TestPeople.password), ("viewer", TestPeople.password), ("", ""),
            ] {
                let reply = try await post(
                    browser, try await form(browser), ["name": name, "password": password])
                #expect(reply.status == 401)
                #expect(!reply.text.contains(TestPeople.password))
                let page = HTMLPage(reply.text)
                #expect(page.faults == [])
                answers.insert(page.texts.map(\.text).joined())
                #expect(try await browser.get("/issues").status == 303)
            }
            #expect(answers.count == 1)
        }
    }

    @Test func `who fails too often waits, with the right password too`() async throws {
        try await withConsole(people: true) { console, browser in
            let login = try await form(browser)
            for _ in 0..<SignInThrottle.freeFailures {
                #expect(try await post(browser, login, ["name": "admin", "password": "wrong"]).status == 401)
            }
            let late = try await post(browser, login, ["name": "admin", "password": TestPeople.password])
            #expect(late.status == 429)
            #expect(late.header("retry-after") == "1")
            #expect(HTMLPage(late.text).faults == [])
            let token = try TestPeople.token(console.archive, [.read])
            let metrics = try await console.browser().get("/metrics", headers: ["Authorization: Bearer \(token)"])
            #expect(metrics.text.contains("margay_sign_in_refusals_total{reason=\"wrong\"} 5\n"))
            #expect(metrics.text.contains("margay_sign_in_refusals_total{reason=\"delayed\"} 1\n"))
            // All came from one address, so another name waits too.
            let other = try await post(browser, login, ["name": "viewer", "password": TestPeople.password])
            #expect(other.status == 429)
        }
    }

    @Test func `a session that a stranger chose is worth nothing`() async throws {
        try await withConsole(people: true) { console, browser in
            let planted = String(repeating: "ab", count: 16)
            let page = try await browser.get("/login", headers: ["Cookie: margay-session=\(planted)"])
            let token = try #require(
                HTMLPage(page.text).forms.first { $0.action == "/login" }?.fields.first { $0.0 == "token" }?.1)
            let reply = try await console.browser().post(
                "/login", [("token", token), ("name", "admin"), ("password", TestPeople.password)],
                headers: ["Cookie: margay-session=\(planted)"])
            #expect(reply.status == 303)
            let cookie = try #require(reply.header("set-cookie"))
            #expect(!cookie.contains(planted))
            #expect(cookie.contains("; Path=/; HttpOnly; SameSite=Strict; Max-Age=604800"))
            let own = String(cookie.prefix { $0 != ";" })
            #expect(try await console.browser().get("/", headers: ["Cookie: \(own)"]).status == 200)
            #expect(
                try await console.browser().get("/", headers: ["Cookie: margay-session=\(planted)"]).status == 303)
        }
    }

    @Test func `a form from before signing in is too old afterwards`() async throws {
        try await withConsole(people: true) { console, browser in
            let before = try await form(browser)
            #expect(
                try await post(browser, before, ["name": "admin", "password": TestPeople.password]).status == 303)
            let token = try #require(before.fields.first { $0.0 == "token" })
            let reply = try await browser.post("/settings/sessions", [token, ("all", "yes")])
            #expect(reply.status == 403)
            #expect(try await browser.get("/").status == 200)
            _ = console
        }
    }

    @Test func `a form to sign in of another site is refused`() async throws {
        try await withConsole(people: true) { _, browser in
            let login = try await form(browser)
            let fields = login.fields + [("name", "admin"), ("password", TestPeople.password)]
            let reply = try await browser.post("/login", fields, headers: ["Origin: http://evil.example"])
            #expect(reply.status == 403)
            let bare = [("name", "admin"), ("password", TestPeople.password)]
            #expect(try await browser.post("/login", bare).status == 403)
            #expect(try await browser.get("/").status == 303)
        }
    }

    @Test func `signing out ends the session here, and everywhere if asked`() async throws {
        try await withConsole(people: true) { console, _ in
            let first = try await console.browser(of: "viewer")
            let second = try await console.browser(of: "viewer")
            let third = try await console.browser(of: "viewer")
            let cookie = try #require(first.cookies["margay-session"])
            let out = try #require(HTMLPage(try await first.get("/").text).forms.first { $0.action == "/logout" })
            _ = try await first.submit(out, [:])
            #expect(try await first.get("/").status == 303)
            // Not only forgotten by the browser.
            let again = try await console.browser().get("/", headers: ["Cookie: margay-session=\(cookie)"])
            #expect(again.status == 303)
            #expect(try await second.get("/").status == 200)
            let all = try #require(
                HTMLPage(try await second.get("/settings").text).forms.first {
                    $0.fields.contains { $0.0 == "all" }
                })
            _ = try await second.submit(all, [:])
            #expect(try await second.get("/").status == 303)
            #expect(try await third.get("/").status == 303)
            #expect(try console.archive.audit(limit: 2).map(\.what) == ["sign-out", "sign-out"])
        }
    }

    @Test func `a changed password is asked for, and ends the other sessions`() async throws {
        try await withConsole(people: true) { console, _ in
            let here = try await console.browser(of: "viewer")
            let there = try await console.browser(of: "viewer")
            let page = HTMLPage(try await here.get("/settings").text)
            let change = try #require(page.forms.first { $0.action == "/settings/password" })
            let new = "another horse battery"
            for (old, fresh, again, status) in [
                ("wrong", new, new, 403), (TestPeople.password, new, "other", 400),
                (TestPeople.password, "short", "short", 400), (TestPeople.password, new, new, 303),
            ] {
                let reply = try await post(here, change, ["password": old, "new": fresh, "again": again])
                #expect(reply.status == status, "\(old) \(fresh)")
                #expect(try await there.get("/").status == (status == 303 ? 303 : 200))
            }
            #expect(try await here.get("/").status == 200)
            let stale = try await post(
                there, try await form(there), ["name": "viewer", "password": TestPeople.password])
            #expect(stale.status == 401)
            #expect(
                try await post(there, try await form(there), ["name": "viewer", "password": new]).status == 303)
        }
    }

    @Test func `no page, answer or line of the audit holds a hash`() async throws {
        try await withConsole(people: true) { console, _ in
            let admin = try await console.browser(of: "admin")
            let secret = try TestPeople.token(console.archive, [.admin])
            let session = SecretText.hash(try #require(admin.cookies["margay-session"]))
            for route in ConsoleRoutes.all where route.work.isRead {
                if case .live = route.work { continue }
                let reply = try await admin.get(route.path)
                for hidden in ["scrypt", session, SecretText.hash(secret), secret] {
                    #expect(!reply.text.contains(hidden), "\(route.path)")
                }
            }
            for path in ["/api/v1/users", "/api/v1/tokens", "/api/v1/me", "/api/v1/audit"] {
                let reply = try await console.browser().get(path, headers: ["Authorization: Bearer \(secret)"])
                #expect(reply.status == 200)
                #expect(try JSONSerialization.jsonObject(with: Data(reply.body)) is [String: Any])
                for hidden in ["scrypt", session, SecretText.hash(secret), secret] {
                    #expect(!reply.text.contains(hidden), "\(path)")
                }
            }
        }
    }

    @Test func `a link from elsewhere comes back with its cookies and does not ask to sign in`() async throws {
        try await withConsole(people: true) { console, _ in
            let reply = try await console.browser().get("/issues", headers: ["Sec-Fetch-Site: cross-site"])
            #expect(reply.status == 200)
            #expect(reply.text.contains("http-equiv=\"refresh\""))
            #expect(reply.header("set-cookie") == nil)
        }
    }

    @Test func `a page that is live ends when its session does`() async throws {
        try await withConsole(people: true) { console, _ in
            let browser = try await console.browser(of: "viewer")
            let cookie = try #require(browser.cookies["margay-session"])
            let (port, archive) = (console.port, console.archive)
            let rest = try await offPool { () -> String in
                let socket = try TestSocket(port: port)
                socket.send(
                    Array(
                        "GET /live HTTP/1.1\r\nHost: localhost\r\nCookie: margay-session=\(cookie)\r\n\r\n".utf8))
                var text = ""
                while !text.contains("event: ") { text += String(decoding: socket.receive(), as: UTF8.self) }
                // Raises the number of changes too.
                _ = try archive.endSessions(of: "viewer", by: "root", now: TestConsole.now)
                while !text.hasSuffix("0\r\n\r\n") {
                    let more = socket.receive()
                    if more.isEmpty { break }
                    text += String(decoding: more, as: UTF8.self)
                }
                return text
            }
            #expect(rest.components(separatedBy: "event: count").count == 2)
        }
    }
}
