import HTTPTypes

/// Headers that the library has no names for.
extension HTTPField.Name {
    static let idempotencyKey = named("Idempotency-Key")
    static let forwardedFor = named("X-Forwarded-For")
    static let forwardedScheme = named("X-Forwarded-Proto")
    static let forwarded = named("Forwarded")
    static let secFetchSite = named("Sec-Fetch-Site")
    static let referrerPolicy = named("Referrer-Policy")
    static let openerPolicy = named("Cross-Origin-Opener-Policy")
    static let resourcePolicy = named("Cross-Origin-Resource-Policy")
    static let accelBuffering = named("X-Accel-Buffering")

    private static func named(_ name: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(name) else { preconditionFailure("\(name) is no name of a header") }
        return name
    }
}
