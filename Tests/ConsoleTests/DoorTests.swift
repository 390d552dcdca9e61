import Access
import Events
import Foundation
import Logging
import Store
import Testing
import Triage

@testable import Console

/// Who is let in without a password: by a set-up link, a proxy, a token, or because nobody else can come.
@Suite struct DoorTests {
    private static func settings(
        _ listen: String = "127.0.0.1:0", names: [String] = [], proxy: ConsoleSettings.Proxy? = nil
    ) throws -> ConsoleSettings {
        ConsoleSettings(listen: try ListenAddress(listen), names: names, proxy: proxy)
    }

    private static func proxy(_ address: String, role: Role = .viewer) throws -> ConsoleSettings.Proxy {
        ConsoleSettings.Proxy(
            addresses: [try #require(AddressRange(address))], userHeader: "X-Remote-User", role: role)
    }

    @Test(arguments: [
        (true, false, false, false, true, OpeningRule.Verdict.open), (false, true, false, false, false, .open),
        (false, false, true, false, false, .open), (false, false, false, true, false, .open),
        (false, false, false, false, true, .openWithLink),
    ])
    func `a console that others can reach is opened to somebody in particular only`(
        _ isLoopback: Bool, _ hasUsers: Bool, _ hasProxy: Bool, _ isPending: Bool, _ canWrite: Bool,
        _ verdict: OpeningRule.Verdict
    ) {
        #expect(
            OpeningRule.judge(
                isLoopback: isLoopback, hasUsers: hasUsers, hasProxy: hasProxy, isLinkPending: isPending,
                canWrite: canWrite) == verdict)
    }

    @Test func `a console that others can reach and nobody can be made for is not opened`() async throws {
        let store = try await TestConsole()
        let archive = store.archive
        let server = ConsoleServer(log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let fault = await #expect(throws: ConsoleServer.Fault.self) {
            try await offPool {
                _ = try server.start(
                    TestConsole.host(archive, readOnlyReason: "x"), try DoorTests.settings("0.0.0.0:0"))
            }
        }
        #expect(
            fault?.description == """
                the console at 0.0.0.0:0 is open to other machines, and there are no users to keep strangers out; make \
                one with 'margay user add NAME --role admin', or listen on 127.0.0.1
                """)
        server.stop()
        try await store.stop()
    }

