import Access
import Events
import HTTPTypes
import Store

extension ConsoleSite {
    /// `GET /api/v1/me`: who the token or session is.
    func apiMe(_ request: PageRequest) throws -> Answer {
        _ = try CallQuery(request.query)
        let person = request.visitor.person
        return .json(
            JSONText.object { json in
                json.add("name", person.name)
                json.add("role", person.role?.rawValue)
                if case .token(let scopes) = person.way {
                    json.add("scopes", TokenScope.allCases.filter(scopes.contains).map(\.rawValue))
                    json.add("owner", person.tokenOwner)
                }
            }.text + "\n")
    }

    /// `PUT /api/v1/me/password`: needs the one there is.
    func apiChangePassword(_ request: PageRequest) throws -> Answer {
        _ = try CallQuery(request.query)
        let body = try CallBody(
            request.body, ["password", "new"], example: "{\"password\": \"the old one\", \"new\": \"another one\"}")
        try changePassword(from: try body.needed("password"), to: try body.needed("new"), request)
        return .nothing
    }

    /// `GET /api/v1/sessions`: where one is signed in; for an admin and a token with `user`, where somebody is.
    func apiSessions(_ request: PageRequest) throws -> Answer {
        let user = try sessionUser(request)
        let sessions = try archive.sessions(of: user, now: request.now)
        var own: Int64?
        if case .session(let number) = request.visitor.person.way { own = number }
        return .json(
            JSONText.object { json in
                json.add("user", user)
                json.add("sessions", array: sessions) { json, session in
                    json.element { json in
                        json.add("number", session.number)
                        json.add("created", session.created)
                        json.add("last_seen", session.lastSeen)
                        json.add("address", session.address)
                        json.add("browser", session.browser)
                        json.add("this", session.number == own)
                    }
                }
            }.text + "\n")
    }

    /// `DELETE /api/v1/sessions/NUMBER`.
    func apiEndSession(_ request: PageRequest) throws -> Answer {
        let user = try sessionUser(request)
        guard let number = Int64(request.name),
            try archive.endSessions(of: user, number: number, by: author(request), now: request.now) > 0
        else { throw PageFault.notFound("\(user) has no session \(request.name); it may be over.") }
        return .nothing
    }

    /// `DELETE /api/v1/sessions`: signs out everywhere.
    func apiEndSessions(_ request: PageRequest) throws -> Answer {
        let user = try sessionUser(request)
        let ended = try archive.endSessions(of: user, by: author(request), now: request.now)
        return .json(JSONText.object { $0.add("ended", ended) }.text + "\n")
    }

    /// Whose sessions a request is about: one's own, or, for an admin, those of `user`.
    private func sessionUser(_ request: PageRequest) throws -> String {
        let query = try CallQuery(request.query, ["user"])
        let person = request.visitor.person
        guard let name = query.text("user") else {
            if person.isAccount { return person.name }
            throw PageFault.malformed("A token has no sessions; name somebody by 'user'.")
        }
        if person.isAccount, person.role != .admin, name.lowercased() != person.name.lowercased() {
            throw PageFault(
                status: .forbidden, title: "This is not for you",
                message:
                    "Sessions of others take the role admin; \(person.name) is \(person.role?.rawValue ?? "nobody")."
            )
        }
        guard let user = try archive.user(name) else { throw PageFault.notFound("There is no user \(name).") }
        return user.name
    }

    /// `GET /api/v1/users`.
    func apiUsers(_ request: PageRequest) throws -> Answer {
        _ = try CallQuery(request.query)
        let users = try archive.users()
        return .json(
            JSONText.object { json in
                json.add("users", array: users) { json, user in json.element { user.add(to: &$0) } }
            }.text + "\n")
    }

    /// `POST /api/v1/users`.
    func apiAddUser(_ request: PageRequest) throws -> Answer {
        _ = try CallQuery(request.query)
        let body = try CallBody(
            request.body, ["name", "role", "password"],
            example: "{\"name\": \"dana\", \"role\": \"responder\", \"password\": \"four words of her own\"}")
        let name = try body.needed("name")
        guard AccountName.isValid(name) else { throw PageFault.malformed("A name has \(AccountName.rule).") }
        let role = try ConsoleSite.role(try body.needed("role"))
        let password = try body.needed("password")
        if let fault = PasswordHash.fault(of: password, for: name) { throw PageFault.malformed(fault) }
        let user = UserAccount(name: name, role: role, secret: try desk.hash(password), created: request.now)
        try check(try archive.add(user, by: author(request)), of: name)
        return .json(JSONText.object { user.add(to: &$0) }.text + "\n", status: .created)
    }

    /// `PATCH /api/v1/users/NAME`: another role, another password, may sign in or not; one of these.
    func apiChangeUser(_ request: PageRequest) throws -> Answer {
        _ = try CallQuery(request.query)
        let name = request.name
        let body = try CallBody(
            request.body, ["role", "password", "disabled"], example: "{\"role\": \"editor\"}")
        guard body.names.count == 1 else {
            throw PageFault.malformed("Change one thing at a time: 'role', 'password' or 'disabled'.")
        }
        let change: UserChange
        if let role = try body.text("role") {
            change = .role(try ConsoleSite.role(role))
        } else if let password = try body.text("password") {
            if let fault = PasswordHash.fault(of: password, for: name) { throw PageFault.malformed(fault) }
            change = .secret(try desk.hash(password), keepingSession: nil)
        } else {
            change = .disabled(try body.flag("disabled") ?? false)
        }
        try check(try archive.change(user: name, change, by: author(request), now: request.now), of: name)
        guard let user = try archive.user(name) else { throw PageFault.notFound("There is no user \(name) any more.") }
        return .json(JSONText.object { user.add(to: &$0) }.text + "\n")
    }

    /// `DELETE /api/v1/users/NAME`: with sessions and tokens.
    func apiRemoveUser(_ request: PageRequest) throws -> Answer {
        _ = try CallQuery(request.query)
        try check(
            try archive.change(user: request.name, .removed, by: author(request), now: request.now), of: request.name)
        return .nothing
    }

    private static func role(_ word: String) throws -> Role {
        guard let role = Role(rawValue: word) else {
            throw PageFault.malformed("There is no role '\(word)'; there are viewer, responder, editor and admin.")
        }
        return role
    }

    /// Throws what a program is told where nothing was changed.
    func check(_ outcome: AccountOutcome, of name: String) throws {
        let sentence = MoveForm.sentence(ConsoleSite.announcement(outcome, of: name, done: "").text)
        switch outcome {
        case .done, .unchanged: return
        case .unknown: throw PageFault.notFound(sentence)
        case .exists, .lastAdmin, .tooMany, .badLink:
            throw PageFault(status: .conflict, title: "Not possible now", message: sentence)
        }
    }
}

extension UserAccount {
    fileprivate func add(to json: inout JSONText) {
        json.add("name", name)
        json.add("role", role.rawValue)
        json.add("created", created)
        json.add("last_seen", lastSeen)
        json.add("disabled", isDisabled)
    }
}
