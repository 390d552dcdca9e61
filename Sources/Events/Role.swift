/// What somebody who signed in may do. Each role may what those before it may.
package enum Role: String, Sendable, CaseIterable, Comparable {
    /// Looks at everything.
    case viewer
    /// Moves issues, writes notes, saves views.
    case responder
    /// Also changes packs.
    case editor
    /// Also users, tokens, settings and the store.
    case admin

    package static func < (left: Role, right: Role) -> Bool { left.rank < right.rank }

    private var rank: Int { Role.allCases.firstIndex(of: self) ?? 0 }
}

/// What an API token may do.
package enum TokenScope: String, Sendable, CaseIterable {
    /// Reads what the pages show.
    case read
    /// Moves issues.
    case write
    /// Sends events.
    case events
    /// Reads and writes everything that has an address in the API.
    case admin

    /// The role that the owner of the token must have as long as it is to be good for this.
    package var role: Role {
        switch self {
        case .read: .viewer
        case .write, .events: .responder
        case .admin: .admin
        }
    }

    /// Reads `read,write`; nil where a word is no scope, or there is none.
    package static func list(_ text: String) -> Set<TokenScope>? {
        let words = text.split(separator: ",").map { $0.filter { $0 != " " } }
        let scopes = words.compactMap { TokenScope(rawValue: $0) }
        return scopes.isEmpty || scopes.count < words.count ? nil : Set(scopes)
    }

    /// The same, in the order of the cases.
    package static func text(_ scopes: Set<TokenScope>) -> String {
        allCases.filter(scopes.contains).map(\.rawValue).joined(separator: ",")
    }
}