    @Test func `on its first start the set-up link lets the first admin in, once`() async throws {
        try await withConsole(settings: try DoorTests.settings("0.0.0.0:0")) { console, browser in
            let link = try #require(console.opening.setupLink)
            #expect(console.opening.warnings.count == 1)
            let path = "/setup/" + (try #require(link.split(separator: "/").last))
            // Nobody else is let in meanwhile.
            #expect(try await browser.get("/issues").status == 303)
            #expect(try await browser.get("/setup/guess").status == 404)
            // Looking at it does not use it up.
            for _ in 0..<2 { #expect(try await browser.get(path).status == 200) }
            let page = HTMLPage(try await browser.get(path).text)
            #expect(page.faults == [])
            let form = try #require(page.forms.first { $0.action == path })
            for (name, password, again) in [
                ("a b", TestPeople.password, TestPeople.password), ("ada", "short", "short"),
                ("ada", TestPeople.password, "other"),
            ] {
                let reply = try await browser.submit(form, ["name": name, "password": password, "again": again])
                #expect(reply.status == 400)
                #expect(HTMLPage(reply.text).faults == [])
            }
            let made = try await browser.submit(
                form, ["name": "ada", "password": TestPeople.password, "again": TestPeople.password])
            #expect(made.text.contains("ada is the first admin"))
            #expect(try console.archive.users().map(\.role) == [.admin])
            let twice = try await browser.submit(
                form, ["name": "eve", "password": TestPeople.password, "again": TestPeople.password])
            #expect(twice.status == 404)
            #expect(try await browser.get(path).status == 404)
            #expect(try console.archive.users().map(\.name) == ["ada"])
            #expect(try await console.browser(of: "ada").get("/settings/users").status == 200)
        }
    }

    @Test func `there is no link where there are users, or nobody else can come`() async throws {
        try await withConsole(people: true) { console, _ in #expect(console.opening.setupLink == nil) }
        try await withConsole(settings: try DoorTests.settings("0.0.0.0:0"), people: true) { console, _ in
            #expect(console.opening.setupLink == nil)
        }
    }

    @Test(arguments: [
        ("localhost", true), ("127.0.0.1", true), ("margay.example", true), ("Margay.Example:8443", true),
        ("10.1.2.3:7077", true), ("[2001:db8::1]", true), ("evil.example", false), ("margay.example.evil", false),
        ("10.1.2.3.evil.example", false),
    ])
    func `a console that others can reach answers to its names and to addresses`(
        _ host: String, _ isAnswered: Bool
    ) async throws {
        let settings = try DoorTests.settings("0.0.0.0:0", names: ["margay.example"])
        try await withConsole(settings: settings, people: true) { _, browser in
            let reply = try await browser.get("/healthz", headers: ["Host: \(host)"])
            #expect(reply.status == (isAnswered ? 200 : 421))
        }
    }

    @Test(arguments: ["X-Forwarded-For: 203.0.113.7", "Forwarded: for=203.0.113.7"])
    func `what a proxy passes on is not from this machine`(_ header: String) async throws {
        try await withConsole { (_, browser: TestBrowser) async throws in
            #expect(try await browser.get("/issues").status == 200)
            #expect(try await browser.get("/issues", headers: [header]).status == 303)
            #expect(try await browser.get("/api/v1/issues", headers: [header]).status == 401)
        }
    }

    @Test func `a name of the configuration is not this machine's`() async throws {
        try await withConsole(settings: try DoorTests.settings(names: ["margay.example"])) {
            (_, browser: TestBrowser) async throws in
            #expect(try await browser.get("/issues", headers: ["Host: margay.example"]).status == 303)
            #expect(try await browser.get("/issues").status == 200)
        }
    }

    @Test func `the header of the proxy is believed, and whom the store knows has the role it says`() async throws {
        let settings = try DoorTests.settings(proxy: try DoorTests.proxy("127.0.0.1"))
        try await withConsole(settings: settings, people: true) { console, browser in
            func me(_ headers: [String]) async throws -> TestReply {
                try await browser.get("/api/v1/me", headers: headers)
            }
            #expect(try await me(["X-Remote-User: zoe"]).text.contains("{\"name\":\"zoe\",\"role\":\"viewer\""))
            #expect(try await me(["X-Remote-User: editor"]).text.contains("\"role\":\"editor\""))
            // Nobody at all: not even who sits at this machine, since the proxy does too.
            #expect(try await me([]).status == 401)
            for name in ["", "a b", "<u>", "margay", "me"] {
                #expect(try await me(["X-Remote-User: \(name)"]).status == 401, "\(name)")
            }
            #expect(try await me(["X-Remote-User: zoe", "X-Remote-User: admin"]).status == 401)
            #expect(
                try console.archive.change(user: "editor", .disabled(true), by: "root", now: TestConsole.now) == .done)
            #expect(try await me(["X-Remote-User: editor"]).status == 401)
            // Its moves bear the name.
            let page = HTMLPage(try await browser.get("/settings", headers: ["X-Remote-User: zoe"]).text)
            #expect(page.faults == [])
            #expect(page.texts.map(\.text).joined().contains("zoe"))
        }
    }

    @Test func `the header of anybody else is nothing`() async throws {
        let settings = try DoorTests.settings(proxy: try DoorTests.proxy("10.0.0.0/8", role: .admin))
        try await withConsole(settings: settings) { (_, browser: TestBrowser) async throws in
            #expect(try await browser.get("/issues", headers: ["X-Remote-User: admin"]).status == 303)
        }
        try await withConsole(people: true) { (_, browser: TestBrowser) async throws in
            #expect(try await browser.get("/issues", headers: ["X-Remote-User: admin"]).status == 303)
        }
    }

    @Test func `failures behind a proxy are counted by whom it names`() async throws {
        let settings = try DoorTests.settings(proxy: try DoorTests.proxy("127.0.0.1"))
        try await withConsole(settings: settings, people: true) { (_, browser: TestBrowser) async throws in
            func attempt(_ name: String, _ password: String, from address: String) async throws -> Int {
                let header = "X-Forwarded-For: 1.1.1.1, \(address)"
                let page = HTMLPage(try await browser.get("/login", headers: [header]).text)
                let form = try #require(page.forms.first { $0.action == "/login" })
                return try await browser.post(
                    "/login", form.fields.filter { $0.0 == "token" } + [("name", name), ("password", password)],
                    headers: [header]
                ).status
            }
            for number in 0..<5 {
                #expect(try await attempt("n\(number)", "wrong", from: "203.0.113.7") == 401)
            }
            #expect(try await attempt("viewer", TestPeople.password, from: "203.0.113.7") == 429)
            #expect(try await attempt("viewer", TestPeople.password, from: "203.0.113.8") == 303)
        }
    }

    @Test func `a token moves issues under its own name, until it has expired`() async throws {
        try await withConsole(people: true) { console, browser in
            let id = try #require(try console.archive.ids(IssueQuery()).first)
            let secret = try TestPeople.token(console.archive, [.write])
            let late = try TestPeople.token(console.archive, [.write], days: 0)
            func move(_ token: String) async throws -> Int {
                try await browser.request(
                    "POST", "/api/v1/issues/\(id)/moves",
                    headers: [
                        "Authorization: Bearer \(token)", "Content-Type: application/json", "If-Match: *",
                    ], body: Array("{\"move\":\"ack\"}".utf8)
                ).status
            }
            for wrong in [late, "", "mgy_", secret + "x", SecretText.hash(secret)] {
                #expect(try await move(wrong) == 401)
            }
            #expect(try await move(secret) == 200)
            #expect(try console.archive.audit(limit: 1).first?.author == "token t-write-30")
            #expect(try console.archive.tokens().first { $0.name == "t-write-30" }?.lastUsed == TestConsole.now)
            // Known while there are no users, too, and never better than none.
            #expect(try await browser.get("/api/v1/issues", headers: ["Authorization: Basic eDp5"]).status == 401)
        }
    }

    @Test func `a token of a user may what the user may, and goes with it`() async throws {
        try await withConsole(people: true) { console, _ in
            let browser = try await console.browser(of: "responder")
            let page = HTMLPage(try await browser.get("/settings/tokens").text)
            let form = try #require(page.forms.first { $0.buttons.contains("add") })
            let token = try #require(form.fields.first { $0.0 == "token" })
            func add(_ name: String, _ scopes: [String], days: String = "90") async throws -> TestReply {
                try await browser.post(
                    "/settings/tokens",
                    [token, ("do", "add"), ("name", name), ("days", days)] + scopes.map { ("scope", $0) })
            }
            #expect(try await add("x", []).status == 400)
            #expect(try await add("a b", ["read"]).status == 400)
            #expect(try await add("x", ["read"], days: "9999").status == 400)
            #expect(try await add("x", ["admin"]).status == 403)
            let made = try await add("bot", ["read", "write"])
            #expect(made.status == 200)
            #expect(HTMLPage(made.text).faults == [])
            let secret = try #require(made.text.firstMatch(of: /mgy_[A-Za-z0-9_-]{43}/)).output
            #expect(try await !browser.get("/settings/tokens").text.contains("mgy_"))
            let program = console.browser()
            let headers = ["Authorization: Bearer \(secret)"]
            #expect(try await program.get("/api/v1/issues", headers: headers).status == 200)
            #expect(
                try console.archive.change(user: "responder", .role(.viewer), by: "root", now: TestConsole.now)
                    == .done)
            let id = try #require(try console.archive.ids(IssueQuery()).first)
            let move = try await program.request(
                "POST", "/api/v1/issues/\(id)/moves",
                headers: headers + ["Content-Type: application/json", "If-Match: *"],
                body: Array("{\"move\":\"ack\"}".utf8))
            #expect(move.status == 403)
            #expect(move.text.contains("The owner of this token is viewer now"))
            #expect(try await program.get("/api/v1/issues", headers: headers).status == 200)
            #expect(
                try console.archive.change(user: "responder", .removed, by: "root", now: TestConsole.now) == .done)
            #expect(try await program.get("/api/v1/issues", headers: headers).status == 401)
        }
    }

