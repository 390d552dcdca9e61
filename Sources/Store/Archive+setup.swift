package import Events
internal import GRDB

/// The link by which the first admin chooses a name and a password: good once, for a day, while there are no users.
package enum SetupLink {
    package static let secondsMax: Int64 = 86_400
    static let setting = "setup-link"
}

extension Archive {
    /// Keeps the hash of a new link in place of an earlier one. For `.change` and `.write`. Returns `.done`, or `.exists`
    /// where there are users already.
    package func prepareSetup(hash: String, by author: String, now: Timestamp) throws(ArchiveError) -> AccountOutcome {
        try change(keeps: true) { database in
            if try UserRows(database).hasAny() { return .exists }
            let insert = try BoundStatement(
                database, "INSERT OR REPLACE INTO setting (name, value) VALUES ('\(SetupLink.setting)', ?1)")
            insert.bind("\(hash) \(now.moved(bySeconds: SetupLink.secondsMax).microseconds)", at: 1)
            try insert.run()
            try AccessAudit(database, by: author, now: now).write(
                .setupLink, "for the first admin", after: "until \(now.moved(bySeconds: SetupLink.secondsMax))")
            return .done
        }
    }

    /// Whether the link with that hash may be used now; with nil, whether any may.
    package func isSetupPending(hash: String?, now: Timestamp) throws(ArchiveError) -> Bool {
        try read { try Archive.isSetupPending($0, hash: hash, now: now) }
    }

    /// Makes the first user and uses the link up, both or neither. For `.change` and `.write`. Returns `.done`, or
    /// `.badLink` where the link is unknown, used or too old.
    package func completeSetup(hash: String, _ user: UserAccount) throws(ArchiveError) -> AccountOutcome {
        try change(keeps: true) { database in
            guard try Archive.isSetupPending(database, hash: hash, now: user.created) else { return .badLink }
            try BoundStatement(database, "DELETE FROM setting WHERE name = '\(SetupLink.setting)'").run()
            return try UserRows(database).add(user, by: user.name)
        }
    }

    private static func isSetupPending(_ database: Database, hash: String?, now: Timestamp) throws -> Bool {
        if try UserRows(database).hasAny() { return false }
        let select = try BoundStatement(
            database, "SELECT value FROM setting WHERE name = '\(SetupLink.setting)'")
        guard let value = try select.first({ $0.text(0) }) else { return false }
        let sides = value.split(separator: " ")
        guard sides.count == 2, let expires = Int64(sides[1]), now.microseconds < expires else { return false }
        // Hashes of 256 random bits: how long the comparison takes tells nothing that leads to the secret.
        return hash == nil || String(sides[0]) == hash
    }
}
