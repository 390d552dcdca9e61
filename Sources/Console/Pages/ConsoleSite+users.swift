import Access
import Events
import HTTPTypes
import Store

extension ConsoleSite {
    /// `GET /settings/users`.
    func usersPage(_ request: PageRequest) throws -> Answer {
        let users = try archive.users()
        let me = request.visitor.person.name.lowercased()
        return try page(
            "users", title: "Users", section: "settings", request,
            [
                "users": users.map { user in
                    [
                        "name": user.name, "role": user.role.rawValue, "isDisabled": user.isDisabled,
                        "isMe": user.name.lowercased() == me,
                        "created": PageValues.time(user.created, now: request.now),
                        "hasSeen": user.lastSeen != nil,
                        "seen": PageValues.time(user.lastSeen ?? user.created, now: request.now),
                        "roles": ConsoleSite.roles(user.role),
                    ] as [String: Any]
                },
                "hasUsers": !users.isEmpty, "rule": AccountName.rule, "nameMax": AccountName.bytesMax,
                "lengthMin": PasswordHash.passwordLengthMin, "roles": ConsoleSite.roles(.viewer),
                "canManage": canChange(request, .admin) && request.visitor.person.isAccount,
            ])
    }

    private static func roles(_ chosen: Role) -> [[String: Any]] {
        Role.allCases.map { ["name": $0.rawValue, "isChosen": $0 == chosen] }
    }

    /// `POST /settings/users`: one change of one user, named under `do`.
    func changeUsers(_ request: PageRequest) throws -> Answer {
        let name = request.form.text("name") ?? ""
        let author = author(request)
        let what = request.form["do"] ?? ""
        if what == "add" { return try addUser(name, request) }
        let change: UserChange
        switch what {
        case "role": change = .role(try role(request))
        case "disable": change = .disabled(true)
        case "enable": change = .disabled(false)
        case "remove": change = .removed
        case "password":
            let password = request.form["password"] ?? ""
            if let fault = PasswordHash.fault(of: password, for: name) { throw PageFault.malformed(fault) }
            change = .secret(try desk.hash(password), keepingSession: nil)
        default: throw PageFault.malformed("There is nothing '\(what)' to do with users.")
        }
        let outcome = try archive.change(user: name, change, by: author, now: request.now)
        return said(ConsoleSite.announcement(outcome, of: name, done: "changed"), at: "/settings/users", [])
    }

    private func addUser(_ name: String, _ request: PageRequest) throws -> Answer {
        guard AccountName.isValid(name) else { throw PageFault.malformed("A name has \(AccountName.rule).") }
        let password = request.form["password"] ?? ""
        if let fault = PasswordHash.fault(of: password, for: name) { throw PageFault.malformed(fault) }
        let user = UserAccount(
            name: name, role: try role(request), secret: try desk.hash(password), created: request.now)
        let outcome = try archive.add(user, by: author(request))
        return said(ConsoleSite.announcement(outcome, of: name, done: "added"), at: "/settings/users", [])
    }

    private func role(_ request: PageRequest) throws -> Role {
        guard let role = request.form["role"].flatMap({ Role(rawValue: $0) }) else {
            throw PageFault.malformed("Choose a role: viewer, responder, editor or admin.")
        }
        return role
    }

    static func announcement(
        _ outcome: AccountOutcome, of name: String, done: String
    ) -> Announcements.Announcement {
        let text =
            switch outcome {
            case .done: "\(name) \(done)"
            case .unchanged: "\(name) was so already"
            case .unknown: "there is no \(name)"
            case .exists: "there is a \(name) already; take another name"
            case .lastAdmin: "\(name) is the last admin; make another one first"
            case .tooMany: "there are as many as there may be; remove one first"
            case .badLink: "the set-up link is not good any more"
            }
        return Announcements.Announcement(text: text, isRefusal: outcome != .done)
    }
}
