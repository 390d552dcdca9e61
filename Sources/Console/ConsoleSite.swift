import Access
import Events
import HTTPTypes
import Store
import Triage

/// The console without its sockets: a request in, an answer out. Every page blocks on the store, so it is asked on
/// threads of its own (`StoreThreads`), several at a time.
struct ConsoleSite: Sendable {
    let host: ConsoleHost
    let settings: ConsoleSettings
    let gate: AccessGate
    let desk: SignInDesk
    let templates = PageTemplates.standard
    let assets = PageAssets.standard
    let tokens = FormTokens()
    let announcements = Announcements()
    let counts = KeptCounts()

    init(host: ConsoleHost, settings: ConsoleSettings = ConsoleSettings()) {
        self.host = host
        self.settings = settings
        gate = AccessGate(archive: host.archive, settings: settings, author: host.author)
        desk = SignInDesk(cost: host.passwordCost)
    }

    var archive: Archive { host.archive }

    /// Who makes the moves of this visitor.
    func author(_ request: PageRequest) -> String { request.visitor.person.name }

    /// Whether the visitor may do what takes `role`, and anything can be changed at all.
    func canChange(_ request: PageRequest, _ role: Role = .responder) -> Bool {
        host.readOnlyReason == nil && (request.visitor.person.role.map { $0 >= role } ?? false)
    }

    /// The filter of a query, or the fault with its caret.
    func filter(_ query: String, _ request: PageRequest) throws(QueryFault) -> IssueFilter {
        try QueryParser.parse(query, QuerySetting(now: request.now, me: author(request), compile: host.compile))
    }

    /// The issue that the path names, with its story. Throws a `PageFault` where there is none, or several.
    func find(_ text: String, _ request: PageRequest) throws -> (issue: IssueDetail, story: IssueStory) {
        switch try archive.issue(matching: text, now: request.now) {
        case .none: throw PageFault.notFound("There is no issue \(text). It may have been called by another id.")
        case .ambiguous(let ids):
            throw PageFault.notFound("Several issues begin with \(text): \(ids.joined(separator: ", ")).")
        case .found(let issue):
            guard let story = try archive.story(id: issue.row.id) else {
                throw PageFault.notFound("There is no issue \(text) any more.")
            }
            return (issue, story)
        }
    }

    /// A page in its frame. `section` is the entry of the navigation that it belongs to.
    func page(
        _ template: String, title: String, section: String = "", status: HTTPResponse.Status = .ok,
        _ request: PageRequest, _ values: [String: Any]
    ) throws -> Answer {
        let preferences = request.visitor.preferences
        let person = request.visitor.person
        var common: [String: Any] = [
            "token": tokens.token(for: request.visitor.session), "isReadOnly": host.readOnlyReason != nil,
            "canChange": canChange(request), "me": author(request), "hasKeys": preferences.hasKeys,
            "isIn": person.isIn, "isAdmin": person.role == .admin, "isAccount": person.isAccount,
            "role": person.isAccount ? person.role?.rawValue ?? "" : "",
        ]
        if case .session = person.way { common["isSession"] = true } else { common["isSession"] = false }
        common.merge(values) { $1 }
        let body = templates.render(template, common)
        var frame = common
        frame["title"] = title
        frame["body"] = body
        frame["theme"] = preferences.theme.rawValue
        frame["style"] = assets.style.path
        frame["script"] = assets.script.path
        frame["icon"] = assets.icon.path
        frame["version"] = host.version
        frame["readOnlyReason"] = host.readOnlyReason
        frame["now"] = Timestamp(seconds: request.now.microseconds / Timestamp.microsecondsPerSecond).description
        frame["navigation"] = person.isIn ? try navigation(section, request) : []
        if let said = request.query["said"].flatMap({ announcements[$0] }) {
            frame["said"] = saidValues(said, request)
        }
        return .html(templates.render("layout", frame), status: status)
    }

    private func saidValues(_ said: Announcements.Announcement, _ request: PageRequest) -> [String: Any] {
        [
            "text": said.text, "isRefusal": said.isRefusal, "hasUndo": !said.undoIDs.isEmpty,
            "ids": said.undoIDs, "times": said.undoTimes, "back": pathAndQuery(request, without: "said"),
        ]
    }

    /// The address of the page itself, one field left out.
    func pathAndQuery(_ request: PageRequest, without name: String) -> String {
        let rest = request.query.pairs.filter { $0.name != name }
        return ConsoleSite.address(request.path, rest.map { ($0.name, $0.value) })
    }

    /// A path with fields behind it; those that are nil or empty are left out.
    static func address(_ path: String, _ fields: [(String, String?)]) -> String {
        let query = fields.compactMap { name, value in
            value.flatMap { $0.isEmpty ? nil : "\(name)=\(FormFields.encoded($0))" }
        }
        return query.isEmpty ? path : path + "?" + query.joined(separator: "&")
    }

    private func navigation(_ section: String, _ request: PageRequest) throws -> [[String: Any]] {
        let inbox = try issueCount("inbox", IssueQuery(states: nil, condition: .test(.mark(.inbox))), request)
        return [
            ("dashboard", "/", "Dashboard", "g d"), ("inbox", "/inbox", "Inbox", "g n"),
            ("issues", "/issues", "Issues", "g i"), ("sources", "/sources", "Sources", "g s"),
            ("packs", "/packs", "Packs", "g p"), ("reports", "/reports", "Reports", "g r"),
            ("audit", "/audit", "Audit", "g a"),
            ("settings", "/settings", "Settings", "g e"), ("help", "/help", "Help", "g h"),
        ].map { name, path, title, key in
            [
                "path": path, "title": title, "key": key, "isCurrent": name == section, "isInbox": name == "inbox",
                "count": ConsoleSite.countText(inbox), "hasCount": inbox > 0,
            ]
        }
    }

    /// A count that was not counted further than `ConsoleLimits.countedMax`.
    static func countText(_ count: Int) -> String {
        count >= ConsoleLimits.countedMax ? "\(grouped(ConsoleLimits.countedMax))+" : grouped(count)
    }

    /// `1,204`.
    static func grouped(_ number: some BinaryInteger) -> String {
        var digits = Array(String(number.magnitude))
        var place = digits.count - 3
        while place > 0 {
            digits.insert(",", at: place)
            place -= 3
        }
        return (number < 0 ? "−" : "") + String(digits)
    }
}
