import HTTPTypes

/// The two cookies: the session that forms are bound to, and what a visitor chose.
enum Cookies {
    static let session = "margay-session"
    static let preferences = "margay-preferences"
    private static let secondsMax = 365 * 86_400

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
    static func set(_ name: String, _ value: String) -> String {
        "\(name)=\(value); Path=/; HttpOnly; SameSite=Strict; Max-Age=\(secondsMax)"
    }

    /// Any text as the value of a cookie, and back.
    static func packed(_ text: String) -> String { FormFields.encoded(text) }

    static func unpacked(_ value: String) -> String {
        FormFields("v=\(value)".utf8)?["v"] ?? ""
    }
}
