import Events

/// Who may use an address. Every route names one; nothing else decides.
enum RouteAccess: Sendable, Equatable {
    /// Everybody: shows nothing of the store.
    case anyone
    /// People of that role or more, and API tokens with that scope; no token where it is nil.
    case role(Role, TokenScope?)
    /// People of that role or more who signed in, not whoever sits at this machine; and API tokens with that scope, no
    /// token where it is nil.
    case account(Role, TokenScope?)

    enum Verdict: Sendable, Equatable {
        case allow
        case signIn
        /// Why not, in sentences.
        case refuse(String)
    }

    /// What is answered to `person`.
    func judge(_ person: Person) -> Verdict {
        switch self {
        case .anyone: return .allow
        case .role(let role, let scope):
            if case .token(let scopes) = person.way { return RouteAccess.judge(person, scopes, scope) }
            return RouteAccess.judge(person, role)
        case .account(let role, let scope):
            switch person.way {
            case .token(let scopes): return RouteAccess.judge(person, scopes, scope)
            case .local:
                return .refuse(
                    "This console has no users yet. Make the first one with: margay user add NAME --role admin.")
            case .nobody, .session, .proxy: return RouteAccess.judge(person, role)
            }
        }
    }

    private static func judge(_ person: Person, _ role: Role) -> Verdict {
        guard let own = person.role else { return .signIn }
        if own >= role { return .allow }
        return .refuse("This takes the role \(role.rawValue) or more; \(person.name) is \(own.rawValue).")
    }

    private static func judge(_ person: Person, _ scopes: Set<TokenScope>, _ scope: TokenScope?) -> Verdict {
        guard let scope else { return .refuse("No API token may do this: sign in.") }
        let granting = scopes.filter { $0 == scope || $0 == .admin }
        guard !granting.isEmpty else {
            return .refuse(
                "This takes a token with the scope \(scope.rawValue); this one has \(TokenScope.text(scopes)).")
        }
        // A token outlives a change of its owner's role, what it may do does not.
        if let own = person.role, !granting.contains(where: { own >= $0.role }) {
            return .refuse("The owner of this token is \(own.rawValue) now, which is not enough for \(scope.rawValue).")
        }
        return .allow
    }
}
