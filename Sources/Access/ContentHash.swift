internal import Crypto

/// Tells two texts apart by a few digits.
package enum ContentHash {
    /// SHA-256 of the text's UTF-8, as 64 hexadecimal digits.
    package static func sha256(_ text: String) -> String {
        SHA256.hash(data: Array(text.utf8)).map { byte in
            (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined()
    }
}
