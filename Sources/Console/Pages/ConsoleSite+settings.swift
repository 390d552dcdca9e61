import Access
import Events
import HTTPTypes
import Store

extension ConsoleSite {
    /// `GET /settings`: what one has chosen, and where one is signed in.
    func settings(_ request: PageRequest) throws -> Answer {
        let preferences = request.visitor.preferences
        let person = request.visitor.person
        var sessions: [UserSession] = []
        var own: Int64?
        if case .session(let number) = person.way {
            own = number
            sessions = try archive.sessions(of: person.name, now: request.now)
        }
        return try page(
            "settings", title: "Settings", section: "settings", request,
            [
                "name": preferences.name ?? "", "standardName": host.author,
                "themes": Preferences.Theme.allCases.map { theme in
                    ["name": theme.rawValue, "isChosen": theme == preferences.theme] as [String: Any]
                },
                "nameMax": Preferences.nameBytesMax, "lengthMin": PasswordHash.passwordLengthMin,
                "sessions": sessions.map { session in
                    [
                        "number": session.number, "address": session.address, "browser": session.browser,
                        "isThis": session.number == own, "begun": PageValues.time(session.created, now: request.now),
                        "seen": PageValues.time(session.lastSeen, now: request.now),
                    ] as [String: Any]
                },
                "hasPassword": own != nil && host.readOnlyReason == nil, "isProxied": person.way == .proxy,
            ])
    }

    /// `POST /settings`: into a cookie of this browser.
    func saveSettings(_ request: PageRequest) throws -> Answer {
        let name = request.form.text("name")
        if let name, !Preferences.isName(name) {
            throw PageFault.malformed(
                "A name has 1 to \(Preferences.nameBytesMax) bytes, no control characters, and is not margay's own.")
        }
        var preferences = Preferences(
            theme: request.form["theme"].flatMap { Preferences.Theme(rawValue: $0) } ?? .system,
            hasKeys: request.form["keys"] == "on", name: name)
        preferences.columns = request.visitor.preferences.columns
        var answer = said(Announcements.Announcement(text: "settings saved in this browser"), at: "/settings", [])
        answer.headers[.setCookie] = Cookies.set(
            Cookies.preferences, Cookies.packed(preferences.cookie), isSecure: request.visitor.isSecure)
        return answer
    }

    /// `GET /help`.
    func help(_ request: PageRequest) throws -> Answer {
        try page("help", title: "Help", section: "help", request, ["version": host.version])
    }

    /// The page for what could not be shown.
    func faultPage(_ fault: PageFault, _ request: PageRequest) throws -> Answer {
        try page(
            "fault", title: fault.title, status: fault.status, request,
            ["heading": fault.title, "message": fault.message])
    }
}
