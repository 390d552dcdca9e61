internal import Crypto
internal import CryptoExtras
internal import Foundation

/// A password as it is kept: scrypt (RFC 7914) with a salt of its own, as `$scrypt$ln=15,r=8,p=3$SALT$HASH` (the PHC
/// string format), base64 without padding.
package enum PasswordHash {
    /// What one guess costs.
    package struct Cost: Sendable, Equatable {
        /// The binary logarithm of N.
        package var logRounds: Int
        package var blockSize: Int
        package var parallelism: Int

        package init(logRounds: Int, blockSize: Int = 8, parallelism: Int = 1) {
            self.logRounds = logRounds
            self.blockSize = blockSize
            self.parallelism = parallelism
        }

        /// 32 MiB and some 200 ms a guess: one of the settings that OWASP's Password Storage Cheat Sheet has for equal, and
        /// the one that takes the least memory of the host.
        package static let standard = Cost(logRounds: 15, parallelism: 3)
    }

    package static let passwordBytesMax = 1_024
    /// Characters; NIST SP 800-63B asks for length and no mixture of kinds.
    package static let passwordLengthMin = 12
    private static let saltBytes = 16
    private static let keyBytes = 32

    /// Why a password cannot be one, as a sentence; nil where it can.
    package static func fault(of password: String, for name: String) -> String? {
        if password.count < passwordLengthMin { return "A password has \(passwordLengthMin) characters or more." }
        if password.utf8.count > passwordBytesMax { return "A password has at most \(passwordBytesMax) bytes." }
        let lower = password.lowercased()
        if Set(lower).count < 5
            || (lower.contains(name.lowercased()) && password.count < name.count + passwordLengthMin)
        {
            return "This password is easy to guess: take several words that do not belong together."
        }
        return nil
    }

    /// Takes the time and memory of `cost`; not for an event loop.
    package static func make(_ password: String, cost: Cost = .standard) throws -> String {
        let salt = SecretText.randomBytes(saltBytes)
        let key = try derive(password, salt, cost)
        let hash = key.withUnsafeBytes { Array($0) }
        return "$scrypt$ln=\(cost.logRounds),r=\(cost.blockSize),p=\(cost.parallelism)$\(text(salt))$\(text(hash))"
    }

    /// Whether `password` is the one that `stored` was made of; compared in the same time whatever differs. A text that
    /// was not made by `make` is nobody's.
    package static func isRight(_ password: String, for stored: String) -> Bool {
        guard password.utf8.count <= passwordBytesMax, let parts = Parts(stored) else { return false }
        do {
            // The comparison of keys does not end at the first difference.
            return try derive(password, parts.salt, parts.cost) == SymmetricKey(data: parts.hash)
        } catch {
            return false
        }
    }

    /// A hash that no password has: to spend the same time on a name that nobody bears.
    package static func decoy(cost: Cost = .standard) -> String {
        let (salt, hash) = (SecretText.randomBytes(saltBytes), SecretText.randomBytes(keyBytes))
        return "$scrypt$ln=\(cost.logRounds),r=\(cost.blockSize),p=\(cost.parallelism)$\(text(salt))$\(text(hash))"
    }

    private static func derive(_ password: String, _ salt: [UInt8], _ cost: Cost) throws -> SymmetricKey {
        // Keyboards differ in how they compose an accented letter (NFKC, as RFC 8265 has it).
        let bytes = Array(password.precomposedStringWithCompatibilityMapping.utf8)
        return try KDF.Scrypt.deriveKey(
            from: bytes, salt: salt, outputByteCount: keyBytes, rounds: 1 << cost.logRounds,
            blockSize: cost.blockSize, parallelism: cost.parallelism)
    }

    private static func text(_ bytes: [UInt8]) -> String {
        String(Data(bytes).base64EncodedString().prefix { $0 != "=" })
    }

    /// A stored hash taken apart.
    private struct Parts {
        var cost: Cost
        var salt: [UInt8]
        var hash: [UInt8]

        init?(_ stored: String) {
            let pieces = stored.split(separator: "$", omittingEmptySubsequences: false)
            guard pieces.count == 5, pieces[0].isEmpty, pieces[1] == "scrypt" else { return nil }
            let numbers = pieces[2].split(separator: ",").map { $0.split(separator: "=") }
            guard numbers.map(\.first) == ["ln", "r", "p"], numbers.allSatisfy({ $0.count == 2 }),
                let log = Int(numbers[0][1]), let block = Int(numbers[1][1]), let parallel = Int(numbers[2][1]),
                // Beyond these it would not be ours, and could take the host's memory.
                (1...20).contains(log), (1...32).contains(block), (1...16).contains(parallel),
                let salt = Parts.bytes(pieces[3]), let hash = Parts.bytes(pieces[4]), hash.count == keyBytes
            else { return nil }
            cost = Cost(logRounds: log, blockSize: block, parallelism: parallel)
            self.salt = salt
            self.hash = hash
        }

        private static func bytes(_ text: Substring) -> [UInt8]? {
            let padding = String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
            return Data(base64Encoded: text + padding).map { Array($0) }
        }
    }
}
