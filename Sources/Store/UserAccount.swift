package import Events

/// Somebody who may sign in to the console.
package struct UserAccount: Sendable, Equatable {
    /// Unique whatever its case.
    package var name: String
    package var role: Role
    /// The hash of the password, which only the console understands.
    package var secret: String
    package var created: Timestamp
    package var lastSeen: Timestamp?
    package var isDisabled: Bool

    package init(
        name: String, role: Role, secret: String, created: Timestamp, lastSeen: Timestamp? = nil,
        isDisabled: Bool = false
    ) {
        self.name = name
        self.role = role
        self.secret = secret
        self.created = created
        self.lastSeen = lastSeen
        self.isDisabled = isDisabled
    }

    /// Users of one store.
    package static let usersMax = 1_000
}

/// What is changed of a user.
package enum UserChange: Sendable, Equatable {
    case role(Role)
    /// Another password: all its sessions end, but the one with this number.
    case secret(String, keepingSession: Int64?)
    /// Disabled, its sessions end.
    case disabled(Bool)
    /// With its sessions and tokens.
    case removed
}

/// What came of a change of users or tokens.
package enum AccountOutcome: Sendable, Equatable {
    case done
    /// It was so already.
    case unchanged
    case unknown
    /// The name is taken.
    case exists
    /// Nobody would be left who may manage users.
    case lastAdmin
    /// There are as many as there may be.
    case tooMany
    /// The set-up link is not, or no longer, good.
    case badLink
}
