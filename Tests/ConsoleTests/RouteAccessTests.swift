import Events
import Store
import Testing

@testable import Console

/// Who may use which address: every route is in this table, and every row of it is tried by everybody.
@Suite struct RouteAccessTests {
    /// Least role, `*` for who signed in and no program, and the scope that lets a token in.
    static let expected: [String: String] = [
        "GET /": "viewer", "GET /issues": "viewer", "POST /issues/move": "responder", "GET /i/*": "viewer",
        "POST /i/*/move": "responder", "GET /inbox": "viewer", "POST /inbox/*": "responder",
        "POST /undo": "responder", "POST /views/save": "responder", "POST /views/remove": "responder",
        "GET /sources": "viewer", "GET /packs": "viewer", "GET /packs/*": "viewer", "GET /packs/suggestions": "viewer",
        "GET /reports": "viewer",
        "GET /audit": "viewer", "GET /help": "viewer", "GET /live": "viewer",
        "GET /login": "anyone", "POST /login": "anyone", "POST /logout": "viewer*", "GET /setup/*": "anyone",
        "POST /setup/*": "anyone", "POST /columns": "viewer", "GET /i/*/draft": "viewer",
        "POST /i/*/draft": "editor", "POST /api/v1/issues/*/draft": "editor admin",
        "GET /settings": "viewer", "POST /settings": "viewer", "POST /settings/password": "viewer*",
        "POST /settings/sessions": "viewer*", "GET /settings/tokens": "viewer", "POST /settings/tokens": "viewer*",
        "GET /settings/users": "admin", "POST /settings/users": "admin*", "GET /settings/configuration": "admin",
        "GET /settings/store": "admin",
        "GET /api": "viewer", "GET /api/*": "viewer",
        "GET /healthz": "anyone", "GET /metrics": "viewer read", "GET /api/v1/openapi.json": "viewer read",
        "GET /api/v1/issues": "viewer read", "GET /api/v1/count": "viewer read",
        "GET /api/v1/issues/*": "viewer read", "GET /api/v1/issues/*/pulse": "viewer read",
        "GET /api/v1/issues/*/context": "viewer read", "GET /api/v1/issues/*/similar": "viewer read",
        "GET /api/v1/issues/*/notices": "viewer read", "GET /api/v1/issues/*/draft": "viewer read",
        "POST /api/v1/issues/*/moves": "responder write", "POST /api/v1/moves": "responder write",
        "POST /api/v1/undo": "responder write", "POST /api/v1/events": "responder events",
        "GET /api/v1/views": "viewer read", "PUT /api/v1/views/*": "responder write",
        "DELETE /api/v1/views/*": "responder write", "GET /api/v1/sources": "viewer read",
        "GET /api/v1/learning": "viewer read", "POST /api/v1/learning/accept": "responder write",
        "GET /api/v1/packs": "viewer read", "GET /api/v1/packs/*": "viewer read",
        "GET /api/v1/status": "viewer read", "GET /api/v1/reports/*": "viewer read",
        "GET /api/v1/audit": "viewer read", "GET /api/v1/configuration": "admin admin",
        "GET /api/v1/store": "admin admin", "GET /api/v1/me": "viewer read", "PUT /api/v1/me/password": "viewer*",
        "GET /api/v1/sessions": "viewer* admin", "DELETE /api/v1/sessions": "viewer* admin",
        "DELETE /api/v1/sessions/*": "viewer* admin", "GET /api/v1/users": "admin admin",
        "POST /api/v1/users": "admin* admin", "PATCH /api/v1/users/*": "admin* admin",
        "DELETE /api/v1/users/*": "admin* admin", "GET /api/v1/tokens": "viewer admin",
        "POST /api/v1/tokens": "viewer* admin", "DELETE /api/v1/tokens/*": "viewer* admin",
        "GET /dashboard.json": "viewer read",
        "GET /issues.json": "viewer read",
        "GET /inbox.json": "viewer read",
        "GET /i/*.json": "viewer read",
        "GET /i/*/draft.json": "viewer read",
        "GET /sources.json": "viewer read",
        "GET /packs.json": "viewer read",
        "GET /packs/*.json": "viewer read",
        "GET /reports.json": "viewer read",
        "GET /audit.json": "viewer read",
        "GET /settings.json": "viewer read",
        "GET /settings/users.json": "admin admin",
        "GET /settings/tokens.json": "viewer admin",
        "GET /settings/configuration.json": "admin admin",
        "GET /settings/store.json": "admin admin",
        "GET /api.json": "viewer read",
        "GET /issues.csv": "viewer read",
        "GET /inbox.csv": "viewer read",
        "GET /sources.csv": "viewer read",
        "GET /packs.csv": "viewer read",
        "GET /audit.csv": "viewer read",
    ]

    private static func key(_ route: ConsoleRoute) -> String { "\(route.method.rawValue) \(route.path)" }

    private static func word(_ access: RouteAccess) -> String {
        switch access {
        case .anyone: "anyone"
        case .role(let role, let scope): role.rawValue + (scope.map { " \($0.rawValue)" } ?? "")
        case .account(let role, let scope): role.rawValue + "*" + (scope.map { " \($0.rawValue)" } ?? "")
        }
    }

    @Test func `every route is for whom it is meant`() {
        let routes = ConsoleRoutes.all.map { (RouteAccessTests.key($0), RouteAccessTests.word($0.access)) }
        #expect(Dictionary(routes, uniquingKeysWith: { $0 + $1 }) == RouteAccessTests.expected)
    }

