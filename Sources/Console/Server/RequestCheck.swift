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
    }

    enum Verdict: Sendable, Equatable {
        case answer
        case refuse(HTTPResponse.Status, String)
    }

    static func judge(_ facts: Facts) -> Verdict {
        guard facts.target.utf8.count <= ConsoleLimits.targetBytesMax else {
            return .refuse(.uriTooLong, "The address is longer than \(ConsoleLimits.targetBytesMax) bytes.")
        }
        guard let authority = facts.authority, let host = hostName(authority), ListenAddress.isLoopback(host) else {
            // A page of another site whose name was made to lead here (DNS rebinding) sends that name.
            return .refuse(
                .misdirectedRequest,
                "The console answers to localhost, 127.0.0.1 and [::1] only; open it by one of these names.")
        }
        switch facts.method {
        case .get, .head: return .answer
        case .post: break
        default: return .refuse(.methodNotAllowed, "The console knows GET, HEAD and POST.")
        }
        if let site = facts.fetchSite, site != "same-origin", site != "none" {
            return .refuse(.forbidden, "Another site asked for this change; nothing was changed.")
        }
        if let origin = facts.origin, origin.lowercased() != "http://\(authority.lowercased())" {
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
