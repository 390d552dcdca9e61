import HTTPTypes

/// The two cookies: the session that forms are bound to, and what a visitor chose.
enum Cookies {
    /// Of a console without TLS.
    static let session = "margay-session"
    /// Browsers take a cookie of such a name over TLS only, and from no other name of the same domain (RFC 6265bis, 4.1.3).
    static let secureSession = "__Host-margay-session"
    static let preferences = "margay-preferences"
    static let secondsMax = 365 * 86_400

    /// The value of a cookie in the headers of a request (RFC 6265, 5.4); the first where it comes twice.
    static func value(_ name: String, in headers: HTTPFields) -> String? {
        for header in headers[values: .cookie] {
            for pair in header.split(separator: ";") {
                let sides = pair.drop { $0 == " " }.split(
                    separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                if sides.count == 2, sides[0] == name { return String(sides[1]) }
            }
        }
        return nil
    }

    /// `value` holds letters, digits, `-`, `.`, `_`, `%` and `~` only.
    static func set(_ name: String, _ value: String, isSecure: Bool = false, seconds: Int = secondsMax) -> String {
        "\(name)=\(value); Path=/; HttpOnly; SameSite=Strict; Max-Age=\(seconds)\(isSecure ? "; Secure" : "")"
    }

    /// The session of a visitor.
    static func setSession(_ value: String, isSecure: Bool, seconds: Int = secondsMax) -> String {
        set(isSecure ? secureSession : session, value, isSecure: isSecure, seconds: seconds)
    }

    /// Any text as the value of a cookie, and back.
    static func packed(_ text: String) -> String { FormFields.encoded(text) }

    static func unpacked(_ value: String) -> String {
        FormFields("v=\(value)".utf8)?["v"] ?? ""
    }
}
