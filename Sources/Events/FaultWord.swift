/// Tells sentences that speak of a fault from those that report on everyday work.
///
/// A heuristic for headers without a level: whether one of the words begins like those in which programs tell of faults.
/// It fails for faults told in other words, or in other languages than English.
package enum FaultWord {
    /// Bytes of a text that are looked at.
    private static let bytesMax = 1_024

    /// Beginnings of words, in small letters.
    private static let stems: [StaticString] = [
        "abort", "assert", "broken", "can't", "cannot", "corrupt", "could not", "couldn't", "crash", "critical",
        "denied",
        "did not", "died", "err", "exceed", "exception", "fail", "fatal", "fault", "forbidden", "illegal", "incorrect",
        "insufficient", "invalid", "kill", "lost", "malformed", "mismatch", "missing", "no such", "not found", "oops",
        "out of", "overflow", "panic", "refus", "reject", "segfault", "segv", "severe", "stuck", "terminated",
        "timed out",
        "timeout", "traceback", "unable", "unavailable", "uncaught", "undefined", "unexpected", "unhandled",
        "unreachable", "violat", "warn", "wrong",
    ]

    /// The low five bits of the first letters of all stems: they are the same for both cases.
    private static let firstLetters: UInt32 = stems.reduce(0) { $0 | 1 << UInt32($1.utf8Start[0] & 31) }

    /// Whether `text` holds such a word; a capital inside of a word begins one too, as in `HttpError`.
    package static func isIn(_ text: UnsafeRawBufferPointer) -> Bool {
        var before: UInt8 = 0
        for index in 0..<min(text.count, bytesMax) {
            let byte = text[index]
            defer { before = byte }
            guard byte.isLetter, firstLetters & 1 << UInt32(byte & 31) != 0,
                !before.isLetter || byte.isUppercase && before.isLower
            else { continue }
            for stem in stems where text.hasAnyCase(stem, at: index) { return true }
        }
        return false
    }
}
