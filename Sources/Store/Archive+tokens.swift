package import Events
internal import GRDB

/// A secret by which a program uses the API.
package struct APIToken: Sendable, Equatable {
    /// Unique whatever its case.
    package var name: String
    /// The user it belongs to and ends with; nil for one made on the command line.
    package var owner: String?
    package var scopes: Set<TokenScope>
    package var created: Timestamp
    package var expires: Timestamp
    package var lastUsed: Timestamp?

    package init(name: String, owner: String?, scopes: Set<TokenScope>, created: Timestamp, expires: Timestamp) {
        self.name = name
        self.owner = owner
        self.scopes = scopes
        self.created = created
        self.expires = expires
    }

    /// Tokens of one store.
    package static let tokensMax = 1_000
    package static let daysMax: Int64 = 366
    /// Seconds between two notes of when it was last used.
    package static let noteSeconds: Int64 = 60
}

extension Archive {
    /// By name; those of one owner where it is given.
    package func tokens(of owner: String? = nil) throws(ArchiveError) -> [APIToken] {
        try read { database in
            let select = try BoundStatement(
                database, "SELECT \(TokenRows.columns) FROM token WHERE ?1 IS NULL OR owner = ?1 ORDER BY name")
            select.bind(owner, at: 1)
            return try select.all(TokenRows.token)
        }
    }

    /// Adds a token of which only the hash is kept. For `.change` and `.write`. Returns `.done`, `.exists`, `.tooMany`.
    package func add(_ token: APIToken, hash: String, by author: String) throws(ArchiveError) -> AccountOutcome {
        try change(keeps: true) { database in
            let find = try BoundStatement(database, "SELECT (SELECT 1 FROM token WHERE name = ?1), count(*) FROM token")
            find.bind(token.name, at: 1)
            let (isThere, count) = try find.first { (!$0.isNull(0), $0.int(1)) } ?? (false, 0)
            if isThere { return .exists }
            guard count < APIToken.tokensMax else { return .tooMany }
            let insert = try BoundStatement(
                database,
                """
                INSERT INTO token (name, hash, owner, scopes, created, expires) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                """)
            insert.bind(token.name, at: 1)
            insert.bind(hash, at: 2)
            insert.bind(token.owner, at: 3)
            insert.bind(TokenScope.text(token.scopes), at: 4)
            insert.bind(token.created, at: 5)
            insert.bind(token.expires, at: 6)
            try insert.run()
            try AccessAudit(database, by: author, now: token.created).write(
                .tokenAdd, token.name, after: "\(TokenScope.text(token.scopes)) until \(token.expires)")
            return .done
        }
    }

    /// Removes a token; with `owner`, only where it is theirs. For `.change` and `.write`. Returns whether there was one.
    package func removeToken(
        _ name: String, of owner: String? = nil, by author: String, now: Timestamp
    ) throws(ArchiveError) -> Bool {
        try change(keeps: true) { database in
            let find = try BoundStatement(
                database, "SELECT \(TokenRows.columns) FROM token WHERE name = ?1 AND (?2 IS NULL OR owner = ?2)")
            find.bind(name, at: 1)
            find.bind(owner, at: 2)
            guard let token = try find.first(TokenRows.token) else { return false }
            let delete = try BoundStatement(database, "DELETE FROM token WHERE name = ?1")
            delete.bind(name, at: 1)
            try delete.run()
            try AccessAudit(database, by: author, now: now).write(
                .tokenRemove, token.name, before: TokenScope.text(token.scopes))
            return true
        }
    }

    /// The token with that hash, where it has not expired, and the role of its owner; nil for no owner. One whose owner is
    /// disabled is not found. Notes that it was used, at most once a minute and only where the store can be written.
    package func token(hash: String, now: Timestamp) throws(ArchiveError) -> (token: APIToken, role: Role?)? {
        let found = try read { database -> (token: APIToken, role: Role?)? in
            let select = try BoundStatement(
                database,
                """
                SELECT \(TokenRows.columns), user.role FROM token LEFT JOIN user ON user.name = token.owner
                WHERE hash = ?1 AND (owner IS NULL OR user.is_disabled = 0)
                """)
            select.bind(hash, at: 1)
            return try select.first { row in
                (try TokenRows.token(row), row.isNull(6) ? nil : try row.word(6))
            }
        }
        guard let found, now < found.token.expires else { return nil }
        let last = found.token.lastUsed
        if mode != .read, last.map({ now >= $0.moved(bySeconds: APIToken.noteSeconds) }) ?? true {
            do throws(ArchiveError) {
                try change(keeps: true) { database in
                    let update = try BoundStatement(database, "UPDATE token SET last_used = ?2 WHERE hash = ?1")
                    update.bind(hash, at: 1)
                    update.bind(now, at: 2)
                    try update.run()
                }
            } catch {
                // Used without it: the next request notes it.
            }
        }
        return found
    }
}

/// The rows of tokens.
private enum TokenRows {
    static let columns = "token.name, owner, scopes, token.created, expires, last_used"

    static func token(_ row: BoundStatement) throws -> APIToken {
        guard let scopes = TokenScope.list(row.text(2)) else {
            throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "unknown scopes in a row")
        }
        var token = APIToken(
            name: row.text(0), owner: row.optionalText(1), scopes: scopes, created: row.time(3), expires: row.time(4))
        token.lastUsed = row.isNull(5) ? nil : row.time(5)
        return token
    }
}
