import Events
import HTTPTypes

/// What the console knows to do at an address.
enum ConsoleWork: Sendable {
    /// Reads: GET and HEAD. May be asked again at any time, by anybody: a prefetcher, a mail scanner.
    case page(@Sendable (ConsoleSite, PageRequest) throws -> Answer)
    /// Changes: a form, by POST, with its token.
    case form(@Sendable (ConsoleSite, PageRequest) throws -> Answer)
    /// The same where passwords are hashed: on a thread of its own, so that other pages do not wait for it.
    case secretForm(@Sendable (ConsoleSite, PageRequest) throws -> Answer)
    /// Reads, for programs: what goes wrong is told in JSON.
    case data(@Sendable (ConsoleSite, PageRequest) throws -> Answer)
    /// Changes, for programs: a body of JSON, or none with DELETE.
    case call(@Sendable (ConsoleSite, PageRequest) throws -> Answer)
    /// The same where passwords are hashed.
    case secretCall(@Sendable (ConsoleSite, PageRequest) throws -> Answer)
    case asset(PageAssets.Asset)
    /// An event stream.
    case live

    var isRead: Bool {
        switch self {
        case .form, .secretForm, .call, .secretCall: false
        case .page, .data, .asset, .live: true
        }
    }

    var isForPrograms: Bool {
        switch self {
        case .data, .call, .secretCall: true
        case .page, .form, .secretForm, .asset, .live: false
        }
    }
}

/// An address, who may use it, and what is done there.
struct ConsoleRoute: Sendable {
    /// Its parts, where `*` stands for a name: `/i/*/move`, `/i/*.json`. Of two that fit, the first of `all` counts.
    let path: String
    let method: RouteMethod
    let access: RouteAccess
    let work: ConsoleWork

    /// By GET what reads, by POST what changes.
    init(_ path: String, _ access: RouteAccess, _ work: ConsoleWork) {
        self.init(path, access, work.isRead ? .get : .post, work)
    }

    init(_ path: String, _ access: RouteAccess, _ method: RouteMethod, _ work: ConsoleWork) {
        self.path = path
        self.method = method
        self.access = access
        self.work = work
        parts = path.split(separator: "/").map(String.init)
    }

    private let parts: [String]

    /// The name in `parts`, empty where the route has none; nil where the route leads elsewhere.
    fileprivate func name(in given: [String]) -> String? {
        guard given.count == parts.count else { return nil }
        var name = ""
        for (own, part) in zip(parts, given) {
            if own == "*" {
                name = part
            } else if own.first == "*" {
                let ending = own.dropFirst()
                guard part.hasSuffix(ending), part.utf8.count > ending.utf8.count else { return nil }
                name = String(part.dropLast(ending.count))
            } else if own != part {
                return nil
            }
        }
        return name
    }
}

/// The addresses of the console: the one place where it is said who may do what.
enum ConsoleRoutes {
    static let viewer = RouteAccess.role(.viewer, nil)
    static let responder = RouteAccess.role(.responder, nil)

    static let all: [ConsoleRoute] = twins + pages + doors + settings + programs

