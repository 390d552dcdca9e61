import Access
import Events
import HTTPTypes
import Store

extension ConsoleSite {
    /// `GET /api/v1/tokens`: what is known of them, which is not what they are. One's own; for admins and tokens all.
    func apiTokens(_ request: PageRequest) throws -> Answer {
        _ = try CallQuery(request.query)
        let person = request.visitor.person
        let tokens = try archive.tokens(of: ConsoleSite.seesAllTokens(person) ? nil : person.name)
        return .json(
            JSONText.object { json in
                json.add("tokens", array: tokens) { json, token in json.element { token.add(to: &$0) } }
            }.text + "\n")
    }

    private static func seesAllTokens(_ person: Person) -> Bool {
        if case .token = person.way { return true }
        return person.role == .admin
    }

    /// `POST /api/v1/tokens`: the secret is in the answer, and nowhere else ever again.
    func apiAddToken(_ request: PageRequest) throws -> Answer {
        _ = try CallQuery(request.query)
        let body = try CallBody(
            request.body, ["name", "scopes", "days"],
            example: "{\"name\": \"grafana\", \"scopes\": [\"read\"], \"days\": 90}")
        let words = try body.texts("scopes", atMost: TokenScope.allCases.count) ?? []
        let scopes = Set(
            try words.map { word in
                guard let scope = TokenScope(rawValue: word) else {
                    throw PageFault.malformed("There is no scope '\(word)'; there are read, write, events and admin.")
                }
                return scope
            })
        let person = request.visitor.person
        let owner: TokenOwner
        if case .token = person.way {
            owner = TokenOwner(name: person.tokenOwner, role: person.role)
        } else {
            owner = try ConsoleSite.owner(person, archive)
        }
        let made = try makeToken(
            try body.needed("name"), scopes, days: try body.integer("days", 1...APIToken.daysMax), owner, request)
        try check(made.outcome, of: made.token.name)
        var answer = Answer.json(
            JSONText.object { json in
                made.token.add(to: &json)
                json.add("secret", made.secret)
            }.text + "\n", status: .created)
        answer.headers[.cacheControl] = "no-store"
        return answer
    }

    /// `DELETE /api/v1/tokens/NAME`: one of one's own; for admins and tokens any.
    func apiRemoveToken(_ request: PageRequest) throws -> Answer {
        _ = try CallQuery(request.query)
        let person = request.visitor.person
        let owner = ConsoleSite.seesAllTokens(person) ? nil : person.name
        guard try archive.removeToken(request.name, of: owner, by: author(request), now: request.now) else {
            throw PageFault.notFound("There is no token \(request.name)\(owner == nil ? "" : " of yours").")
        }
        return .nothing
    }
}

extension APIToken {
    fileprivate func add(to json: inout JSONText) {
        json.add("name", name)
        json.add("owner", owner)
        json.add("scopes", TokenScope.allCases.filter(scopes.contains).map(\.rawValue))
        json.add("created", created)
        json.add("expires", expires)
        json.add("last_used", lastUsed)
    }
}