    @Test func `an admin adds, changes and removes users, and cannot lock all out`() async throws {
        try await withConsole(people: true) { console, _ in
            let admin = try await console.browser(of: "admin")
            let page = HTMLPage(try await admin.get("/settings/users").text)
            let token = try #require(page.forms.first { $0.action == "/settings/users" }?.fields.first)
            func change(_ fields: [(String, String)]) async throws -> String {
                let reply = try await admin.post("/settings/users", [("token", token.1)] + fields)
                guard reply.status == 303, let next = reply.header("location") else { return "\(reply.status)" }
                let said = HTMLPage(try await admin.get(next).text)
                #expect(said.faults == [])
                return said.texts.map(\.text).joined(separator: " ")
            }
            let secret = ("password", TestPeople.password)
            #expect(
                try await change([("do", "add"), ("name", "zoe"), ("role", "editor"), secret]).contains("zoe added"))
            #expect(try await change([("do", "add"), ("name", "ZOE"), ("role", "editor"), secret]).contains("already"))
            #expect(try await change([("do", "add"), ("name", "a b"), ("role", "editor"), secret]) == "400")
            #expect(try await change([("do", "add"), ("name", "yan"), ("role", "king"), secret]) == "400")
            #expect(
                try await change([("do", "add"), ("name", "yan"), ("role", "editor"), ("password", "x")]) == "400")
            #expect(try await change([("do", "role"), ("name", "zoe"), ("role", "viewer")]).contains("zoe changed"))
            let zoe = try await console.browser(of: "zoe")
            #expect(try await change([("do", "disable"), ("name", "zoe")]).contains("zoe changed"))
            #expect(try await zoe.get("/").status == 303)
            #expect(try await change([("do", "remove"), ("name", "zoe")]).contains("zoe changed"))
            for what in ["disable", "remove"] {
                #expect(try await change([("do", what), ("name", "admin")]).contains("is the last admin"))
            }
            #expect(try console.archive.audit(limit: 1).first?.author == "admin")
        }
    }

    @Test func `the configuration is shown with where each value comes from`() async throws {
        try await withConsole { _, browser in
            let reply = try await browser.get("/settings/configuration")
            let page = HTMLPage(reply.text)
            #expect(page.faults == [])
            let text = page.texts.map(\.text).joined(separator: " ")
            #expect(text.contains("/srv/<u>margay</u>.db"))
            #expect(text.contains("margay.yaml:1:8"))
            #expect(text.contains("default"))
        }
    }
}