    private static let pages = [
        ConsoleRoute("/", viewer, .page { try $0.dashboard($1) }),
        ConsoleRoute("/issues", viewer, .page { try $0.issues($1) }),
        ConsoleRoute("/issues/move", responder, .form { try $0.moveMany($1) }),
        ConsoleRoute("/i/*", viewer, .page { try $0.issue($1) }),
        ConsoleRoute("/i/*/move", responder, .form { try $0.moveOne($1) }),
        ConsoleRoute("/i/*/draft", viewer, .page { try $0.draft($1) }),
        ConsoleRoute("/i/*/draft", .role(.editor, nil), .form { try $0.addDraft($1) }),
        ConsoleRoute("/columns", viewer, .form { try $0.chooseColumns($1) }),
        ConsoleRoute("/inbox", viewer, .page { try $0.inbox($1) }),
        ConsoleRoute("/inbox/*", responder, .form { try $0.judge($1) }),
        ConsoleRoute("/undo", responder, .form { try $0.undo($1) }),
        ConsoleRoute("/views/save", responder, .form { try $0.saveView($1) }),
        ConsoleRoute("/views/remove", responder, .form { try $0.removeView($1) }),
        ConsoleRoute("/sources", viewer, .page { try $0.sources($1) }),
        ConsoleRoute("/packs", viewer, .page { try $0.packs($1) }),
        // Before the packs: one of that name is in the list.
        ConsoleRoute("/packs/suggestions", viewer, .page { try $0.suggestions($1) }),
        ConsoleRoute("/packs/*", viewer, .page { try $0.pack($1) }),
        ConsoleRoute("/reports", viewer, .page { try $0.reports($1) }),
        ConsoleRoute("/audit", viewer, .page { try $0.audit($1) }),
        ConsoleRoute("/help", viewer, .page { try $0.help($1) }),
        ConsoleRoute("/api", viewer, .page { try $0.apiPage($1) }),
        ConsoleRoute("/api/*", viewer, .page { try $0.operationPage($1) }),
        ConsoleRoute("/live", viewer, .live),
    ]

    private static let doors = [
        ConsoleRoute("/login", .anyone, .page { try $0.signInPage($1) }),
        ConsoleRoute("/login", .anyone, .secretForm { try $0.signIn($1) }),
        ConsoleRoute("/logout", .account(.viewer, nil), .form { try $0.signOut($1) }),
        ConsoleRoute("/setup/*", .anyone, .page { try $0.setupPage($1) }),
        ConsoleRoute("/setup/*", .anyone, .secretForm { try $0.setUp($1) }),
    ]

    private static let settings = [
        ConsoleRoute("/settings", viewer, .page { try $0.settings($1) }),
        ConsoleRoute("/settings", viewer, .form { try $0.saveSettings($1) }),
        ConsoleRoute("/settings/password", .account(.viewer, nil), .secretForm { try $0.changePassword($1) }),
        ConsoleRoute("/settings/sessions", .account(.viewer, nil), .form { try $0.endSessions($1) }),
        ConsoleRoute("/settings/tokens", viewer, .page { try $0.tokensPage($1) }),
        ConsoleRoute("/settings/tokens", .account(.viewer, nil), .form { try $0.changeTokens($1) }),
        ConsoleRoute("/settings/users", .role(.admin, nil), .page { try $0.usersPage($1) }),
        ConsoleRoute("/settings/users", .account(.admin, nil), .secretForm { try $0.changeUsers($1) }),
        ConsoleRoute("/settings/configuration", .role(.admin, nil), .page { try $0.configurationPage($1) }),
        ConsoleRoute("/settings/store", .role(.admin, nil), .page { try $0.storePage($1) }),
    ]

    /// What is at `path`, and the name in it; nil where there is nothing. A path may have a route for each method.
    static func route(
        at path: String, _ method: RouteMethod, _ assets: PageAssets
    ) -> (route: ConsoleRoute, name: String)? {
        guard path.hasPrefix("/") else { return nil }
        let parts = path.split(separator: "/", omittingEmptySubsequences: true).map { unescaped($0) }
        if parts.first == "assets" {
            guard method == .get, let asset = assets.all.first(where: { $0.path == path }) else { return nil }
            return (ConsoleRoute(path, .anyone, .asset(asset)), "")
        }
        for route in all where route.method == method {
            if let name = route.name(in: parts) { return (route, name) }
        }
        return nil
    }

    /// How `path` may be used; empty where nothing is there.
    static func methods(at path: String, _ assets: PageAssets) -> [RouteMethod] {
        RouteMethod.allCases.filter { route(at: path, $0, assets) != nil }
    }

    /// A part of a path without its percent signs; plus is plus here.
    private static func unescaped(_ part: Substring) -> String {
        let text = part.split(separator: "+", omittingEmptySubsequences: false).joined(separator: "%2B")
        return FormFields("v=\(text)".utf8)?["v"] ?? ""
    }
}
