import Access
import Events
import Store

/// Finds out who asks: from a token, the proxy in front, a session, or because nobody else can reach this console.
/// Blocks on the store.
struct AccessGate: Sendable {
    let archive: Archive
    let settings: ConsoleSettings
    /// Whose name stands in the history for whoever sits at this machine and has given none.
    let author: String

    func person(_ credentials: Credentials, _ preferences: Preferences, now: Timestamp) throws -> Person {
        if let bearer = credentials.bearer { return try program(bearer, now: now) }
        if let person = try sentByProxy(credentials) { return person }
        if let session = credentials.session,
            let found = try archive.session(hash: SecretText.hash(session), now: now)
        {
            return Person(way: .session(found.number), name: found.user, role: found.role)
        }
        guard isOpen(to: credentials), try !archive.hasUsers() else { return .nobody }
        return Person(way: .local, name: preferences.name ?? author, role: .admin)
    }

    /// The address that failures to sign in are counted by: the visitor's, as far as somebody trustworthy says it.
    func address(_ credentials: Credentials) -> String {
        guard isTrusted(credentials.peer), let last = credentials.forwardedFor?.split(separator: ",").last else {
            return credentials.peer
        }
        // The last one is what the proxy itself saw; those before it anybody may have written.
        let text = String(last.filter { $0 != " " })
        return AddressRange.isAddress(text) ? text : credentials.peer
    }

    /// Whether the browser speaks TLS, with us or with the proxy in front.
    func isSecure(_ credentials: Credentials) -> Bool {
        settings.tls != nil || (isTrusted(credentials.peer) && credentials.forwardedScheme == "https")
    }

    private func isTrusted(_ peer: String) -> Bool {
        settings.proxy?.addresses.contains { $0.contains(peer) } ?? false
    }

    private func program(_ bearer: String, now: Timestamp) throws -> Person {
        guard let found = try archive.token(hash: SecretText.hash(bearer), now: now) else { return .nobody }
        return Person(
            way: .token(found.token.scopes), name: "token \(found.token.name)", role: found.role,
            tokenOwner: found.token.owner)
    }

    private func sentByProxy(_ credentials: Credentials) throws -> Person? {
        guard let proxy = settings.proxy, isTrusted(credentials.peer), let name = credentials.remoteUser,
            AccountName.isValid(name)
        else { return nil }
        guard let user = try archive.user(name) else { return Person(way: .proxy, name: name, role: proxy.role) }
        return user.isDisabled ? .nobody : Person(way: .proxy, name: user.name, role: user.role)
    }

    /// Whether nobody but people at this machine can have sent it. One that was passed on came from who knows where: a
    /// proxy in front of a console without users would open it to the world.
    private func isOpen(to credentials: Credentials) -> Bool {
        settings.listen.isLoopback && settings.proxy == nil && ListenAddress.isLoopback(credentials.host)
            && !credentials.isForwarded
    }
}
