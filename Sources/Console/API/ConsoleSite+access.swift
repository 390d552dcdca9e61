import Events
import Store

extension ConsoleSite {
    /// `GET /api/v1/me`: who the token or session is.
    func apiMe(_ request: PageRequest) throws -> Answer {
        let person = request.visitor.person
        return .json(
            JSONText.object { json in
                json.add("name", person.name)
                json.add("role", person.role?.rawValue)
                if case .token(let scopes) = person.way {
                    json.add("scopes", TokenScope.allCases.filter(scopes.contains).map(\.rawValue))
                }
            }.text + "\n")
    }

    /// `GET /api/v1/users`.
    func apiUsers(_ request: PageRequest) throws -> Answer {
        let users = try archive.users()
        return .json(
            JSONText.object { json in
                json.add("users", array: users) { json, user in
                    json.element { json in
                        json.add("name", user.name)
                        json.add("role", user.role.rawValue)
                        json.add("created", user.created)
                        json.add("last_seen", user.lastSeen)
                        json.add("disabled", user.isDisabled)
                    }
                }
            }.text + "\n")
    }

    /// `GET /api/v1/tokens`: what is known of them, which is not what they are.
    func apiTokens(_ request: PageRequest) throws -> Answer {
        let tokens = try archive.tokens()
        return .json(
            JSONText.object { json in
                json.add("tokens", array: tokens) { json, token in
                    json.element { json in
                        json.add("name", token.name)
                        json.add("owner", token.owner)
                        json.add("scopes", TokenScope.allCases.filter(token.scopes.contains).map(\.rawValue))
                        json.add("created", token.created)
                        json.add("expires", token.expires)
                        json.add("last_used", token.lastUsed)
                    }
                }
            }.text + "\n")
    }
}
