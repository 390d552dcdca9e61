import PCRE2

/// A fingerprint with a capture that looks like a number of something: an issue for each event.
enum VaryingFingerprint: LintRule {
    static let name = "varying-fingerprint"
    static let level = Diagnostic.Level.advice
    static let meaning = "A part of a fingerprint seems to be different in every event."

    /// Digits in a row from which on a value is taken for a number of something.
    static let digitsMin = 5

    static func check(_ pack: Pack, among packs: LintedPacks) -> [Diagnostic] {
        let scratch = MatchScratch()
        return pack.ownPatterns.flatMap { pattern in
            pattern.fingerprint.compactMap { part -> Diagnostic? in
                guard case .capture(let name) = part, let number = pattern.match.compiled.number(of: name) else {
                    return nil
                }
                let values = pattern.tests.match.compactMap { pattern.capture(number, in: $0.line, scratch) }
                guard let value = values.first(where: { isNumbered($0) }) else { return nil }
                return remark(
                    pattern.place, "\(pattern.id): '\(name)' is part of the fingerprint and holds '\(value.printable)'",
                    "write masked(\(name)), if that differs from event to event")
            }
        }
    }

    private static func isNumbered(_ value: String) -> Bool {
        var run = 0
        for byte in value.utf8 {
            run = byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") ? run + 1 : 0
            if run >= digitsMin { return true }
        }
        return false
    }
}

extension Pattern {
    /// What a group captures in the first line of `record` that matches.
    fileprivate func capture(_ number: Int, in record: String, _ scratch: MatchScratch) -> String? {
        var record = record
        return record.withUTF8 { buffer in
            let bytes = UnsafeRawBufferPointer(buffer)
            for line in ReferenceMatcher.lines(of: bytes) {
                let line = UnsafeRawBufferPointer(rebasing: bytes[line])
                guard scratch.match(match.compiled, in: line) == .matched else { continue }
                return scratch.capture(number).map { String(decoding: line[$0], as: UTF8.self) }
            }
            return nil
        }
    }
}
