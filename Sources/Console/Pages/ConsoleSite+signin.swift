import Access
import Events
import HTTPTypes
import Store

extension ConsoleSite {
    /// The page to sign in on, which leads back to `request` afterwards.
    func signInAddress(_ request: PageRequest) -> String {
        let back = pathAndQuery(request, without: "said")
        return ConsoleSite.address("/login", [("next", back == "/" ? nil : back)])
    }

    /// Who may do what somebody may not: a sentence with a blank in front, or nothing.
    func whoMay(_ access: RouteAccess, _ request: PageRequest) throws -> String {
        let role: Role
        switch access {
        case .anyone: return ""
        case .role(let needed, _), .account(let needed, _): role = needed
        }
        guard request.visitor.person.isAccount else { return "" }
        let names = try archive.users().filter { $0.role >= role && !$0.isDisabled }.map(\.name)
        guard !names.isEmpty else { return "" }
        return " Ask \(names.prefix(5).joined(separator: ", "))\(names.count > 5 ? " or others" : "")."
    }

    /// `GET /login`.
    func signInPage(_ request: PageRequest) throws -> Answer {
        if request.visitor.person.isIn { return .redirect(to: request.query["next"] ?? "/") }
        return try signInPage(request, next: request.query["next"] ?? "", fault: nil, status: .ok)
    }

    private func signInPage(
        _ request: PageRequest, next: String, fault: String?, status: HTTPResponse.Status
    ) throws -> Answer {
        let hasUsers = try archive.hasUsers()
        return try page(
            "signin", title: "Sign in", status: status, request,
            [
                "next": next, "fault": fault as Any? ?? false, "name": request.form["name"] ?? "",
                "hasUsers": hasUsers, "isPlain": !request.visitor.isSecure && !settings.listen.isLoopback,
                "hasProxy": settings.proxy != nil,
            ])
    }

    /// `POST /login`. A session is always a new one: what a browser brought along is not trusted with more rights.
    func signIn(_ request: PageRequest) throws -> Answer {
        let name = request.form.text("name") ?? ""
        let address = gate.address(request.visitor.credentials)
        let user = try archive.user(name).flatMap { $0.isDisabled ? nil : $0 }
        let next = request.form["next"] ?? ""
        switch desk.judge(
            request.form["password"] ?? "", secret: user?.secret, name: name, address: address, now: request.now)
        {
        case .wait(let seconds):
            var answer = try signInPage(
                request, next: next, fault: "Too many tries. Wait \(ConsoleSite.seconds(seconds)) and try again.",
                status: .tooManyRequests)
            answer.headers[.retryAfter] = String(seconds)
            return answer
        case .wrong:
            return try signInPage(
                request, next: next, fault: "The name or the password is wrong.", status: .unauthorized)
        case .right:
            guard let user else { throw PageFault.malformed("Sign in again.") }
            return try begin(user.name, at: next.isEmpty ? "/" : next, request)
        }
    }

    /// Begins a session and goes on.
    private func begin(_ user: String, at next: String, _ request: PageRequest) throws -> Answer {
        let session = FormTokens.newSession()
        try archive.beginSession(
            hash: SecretText.hash(session), user: user, address: gate.address(request.visitor.credentials),
            browser: request.visitor.credentials.browser, now: request.now)
        var answer = Answer.redirect(to: next)
        answer.headers[.setCookie] = Cookies.setSession(
            session, isSecure: request.visitor.isSecure, seconds: Int(UserSession.secondsMax))
        return answer
    }

    /// `POST /logout`.
    func signOut(_ request: PageRequest) throws -> Answer {
        let person = request.visitor.person
        if case .session(let number) = person.way {
            _ = try archive.endSessions(of: person.name, number: number, by: person.name, now: request.now)
        }
        return newVisitor(.redirect(to: "/login"), request)
    }

    /// The answer with a session that nobody has signed in with.
    private func newVisitor(_ answer: Answer, _ request: PageRequest) -> Answer {
        var answer = answer
        answer.headers[.setCookie] = Cookies.setSession(
            FormTokens.newSession(), isSecure: request.visitor.isSecure)
        return answer
    }

    /// `POST /settings/sessions`: ends one of one's own, or all.
    func endSessions(_ request: PageRequest) throws -> Answer {
        let person = request.visitor.person
        let number = request.form["number"].flatMap { Int64($0) }
        guard number != nil || request.form["all"] == "yes" else {
            throw PageFault.malformed("The form does not say which session is to end.")
        }
        let ended = try archive.endSessions(of: person.name, number: number, by: person.name, now: request.now)
        if number == nil { return newVisitor(.redirect(to: "/login"), request) }
        return said(
            Announcements.Announcement(
                text: ended > 0 ? "signed out there" : "that session was over already", isRefusal: ended == 0),
            at: "/settings", [])
    }

    /// `POST /settings/password`: needs the one there is, so that a browser left alone is not enough.
    func changePassword(_ request: PageRequest) throws -> Answer {
        let new = request.form["new"] ?? ""
        guard new == request.form["again"] else {
            throw PageFault.malformed("The two new passwords are not the same. Nothing was changed.")
        }
        try changePassword(from: request.form["password"] ?? "", to: new, request)
        return said(
            Announcements.Announcement(text: "password changed; you were signed out everywhere else"), at: "/settings",
            [])
    }

    /// Gives who asks another password. Throws a `PageFault` where `old` is not the one there is.
    func changePassword(from old: String, to new: String, _ request: PageRequest) throws {
        let person = request.visitor.person
        guard case .session(let number) = person.way, let user = try archive.user(person.name) else {
            throw PageFault.malformed("Only who signed in here with a password has one to change.")
        }
        if let fault = PasswordHash.fault(of: new, for: user.name) { throw PageFault.malformed(fault) }
        switch desk.judge(
            old, secret: user.secret, name: user.name, address: gate.address(request.visitor.credentials),
            now: request.now)
        {
        case .wait(let seconds):
            throw PageFault(
                status: .tooManyRequests, title: "Too many tries",
                message: "Wait \(ConsoleSite.seconds(seconds)) and try again. Nothing was changed.",
                retrySeconds: Int(seconds))
        case .wrong:
            throw PageFault(
                status: .forbidden, title: "That is not your password",
                message: "The password you have now is another one. Nothing was changed.")
        case .right: break
        }
        _ = try archive.change(
            user: user.name, .secret(try desk.hash(new), keepingSession: number), by: person.name, now: request.now)
    }

    static func seconds(_ seconds: Int64) -> String {
        seconds < 120 ? "\(seconds) s" : "\((seconds + 59) / 60) minutes"
    }
}

extension PageFault {
    /// For what cannot lead to the page to sign in on and back.
    static func signInFirst(_ credentials: Credentials) -> PageFault {
        if credentials.bearer != nil {
            return PageFault(
                status: .unauthorized, title: "This token is not good",
                message: "It is unknown or has expired, or its owner may not sign in. 'margay token add' makes another."
            )
        }
        return PageFault(
            status: .unauthorized, title: "Sign in first",
            message: "You are not signed in, or your session is over. Nothing was changed. A program sends "
                + "'Authorization: Bearer TOKEN'.")
    }
}
