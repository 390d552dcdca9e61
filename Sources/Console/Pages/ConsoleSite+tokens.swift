import Access
import Events
import HTTPTypes
import Store

extension ConsoleSite {
    /// `GET /settings/tokens`: one's own, for an admin all.
    func tokensPage(_ request: PageRequest) throws -> Answer { try tokensPage(request, secret: nil, of: nil) }

    /// - Parameter secret: of a token that was just made: the one time that it is shown.
    private func tokensPage(_ request: PageRequest, secret: String?, of name: String?) throws -> Answer {
        let person = request.visitor.person
        let tokens = try archive.tokens(of: person.role == .admin ? nil : person.name)
        let role = person.role ?? .viewer
        let isUser = try person.isAccount && archive.user(person.name) != nil
        return try page(
            "tokens", title: "API tokens", section: "settings", request,
            [
                "tokens": tokens.map { token in
                    [
                        "name": token.name, "owner": token.owner ?? "nobody", "scopes": TokenScope.text(token.scopes),
                        "expires": String(token.expires.description.prefix(10)),
                        "isExpired": token.expires <= request.now, "hasUsed": token.lastUsed != nil,
                        "used": PageValues.time(token.lastUsed ?? token.created, now: request.now),
                        "isNew": token.name == name,
                    ] as [String: Any]
                },
                "hasTokens": !tokens.isEmpty, "secret": secret as Any? ?? false, "rule": AccountName.rule,
                "nameMax": AccountName.bytesMax, "daysMax": APIToken.daysMax,
                "scopes": TokenScope.allCases.filter { role >= $0.role }.map {
                    ["name": $0.rawValue, "isChosen": $0 == .read] as [String: Any]
                },
                "canManage": isUser && host.readOnlyReason == nil, "isProxied": person.way == .proxy && !isUser,
            ])
    }

    /// `POST /settings/tokens`: adds one, or removes one of one's own; an admin removes any.
    func changeTokens(_ request: PageRequest) throws -> Answer {
        let person = request.visitor.person
        let name = request.form.text("name") ?? ""
        switch request.form["do"] ?? "" {
        case "add": return try addToken(name, request)
        case "remove":
            let wasThere = try archive.removeToken(
                name, of: person.role == .admin ? nil : person.name, by: person.name, now: request.now)
            return said(
                Announcements.Announcement(
                    text: wasThere ? "token \(name) removed" : "there is no token \(name) of yours",
                    isRefusal: !wasThere),
                at: "/settings/tokens", [])
        default: throw PageFault.malformed("Say what to do with the token.")
        }
    }

    private func addToken(_ name: String, _ request: PageRequest) throws -> Answer {
        let scopes = Set(request.form.all("scope").compactMap { TokenScope(rawValue: $0) })
        let made = try makeToken(
            name, scopes, days: request.form["days"].flatMap { Int64($0) },
            try ConsoleSite.owner(request.visitor.person, archive), request)
        guard made.outcome == .done else {
            return said(ConsoleSite.announcement(made.outcome, of: name, done: ""), at: "/settings/tokens", [])
        }
        return try tokensPage(request, secret: made.secret, of: name)
    }

    /// Whose a new token is.
    struct TokenOwner {
        /// Nil for nobody's.
        var name: String?
        /// Nil where nothing but its scopes bounds it.
        var role: Role?
    }

    /// The user who asks; a proxy's word alone is not enough, since a token ends with its owner.
    static func owner(_ person: Person, _ archive: Archive) throws -> TokenOwner {
        guard let user = try archive.user(person.name) else {
            throw PageFault.malformed("Only users of the store have tokens; an admin can add you.")
        }
        return TokenOwner(name: user.name, role: user.role)
    }

    /// Makes a token that may do no more than its owner. Throws a `PageFault` where it cannot be such.
    func makeToken(
        _ name: String, _ scopes: Set<TokenScope>, days: Int64?, _ owner: TokenOwner, _ request: PageRequest
    ) throws -> (token: APIToken, secret: String, outcome: AccountOutcome) {
        guard AccountName.isValid(name) else { throw PageFault.malformed("A name has \(AccountName.rule).") }
        guard !scopes.isEmpty else { throw PageFault.malformed("Choose at least one thing that the token may do.") }
        if let role = owner.role, let beyond = scopes.first(where: { $0.role > role }) {
            throw PageFault(
                status: .forbidden, title: "This is not for you",
                message: "A token with the scope \(beyond.rawValue) takes the role \(beyond.role.rawValue); "
                    + "you are \(role.rawValue).")
        }
        guard let days, (1...APIToken.daysMax).contains(days) else {
            throw PageFault.malformed("A token is good for 1 to \(APIToken.daysMax) days.")
        }
        let secret = SecretText.newToken()
        let token = APIToken(
            name: name, owner: owner.name, scopes: scopes, created: request.now,
            expires: request.now.moved(bySeconds: days * 86_400))
        return (token, secret, try archive.add(token, hash: SecretText.hash(secret), by: author(request)))
    }
}
