import Events

/// Tokens that show that a form came from a page of ours: a keyed hash of the visitor's session. The key lives as long as
/// the process, so a page from before a restart is told to be loaded again.
struct FormTokens: Sendable {
    private let key: SipHash.Key

    init(key: SipHash.Key = SipHash.Key(low: .random(in: 0 ... .max), high: .random(in: 0 ... .max))) {
        self.key = key
    }

    /// 32 hexadecimal digits.
    func token(for session: String) -> String {
        var hash = SipHash(key: key)
        var session = session
        session.withUTF8 { hash.add(UnsafeRawBufferPointer($0)) }
        let (first, second) = hash.finish()
        return FormTokens.hexadecimal(first) + FormTokens.hexadecimal(second)
    }

    /// Compares in the same time whatever differs.
    func isToken(_ token: String, for session: String) -> Bool {
        let expected = Array(self.token(for: session).utf8)
        let given = Array(token.utf8.prefix(expected.count + 1))
        guard given.count == expected.count else { return false }
        return zip(expected, given).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }

    /// A session that nobody can guess: 128 random bits of the system.
    static func newSession() -> String { hexadecimal(.random(in: 0 ... .max)) + hexadecimal(.random(in: 0 ... .max)) }

    static func isSession(_ text: String) -> Bool {
        text.utf8.count == 32 && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
    }

    private static func hexadecimal(_ number: UInt64) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }
}
