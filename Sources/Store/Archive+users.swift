package import Events
internal import GRDB

extension Archive {
    /// By name.
    package func users() throws(ArchiveError) -> [UserAccount] {
        try read { database in
            try BoundStatement(database, "SELECT \(UserRows.columns) FROM user ORDER BY name").all(UserRows.account)
        }
    }

    /// The user of that name, whatever its case.
    package func user(_ name: String) throws(ArchiveError) -> UserAccount? {
        try read { try UserRows($0).find(name) }
    }

    /// Whether anybody could sign in, be they disabled or not.
    package func hasUsers() throws(ArchiveError) -> Bool { try read { try UserRows($0).hasAny() } }

    /// Adds a user. For `.change` and `.write`. Returns `.done`, `.exists` or `.tooMany`.
    package func add(_ user: UserAccount, by author: String) throws(ArchiveError) -> AccountOutcome {
        try change(keeps: true) { try UserRows($0).add(user, by: author) }
    }

    /// Changes a user. For `.change` and `.write`.
    ///
    /// - Parameter allowsNone: whether the last user may be removed, after which nobody need sign in on this machine.
    /// - Returns: `.done`, `.unchanged`, `.unknown`, or `.lastAdmin` where nobody would be left to manage users.
    package func change(
        user name: String, _ change: UserChange, by author: String, now: Timestamp, allowsNone: Bool = false
    ) throws(ArchiveError) -> AccountOutcome {
        try self.change(keeps: true) { database in
            let rows = try UserRows(database)
            guard let user = try rows.find(name) else { return .unknown }
            return try rows.change(user, change, by: author, now: now, allowsNone: allowsNone)
        }
    }
}

/// The rows of users, in one transaction.
struct UserRows {
    static let columns = "name, role, secret, created, last_seen, is_disabled"

    private let database: Database

    init(_ database: Database) throws { self.database = database }

    static func account(_ row: BoundStatement) throws -> UserAccount {
        UserAccount(
            name: row.text(0), role: try row.word(1), secret: row.text(2), created: row.time(3),
            lastSeen: row.isNull(4) ? nil : row.time(4), isDisabled: row.integer(5) != 0)
    }

    func find(_ name: String) throws -> UserAccount? {
        let select = try BoundStatement(database, "SELECT \(UserRows.columns) FROM user WHERE name = ?1")
        select.bind(name, at: 1)
        return try select.first(UserRows.account)
    }

    func hasAny() throws -> Bool {
        try BoundStatement(database, "SELECT EXISTS (SELECT 1 FROM user)").first { $0.integer(0) != 0 } ?? false
    }

    func add(_ user: UserAccount, by author: String) throws -> AccountOutcome {
        if try find(user.name) != nil { return .exists }
        let count = try BoundStatement(database, "SELECT count(*) FROM user").first { $0.int(0) } ?? 0
        guard count < UserAccount.usersMax else { return .tooMany }
        let insert = try BoundStatement(
            database, "INSERT INTO user (name, role, secret, created) VALUES (?1, ?2, ?3, ?4)")
        insert.bind(user.name, at: 1)
        insert.bind(user.role.rawValue, at: 2)
        insert.bind(user.secret, at: 3)
        insert.bind(user.created, at: 4)
        try insert.run()
        try AccessAudit(database, by: author, now: user.created).write(
            .userAdd, user.name, after: user.role.rawValue)
        return .done
    }

    func change(
        _ user: UserAccount, _ change: UserChange, by author: String, now: Timestamp, allowsNone: Bool
    ) throws -> AccountOutcome {
        if try wouldLockOut(user, change, allowsNone: allowsNone) { return .lastAdmin }
        let audit = AccessAudit(database, by: author, now: now)
        switch change {
        case .role(let role):
            guard role != user.role else { return .unchanged }
            try set("role = ?2", role.rawValue, of: user.name)
            try audit.write(.userRole, user.name, before: user.role.rawValue, after: role.rawValue)
        case .secret(let secret, let kept):
            try set("secret = ?2", secret, of: user.name)
            try SessionRows(database).endAll(of: user.name, except: kept)
            try audit.write(.userPassword, user.name, before: "set", after: "set anew")
        case .disabled(let isDisabled):
            guard isDisabled != user.isDisabled else { return .unchanged }
            try set("is_disabled = (?2 = 'yes')", isDisabled ? "yes" : "no", of: user.name)
            if isDisabled { try SessionRows(database).endAll(of: user.name, except: nil) }
            try audit.write(
                isDisabled ? .userDisable : .userEnable, user.name, before: isDisabled ? "enabled" : "disabled",
                after: isDisabled ? "disabled" : "enabled")
        case .removed:
            try SessionRows(database).endAll(of: user.name, except: nil)
            for statement in ["DELETE FROM token WHERE owner = ?1", "DELETE FROM user WHERE name = ?1"] {
                let delete = try BoundStatement(database, statement)
                delete.bind(user.name, at: 1)
                try delete.run()
            }
            try audit.write(.userRemove, user.name, before: user.role.rawValue)
        }
        return .done
    }

    private func set(_ assignment: String, _ value: String, of name: String) throws {
        let update = try BoundStatement(database, "UPDATE user SET \(assignment) WHERE name = ?1")
        update.bind(name, at: 1)
        update.bind(value, at: 2)
        try update.run()
    }

    /// Whether users would be left, and no admin among them who can sign in.
    private func wouldLockOut(_ user: UserAccount, _ change: UserChange, allowsNone: Bool) throws -> Bool {
        let isLoss =
            switch change {
            case .role(let role): role != .admin
            case .disabled(let isDisabled): isDisabled
            case .removed: true
            case .secret: false
            }
        guard isLoss, user.role == .admin, !user.isDisabled else { return false }
        let others = try BoundStatement(
            database,
            """
            SELECT count(*), coalesce(sum(role = 'admin' AND is_disabled = 0), 0) FROM user WHERE name <> ?1
            """)
        others.bind(user.name, at: 1)
        let (users, admins) = try others.first { ($0.int(0), $0.int(1)) } ?? (0, 0)
        if admins > 0 { return false }
        return !(users == 0 && change == .removed && allowsNone)
    }
}
