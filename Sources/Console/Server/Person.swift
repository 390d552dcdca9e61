import Events

/// Who asks.
struct Person: Sendable, Equatable {
    /// How they are known.
    enum Way: Sendable, Equatable {
        /// Not at all.
        case nobody
        /// At this machine, while there are no users.
        case local
        /// Signed in; the number of the session.
        case session(Int64)
        /// Signed in at the proxy in front.
        case proxy
        /// A program.
        case token(Set<TokenScope>)
    }

    var way: Way
    /// For the history.
    var name: String
    /// Nil for nobody, and for a token without an owner, which its scopes bound alone.
    var role: Role?
    /// The user whom a program's token belongs to; nil for nobody's, and for people.
    var tokenOwner: String?

    static let nobody = Person(way: .nobody, name: "", role: nil)

    /// Whether pages may show them what is in the store.
    var isIn: Bool { role != nil }

    /// Whether it is somebody in particular, whose name cannot be chosen.
    var isAccount: Bool {
        switch way {
        case .session, .proxy: true
        case .nobody, .local, .token: false
        }
    }
}

/// What a request says of whoever sent it. Nothing of it is believed yet.
struct Credentials: Sendable, Equatable {
    /// The value of the session's cookie.
    var session: String?
    /// The token behind `Bearer`; empty where the header is of another kind.
    var bearer: String?
    /// The address of the other end of the connection.
    var peer: String
    /// `X-Forwarded-For`, as it came.
    var forwardedFor: String?
    /// Whether any header says that the request was passed on by a proxy.
    var isForwarded: Bool
    /// `X-Forwarded-Proto`.
    var forwardedScheme: String?
    /// The header that the configuration names for the proxy's users.
    var remoteUser: String?
    /// The host of the address, without a port.
    var host: String
    /// What the browser calls itself.
    var browser: String

    static let none = Credentials(peer: "", isForwarded: false, host: "", browser: "")
}