    /// What a request came to, as far as access goes.
    private enum Outcome: String {
        case allowed, refused, signIn
    }

    private func outcome(_ route: ConsoleRoute, _ browser: TestBrowser, _ id: String) async throws -> Outcome {
        let path = RouteAccessTests.path(route, id)
        let reply: TestReply
        if route.work.isRead {
            reply = try await browser.get(path)
        } else if route.work.isForPrograms {
            reply = try await browser.request(
                route.method.rawValue, path, headers: ["Content-Type: application/json"], body: Array("{}".utf8))
        } else {
            // Without a token of the form, so that nothing is changed by it.
            reply = try await browser.post(path, [])
        }
        if reply.status == 401 || (reply.status == 303 && reply.header("location")?.hasPrefix("/login") == true) {
            return .signIn
        }
        if reply.status == 403, reply.text.contains("This is not for you") { return .refused }
        return .allowed
    }

    /// With a field that the API does not know where something would be changed, so that nothing is.
    private static func path(_ route: ConsoleRoute, _ id: String) -> String {
        let path = route.path.split(separator: "*", omittingEmptySubsequences: false).joined(separator: id)
        return route.work.isForPrograms && !route.work.isRead ? path + "?nothing=yes" : path
    }

    @Test(arguments: [nil, Role.viewer, .responder, .editor, .admin])
    func `each route lets in whom it says`(_ role: Role?) async throws {
        try await withConsole(people: true) { console, _ in
            let id = try #require(try console.archive.ids(IssueQuery()).first)
            let browser =
                if let role { try await console.browser(of: role.rawValue) } else { console.browser() }
            for route in ConsoleRoutes.all {
                // Endless for who may look.
                if case .live = route.work, role != nil { continue }
                let expected: Outcome
                switch route.access {
                case .anyone: expected = .allowed
                case .role(let needed, _), .account(let needed, _):
                    expected = role.map { $0 >= needed ? .allowed : .refused } ?? .signIn
                }
                #expect(
                    try await outcome(route, browser, id) == expected,
                    "\(role?.rawValue ?? "nobody") at \(RouteAccessTests.key(route))")
            }
        }
    }

    @Test(arguments: [
        ("read", "read"), ("write", "write"), ("read,write", "read write"), ("events", "events"),
        ("admin", "read write events admin"),
    ])
    func `a token opens what its scopes say, and no page`(
        _ scopes: String, _ opened: String
    ) async throws {
        let opened = opened.split(separator: " ").map(String.init)
        let scopes = try #require(TokenScope.list(scopes))
        try await withConsole { console, browser in
            let id = try #require(try console.archive.ids(IssueQuery()).first)
            let secret = try TestPeople.token(console.archive, scopes)
            for route in ConsoleRoutes.all where route.access != .anyone {
                let path = RouteAccessTests.path(route, id)
                let headers = ["Authorization: Bearer \(secret)"]
                let reply =
                    route.work.isRead
                    ? try await browser.get(path, headers: headers)
                    : try await browser.request(
                        route.method.rawValue, path, headers: headers + ["Content-Type: application/json"],
                        body: Array("{}".utf8))
                let scope: TokenScope? =
                    switch route.access {
                    case .anyone: nil
                    case .role(_, let scope), .account(_, let scope): scope
                    }
                let isMeant = scope.map { opened.contains($0.rawValue) } ?? false
                #expect((reply.status != 403) == isMeant, "\(RouteAccessTests.key(route)): \(reply.status)")
                if !isMeant { #expect(reply.text.contains("oken")) }
            }
        }
    }

    @Test func `a refusal says why and who may`() async throws {
        try await withConsole(people: true) { console, _ in
            let viewer = try await console.browser(of: "viewer")
            let reply = try await viewer.get("/settings/users")
            #expect(reply.status == 403)
            #expect(HTMLPage(reply.text).faults == [])
            #expect(
                HTMLPage(reply.text).texts.map(\.text).joined().contains(
                    "This takes the role admin or more; viewer is viewer. Ask admin."))
        }
    }

    @Test func `what one may not do is not offered`() async throws {
        try await withConsole(people: true) { console, _ in
            let id = try #require(try console.archive.ids(IssueQuery()).first)
            let viewer = try await console.browser(of: "viewer")
            for path in ["/", "/issues?q=is%3Ainbox", "/i/\(id)", "/inbox", "/settings", "/settings/tokens", "/audit"] {
                let page = HTMLPage(try await viewer.get(path).text)
                #expect(page.faults == [], "\(path)")
                for form in page.forms {
                    let route = try #require(
                        ConsoleRoutes.route(at: form.action, form.action == "/issues" ? .get : .post, .standard))
                    #expect(
                        route.route.access.judge(Person(way: .session(1), name: "v", role: .viewer)) == .allow,
                        "\(form.action) on \(path)")
                }
                #expect(!page.links.contains { $0.hasPrefix("/settings/users") }, "\(path)")
            }
            let responder = try await console.browser(of: "responder")
            #expect(HTMLPage(try await responder.get("/i/\(id)").text).form("ack") != nil)
            let admin = try await console.browser(of: "admin")
            #expect(HTMLPage(try await admin.get("/settings").text).links.contains("/settings/users"))
        }
    }
}
