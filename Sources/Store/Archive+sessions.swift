package import Events
internal import GRDB

/// Somebody who signed in with a browser.
package struct UserSession: Sendable, Equatable {
    /// Names it where its hash must not be shown.
    package var number: Int64
    package var user: String
    package var role: Role
    package var created: Timestamp
    package var lastSeen: Timestamp
    /// Where it was begun: an address, and what the browser called itself.
    package var address: String
    package var browser: String

    /// Seconds without a request after which it is over.
    package static let idleSecondsMax: Int64 = 12 * 3_600
    /// Seconds after which it is over, whatever is done in it.
    package static let secondsMax: Int64 = 7 * 86_400
    /// Seconds between two notes of when it was last seen.
    package static let noteSeconds: Int64 = 60
    /// Sessions of one user; beyond it the one unused for longest ends.
    package static let perUserMax = 20
    /// Bytes that are kept of what the browser calls itself.
    static let browserBytesMax = 200

    package func isOver(now: Timestamp) -> Bool {
        now >= created.moved(bySeconds: UserSession.secondsMax)
            || now >= lastSeen.moved(bySeconds: UserSession.idleSecondsMax)
    }
}

extension Archive {
    /// Begins a session of a user. For `.change` and `.write`. Drops those that are over.
    package func beginSession(
        hash: String, user: String, address: String, browser: String, now: Timestamp
    ) throws(ArchiveError) {
        try change(keeps: true) { database in
            try SessionRows(database).begin(hash: hash, user: user, address: address, browser: browser, now: now)
        }
    }

    /// The session with that hash, where it is not over and its user may sign in. Notes that it was seen, at most once a
    /// minute and only where the store can be written at once.
    package func session(hash: String, now: Timestamp) throws(ArchiveError) -> UserSession? {
        let found = try read { database in
            let select = try BoundStatement(
                database,
                """
                SELECT \(SessionRows.columns) FROM session JOIN user ON user.name = session.user
                WHERE hash = ?1 AND is_disabled = 0
                """)
            select.bind(hash, at: 1)
            return try select.first(SessionRows.session)
        }
        guard let found, !found.isOver(now: now) else { return nil }
        if mode != .read, now >= found.lastSeen.moved(bySeconds: UserSession.noteSeconds) {
            do throws(ArchiveError) {
                try change(keeps: true) { try SessionRows($0).note(found, now: now) }
            } catch {
                // Read without it: the session then ends earlier than it might, which the next request puts right.
            }
        }
        return found
    }

    /// The latest first.
    package func sessions(of user: String, now: Timestamp) throws(ArchiveError) -> [UserSession] {
        try read { database in
            let select = try BoundStatement(
                database,
                """
                SELECT \(SessionRows.columns) FROM session JOIN user ON user.name = session.user
                WHERE session.user = ?1 ORDER BY session.last_seen DESC
                """)
            select.bind(user, at: 1)
            return try select.all(SessionRows.session)
        }.filter { !$0.isOver(now: now) }
    }

    /// Ends one session of a user, or all. Returns how many. For `.change` and `.write`.
    package func endSessions(
        of user: String, number: Int64? = nil, by author: String, now: Timestamp
    ) throws(ArchiveError) -> Int {
        try change(keeps: true) { database in
            let rows = SessionRows(database)
            let ended = if let number { try rows.end(number, of: user) } else { try rows.endAll(of: user, except: nil) }
            if ended > 0 {
                try AccessAudit(database, by: author, now: now).write(
                    .signOut, user, before: ended == 1 ? "1 session" : "\(ended) sessions")
            }
            return ended
        }
    }
}

/// The rows of sessions, in one transaction.
struct SessionRows {
    static let columns =
        "session.number, user.name, role, session.created, session.last_seen, session.address, session.browser"

    private let database: Database

    init(_ database: Database) { self.database = database }

    static func session(_ row: BoundStatement) throws -> UserSession {
        UserSession(
            number: row.integer(0), user: row.text(1), role: try row.word(2), created: row.time(3),
            lastSeen: row.time(4), address: row.text(5), browser: row.text(6))
    }

    func begin(hash: String, user: String, address: String, browser: String, now: Timestamp) throws {
        let over = try BoundStatement(database, "DELETE FROM session WHERE created <= ?1 OR last_seen <= ?2")
        over.bind(now.moved(bySeconds: -UserSession.secondsMax), at: 1)
        over.bind(now.moved(bySeconds: -UserSession.idleSecondsMax), at: 2)
        try over.run()
        let surplus = try BoundStatement(
            database,
            """
            DELETE FROM session WHERE number IN (
                SELECT number FROM session WHERE user = ?1 ORDER BY last_seen DESC LIMIT -1 OFFSET ?2)
            """)
        surplus.bind(user, at: 1)
        surplus.bind(UserSession.perUserMax - 1, at: 2)
        try surplus.run()
        let insert = try BoundStatement(
            database,
            """
            INSERT INTO session (hash, user, created, last_seen, address, browser) VALUES (?1, ?2, ?3, ?3, ?4, ?5)
            """)
        insert.bind(hash, at: 1)
        insert.bind(user, at: 2)
        insert.bind(now, at: 3)
        insert.bind(address, at: 4)
        insert.bind(String(decoding: browser.utf8.prefix(UserSession.browserBytesMax), as: UTF8.self), at: 5)
        try insert.run()
        try see(user, now: now)
        try AccessAudit(database, by: user, now: now).write(.signIn, user, after: address)
    }

    func note(_ session: UserSession, now: Timestamp) throws {
        let update = try BoundStatement(database, "UPDATE session SET last_seen = ?2 WHERE number = ?1")
        update.bind(session.number, at: 1)
        update.bind(now, at: 2)
        try update.run()
        try see(session.user, now: now)
    }

    private func see(_ user: String, now: Timestamp) throws {
        let update = try BoundStatement(database, "UPDATE user SET last_seen = ?2 WHERE name = ?1")
        update.bind(user, at: 1)
        update.bind(now, at: 2)
        try update.run()
    }

    func end(_ number: Int64, of user: String) throws -> Int {
        let delete = try BoundStatement(database, "DELETE FROM session WHERE user = ?1 AND number = ?2")
        delete.bind(user, at: 1)
        delete.bind(number, at: 2)
        try delete.run()
        return delete.changes
    }

    @discardableResult
    func endAll(of user: String, except number: Int64?) throws -> Int {
        let delete = try BoundStatement(database, "DELETE FROM session WHERE user = ?1 AND number IS NOT ?2")
        delete.bind(user, at: 1)
        delete.bind(number, at: 2)
        try delete.run()
        return delete.changes
    }
}
