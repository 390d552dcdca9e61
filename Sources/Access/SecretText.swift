internal import Foundation

/// Secrets that the program makes itself: API tokens, set-up links, sessions. Only their hashes are kept.
package enum SecretText {
    /// By which people and secret scanners know an API token.
    package static let tokenPrefix = "mgy_"

    /// An API token: 256 random bits.
    package static func newToken() -> String { tokenPrefix + base64URL(randomBytes(32)) }

    /// The secret of a set-up link: 256 random bits, for an address.
    package static func newLink() -> String { base64URL(randomBytes(32)) }

    /// SHA-256 in hexadecimal digits. Enough where the secret is too long to be guessed; a password takes `PasswordHash`.
    package static func hash(_ secret: String) -> String {
        ContentHash.sha256(secret)
    }

    /// Of the kernel's generator.
    static func randomBytes(_ count: Int) -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        return (0..<count).map { _ in UInt8.random(in: 0 ... .max, using: &generator) }
    }

    private static func base64URL(_ bytes: [UInt8]) -> String {
        String(
            Data(bytes).base64EncodedString().compactMap { character in
                switch character {
                case "+": "-"
                case "/": "_"
                case "=": nil
                default: character
                }
            })
    }
}
