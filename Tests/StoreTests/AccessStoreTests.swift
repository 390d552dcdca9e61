import Events
import Testing
import Triage

@testable import Store

/// Users, sessions, tokens and the set-up link, as rows.
@Suite struct AccessStoreTests {
    private static func user(_ name: String, _ role: Role) -> UserAccount {
        UserAccount(name: name, role: role, secret: "$hash-of-\(name)", created: at(0))
    }

    /// A store with an admin ada and a viewer bob.
    private func filled(_ store: TemporaryStore) throws -> Archive {
        let archive = try store.writer()
        #expect(try archive.add(AccessStoreTests.user("ada", .admin), by: "root") == .done)
        #expect(try archive.add(AccessStoreTests.user("bob", .viewer), by: "ada") == .done)
        return archive
    }

    @Test func `a user is found whatever the case of the name, and there is one of each`() throws {
        let store = try TemporaryStore()
        let archive = try filled(store)
        #expect(try archive.user("ADA")?.name == "ada")
        #expect(try archive.user("carol") == nil)
        #expect(try archive.add(AccessStoreTests.user("Ada", .viewer), by: "root") == .exists)
        #expect(try archive.users().map(\.name) == ["ada", "bob"])
    }

    @Test func `every change is in the audit with before and after, and no hash is`() throws {
        let store = try TemporaryStore()
        let archive = try filled(store)
        for change in [UserChange.role(.editor), .secret("$hash-new", keepingSession: nil), .disabled(true), .removed] {
            #expect(try archive.change(user: "bob", change, by: "ada", now: at(9)) == .done)
        }
        let token = APIToken(name: "ci", owner: nil, scopes: [.read, .events], created: at(1), expires: at(100))
        #expect(try archive.add(token, hash: "$hash-of-ci", by: "ada") == .done)
        #expect(try archive.removeToken("ci", by: "ada", now: at(2)))
        let lines = try archive.audit(limit: 100).reversed()
        #expect(
            lines.map { "\($0.author) \($0.what) \($0.detail ?? "-") \($0.before ?? "-") \($0.after ?? "-")" } == [
                "root user-add ada - admin", "ada user-add bob - viewer", "ada user-role bob viewer editor",
                "ada user-password bob set set anew", "ada user-disable bob enabled disabled",
                "ada user-remove bob editor -", "ada token-add ci - read,events until \(at(100))",
                "ada token-remove ci read,events -",
            ])
        #expect(!lines.contains { "\($0)".contains("hash") })
    }

    @Test(arguments: [UserChange.role(.editor), .disabled(true), .removed])
    func `the last admin stays`(_ change: UserChange) throws {
        let store = try TemporaryStore()
        let archive = try filled(store)
        #expect(try archive.change(user: "ada", change, by: "ada", now: at(1)) == .lastAdmin)
        #expect(try archive.change(user: "ada", change, by: "ada", now: at(1), allowsNone: true) == .lastAdmin)
        #expect(try archive.user("ada") == AccessStoreTests.user("ada", .admin))
        #expect(try archive.change(user: "bob", .role(.admin), by: "ada", now: at(2)) == .done)
        #expect(try archive.change(user: "ada", change, by: "ada", now: at(3)) == .done)
    }

    @Test func `the only user goes where none is allowed, and nowhere else`() throws {
        let store = try TemporaryStore()
        let archive = try store.writer()
        #expect(try !archive.hasUsers())
        #expect(try archive.add(AccessStoreTests.user("ada", .admin), by: "root") == .done)
        #expect(try archive.change(user: "ada", .removed, by: "ada", now: at(1)) == .lastAdmin)
        #expect(try archive.change(user: "ada", .disabled(true), by: "x", now: at(1), allowsNone: true) == .lastAdmin)
        #expect(try archive.change(user: "ada", .removed, by: "ada", now: at(1), allowsNone: true) == .done)
        #expect(try !archive.hasUsers())
        #expect(try archive.change(user: "ada", .removed, by: "ada", now: at(1)) == .unknown)
    }

    @Test(
        arguments: [
            (0, 0, true), (UserSession.idleSecondsMax - 1, 0, true), (UserSession.idleSecondsMax, 0, false),
            // Used every ten hours, it lives until its week is over.
            (UserSession.secondsMax - 1, 36_000, true), (UserSession.secondsMax, 36_000, false),
        ] as [(Int64, Int64, Bool)])
    func `a session ends when it is idle and when it is old`(
        _ after: Int64, _ every: Int64, _ isGood: Bool
    ) throws {
        let store = try TemporaryStore()
        let archive = try filled(store)
        try archive.beginSession(hash: "h", user: "ada", address: "::1", browser: "b", now: at(0))
        if every > 0 {
            for time in stride(from: every, to: after, by: Int(every)) {
                #expect(try archive.session(hash: "h", now: at(time)) != nil)
            }
        }
        #expect((try archive.session(hash: "h", now: at(after)) != nil) == isGood)
    }

    @Test func `when it was seen is written once a minute`() throws {
        let store = try TemporaryStore()
        let archive = try filled(store)
        try archive.beginSession(hash: "h", user: "ada", address: "::1", browser: "b", now: at(0))
        for (now, seen) in [(59, 0), (60, 60), (119, 60), (121, 121)] as [(Int64, Int64)] {
            _ = try archive.session(hash: "h", now: at(now))
            #expect(try archive.sessions(of: "ada", now: at(now)).map(\.lastSeen) == [at(seen)])
            #expect(try archive.user("ada")?.lastSeen == at(seen))
        }
    }

    @Test func `a role holds at once, and who is disabled, removed or has another password is out`() throws {
        let store = try TemporaryStore()
        let archive = try filled(store)
        for (number, change) in [UserChange.disabled(true), .secret("$new", keepingSession: nil), .removed].enumerated()
        {
            let name = "user\(number)"
            #expect(try archive.add(AccessStoreTests.user(name, .viewer), by: "ada") == .done)
            try archive.beginSession(hash: name, user: name, address: "::1", browser: "b", now: at(0))
            #expect(try archive.change(user: name, .role(.editor), by: "ada", now: at(1)) == .done)
            #expect(try archive.session(hash: name, now: at(1))?.role == .editor)
            #expect(try archive.change(user: name, change, by: "ada", now: at(1)) == .done)
            #expect(try archive.session(hash: name, now: at(1)) == nil)
        }
    }

    @Test func `one's own session outlives a change of one's password, others do not`() throws {
        let store = try TemporaryStore()
        let archive = try filled(store)
        try archive.beginSession(hash: "here", user: "ada", address: "::1", browser: "b", now: at(0))
        try archive.beginSession(hash: "there", user: "ada", address: "::2", browser: "b", now: at(0))
        let own = try #require(try archive.session(hash: "here", now: at(1))).number
        #expect(try archive.change(user: "ada", .secret("$x", keepingSession: own), by: "ada", now: at(1)) == .done)
        #expect(try archive.session(hash: "here", now: at(1)) != nil)
        #expect(try archive.session(hash: "there", now: at(1)) == nil)
    }

    @Test func `a user has so many sessions, and the one unused for longest goes`() throws {
        let store = try TemporaryStore()
        let archive = try filled(store)
        for number in 0...UserSession.perUserMax {
            try archive.beginSession(
                hash: "h\(number)", user: "ada", address: "::1", browser: "b", now: at(Int64(number)))
        }
        #expect(try archive.sessions(of: "ada", now: at(60)).count == UserSession.perUserMax)
        #expect(try archive.session(hash: "h0", now: at(60)) == nil)
        #expect(try archive.session(hash: "h1", now: at(60)) != nil)
    }

    @Test func `nobody ends the session of another`() throws {
        let store = try TemporaryStore()
        let archive = try filled(store)
        try archive.beginSession(hash: "h", user: "ada", address: "::1", browser: "b", now: at(0))
        let number = try #require(try archive.session(hash: "h", now: at(1))).number
        #expect(try archive.endSessions(of: "bob", number: number, by: "bob", now: at(1)) == 0)
        #expect(try archive.session(hash: "h", now: at(1)) != nil)
        #expect(try archive.endSessions(of: "ada", number: number, by: "ada", now: at(1)) == 1)
        #expect(try archive.session(hash: "h", now: at(1)) == nil)
    }

    @Test func `a token is good until it expires, and only with its owner`() throws {
        let store = try TemporaryStore()
        let archive = try filled(store)
        let owned = APIToken(name: "bobs", owner: "bob", scopes: [.read], created: at(0), expires: at(100))
        #expect(try archive.add(owned, hash: "h1", by: "bob") == .done)
        #expect(try archive.add(owned, hash: "h2", by: "bob") == .exists)
        let free = APIToken(name: "ci", owner: nil, scopes: [.events], created: at(0), expires: at(100))
        #expect(try archive.add(free, hash: "h3", by: "root") == .done)
        #expect(try archive.token(hash: "h1", now: at(99))?.role == .viewer)
        #expect(try archive.token(hash: "h3", now: at(99))?.role == nil)
        #expect(try archive.token(hash: "h1", now: at(100)) == nil)
        #expect(try archive.token(hash: "bobs", now: at(1)) == nil)
        #expect(try archive.change(user: "bob", .disabled(true), by: "ada", now: at(1)) == .done)
        #expect(try archive.token(hash: "h1", now: at(1)) == nil)
        #expect(try archive.change(user: "bob", .removed, by: "ada", now: at(1)) == .done)
        #expect(try archive.tokens().map(\.name) == ["ci"])
    }

    @Test func `the last use of a token is written once a minute`() throws {
        let store = try TemporaryStore()
        let archive = try filled(store)
        let token = APIToken(name: "ci", owner: nil, scopes: [.read], created: at(0), expires: at(1_000))
        #expect(try archive.add(token, hash: "h", by: "root") == .done)
        for (now, used) in [(5, 5), (64, 5), (65, 65), (66, 65)] as [(Int64, Int64)] {
            _ = try archive.token(hash: "h", now: at(now))
            #expect(try archive.tokens().map(\.lastUsed) == [at(used)])
        }
    }

    @Test func `the set-up link is good once, for a day, and while there are no users`() throws {
        let store = try TemporaryStore()
        let archive = try store.writer()
        #expect(try !archive.isSetupPending(hash: nil, now: at(0)))
        #expect(try archive.prepareSetup(hash: "one", by: "root", now: at(0)) == .done)
        #expect(try archive.isSetupPending(hash: nil, now: at(0)))
        #expect(try archive.prepareSetup(hash: "two", by: "root", now: at(0)) == .done)
        #expect(try !archive.isSetupPending(hash: "one", now: at(1)))
        #expect(try archive.isSetupPending(hash: "two", now: at(86_399)))
        #expect(try !archive.isSetupPending(hash: "two", now: at(86_400)))
        var ada = AccessStoreTests.user("ada", .admin)
        ada.created = at(86_400)
        #expect(try archive.completeSetup(hash: "two", ada) == .badLink)
        ada.created = at(86_399)
        #expect(try archive.completeSetup(hash: "one", ada) == .badLink)
        #expect(try archive.completeSetup(hash: "two", ada) == .done)
        #expect(try archive.completeSetup(hash: "two", AccessStoreTests.user("eve", .admin)) == .badLink)
        #expect(try archive.prepareSetup(hash: "three", by: "root", now: at(1)) == .exists)
        #expect(try archive.users().map(\.name) == ["ada"])
    }

    @Test func `a store that is read only lets sessions and tokens in and notes nothing`() throws {
        let store = try TemporaryStore()
        let archive = try filled(store)
        try archive.beginSession(hash: "h", user: "ada", address: "::1", browser: "b", now: at(0))
        let reader = try store.reader()
        #expect(try reader.session(hash: "h", now: at(600))?.user == "ada")
        #expect(try reader.user("ada")?.lastSeen == at(0))
        #expect(throws: ArchiveError.self) { try reader.add(AccessStoreTests.user("eve", .admin), by: "x") }
    }
}
