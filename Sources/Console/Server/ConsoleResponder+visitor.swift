import Access
import Events
import HTTPTypes
import Hummingbird

/// What a request says of whoever sent it.
extension ConsoleResponder {
    func credentials(_ request: Request, _ context: ConsoleContext) -> Credentials {
        let headers = request.headers
        // Of two cookies of these names the one that only TLS can have set is believed.
        let session =
            (site.settings.tls != nil || site.settings.proxy != nil
                ? Cookies.value(Cookies.secureSession, in: headers) : nil)
            ?? Cookies.value(Cookies.session, in: headers)
        let bearer = headers[.authorization].map { text in
            text.lowercased().hasPrefix("bearer ") ? String(text.dropFirst(7).drop { $0 == " " }) : ""
        }
        let userHeader = site.settings.proxy.flatMap { HTTPField.Name($0.userHeader) }
        return Credentials(
            session: session.flatMap { FormTokens.isSession($0) ? $0 : nil }, bearer: bearer,
            peer: context.peer, forwardedFor: headers[HTTPField.Name.forwardedFor],
            isForwarded: headers[HTTPField.Name.forwardedFor] != nil || headers[HTTPField.Name.forwarded] != nil,
            forwardedScheme: headers[HTTPField.Name.forwardedScheme]?.lowercased(),
            remoteUser: userHeader.flatMap { headers[values: $0].count == 1 ? headers[$0] : nil },
            host: request.head.authority.flatMap { RequestCheck.hostName($0) } ?? "",
            browser: headers[.userAgent] ?? "")
    }

    func visitor(_ request: Request, _ credentials: Credentials) -> Visitor {
        let preferences = Cookies.value(Cookies.preferences, in: request.headers).map {
            Preferences(cookie: Cookies.unpacked($0))
        }
        return Visitor(
            session: credentials.session ?? FormTokens.newSession(), isNew: credentials.session == nil,
            preferences: preferences ?? Preferences(), credentials: credentials,
            isSecure: site.gate.isSecure(credentials))
    }
}
