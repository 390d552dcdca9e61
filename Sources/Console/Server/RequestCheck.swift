import Access
import Events
import HTTPTypes

/// Whether a request may be answered at all. Pure: what the request says, and what is known of this server.
enum RequestCheck {
    /// What the check looks at.
    struct Facts: Sendable {
        var method: HTTPRequest.Method
        /// The target as sent.
        var target: String
        /// `Host`, or the authority.
        var authority: String?
        var origin: String?
        /// `Sec-Fetch-Site` (W3C Fetch Metadata); browsers send it, others do not.
        var fetchSite: String?
        var contentType: String?
        /// Whether the browser speaks TLS, with us or with the proxy in front.
        var isSecure = false
    }

    /// By which names the console may be reached.
    struct Reach: Sendable {
        /// In lower case.
        var names: [String] = []
        /// The address that it listens on, where that is not this machine's own; nil for this machine only.
        var openHost: String?

        init() {}

        init(_ settings: ConsoleSettings) {
            names = settings.names
            openHost = settings.listen.isLoopback ? nil : settings.listen.host.lowercased()
        }

        /// A name that anybody may make lead here is not enough; an address cannot be made to lead elsewhere.
        func contains(_ host: String) -> Bool {
            let host = host.lowercased()
            if ListenAddress.isLoopback(host) || names.contains(host) { return true }
            guard let openHost else { return false }
            return host == openHost || AddressRange.isAddress(host)
        }

        /// What may stand in the address bar, as the end of a sentence.
        var sentence: String {
            let given = names.isEmpty ? "" : ", \(names.joined(separator: ", "))"
            return openHost == nil
                ? "localhost, 127.0.0.1, [::1]\(given)" : "localhost\(given) and by its address"
        }
    }

    enum Verdict: Sendable, Equatable {
        case answer
        case refuse(HTTPResponse.Status, String)
    }

    static func judge(_ facts: Facts, _ reach: Reach = Reach()) -> Verdict {
        guard facts.target.utf8.count <= ConsoleLimits.targetBytesMax else {
            return .refuse(.uriTooLong, "The address is longer than \(ConsoleLimits.targetBytesMax) bytes.")
        }
        guard let authority = facts.authority, let host = hostName(authority), reach.contains(host) else {
            // A page of another site whose name was made to lead here (DNS rebinding) sends that name.
            return .refuse(
                .misdirectedRequest,
                "The console answers to \(reach.sentence) only; open it by one of these names, or add this one to "
                    + "'names:' of 'console:' in its configuration.")
        }
        switch facts.method {
        case .get, .head: return .answer
        case .post, .put, .patch, .delete: break
        default: return .refuse(.methodNotAllowed, "The console knows GET, HEAD, POST, PUT, PATCH and DELETE.")
        }
        if let site = facts.fetchSite, site != "same-origin", site != "none" {
            return .refuse(.forbidden, "Another site asked for this change; nothing was changed.")
        }
        let own = "\(facts.isSecure ? "https" : "http")://\(authority.lowercased())"
        if let origin = facts.origin, origin.lowercased() != own {
            return .refuse(.forbidden, "Another site asked for this change; nothing was changed.")
        }
        return .answer
    }

    /// The host of `host`, `host:port`, `[address]` or `[address]:port`; nil for anything else.
    static func hostName(_ authority: String) -> String? {
        if authority.hasPrefix("[") {
            guard let end = authority.firstIndex(of: "]") else { return nil }
            let rest = authority[authority.index(after: end)...]
            guard rest.isEmpty || isPort(rest) else { return nil }
            return String(authority[authority.index(after: authority.startIndex)..<end])
        }
        guard let colon = authority.firstIndex(of: ":") else { return authority }
        return isPort(authority[colon...]) ? String(authority[..<colon]) : nil
    }

    private static func isPort(_ text: Substring) -> Bool {
        text.hasPrefix(":") && text.utf8.count <= 6 && text.dropFirst().utf8.allSatisfy { (0x30...0x39).contains($0) }
    }
}
