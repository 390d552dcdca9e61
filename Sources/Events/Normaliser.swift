/// Turns the message of a record into its skeleton: what stays the same when the same thing happens again.
///
/// Steps A, B and C of grouping: the first line, bounded, without colours; every word that varies (numbers, ids,
/// addresses, paths, hosts, times) replaced as a whole by `<*>`, runs of them by one; what names the fault protected;
/// where fewer than two words are left, the keys of `key=value` words kept. Secrets are replaced before all else.
/// `normalise` of a skeleton is that skeleton. The same bytes give the same skeleton on every host.
///
/// Written as a scanner over byte classes: of a word without a digit, slash, dot, colon or the like nothing is asked
/// but its length. Measured 2026-11-22, release, one of two busy virtual cores, messages of nine public system logs (63
/// bytes on average): 1.1 to 1.2 million messages a second with the search for secrets, 0.9 to 1.1 with the
/// fingerprint.
///
/// Used by one thread; owns its buffers (about 14 KiB) and allocates nothing once made. `skeleton` and `display` speak
/// of the last call.
package struct Normaliser {
    /// Bytes of a message that are looked at; the rest of a longer one does not count.
    package static let messageBytesMax = 4_096
    /// Words of a message that are looked at.
    package static let tokensMax = 128
    /// Bytes of `display()`.
    package static let displayBytesMax = 300

    /// Words without a placeholder that hold a letter: how much there is to tell two messages apart. Keys kept by step
    /// C are not counted.
    package private(set) var constantWords = 0

    private var text = [UInt8](repeating: 0, count: messageBytesMax)
    private var textCount = 0
    private var spare = [UInt8](repeating: 0, count: messageBytesMax)
    private var tokens = [Token](repeating: Token(), count: tokensMax)
    private var tokenCount = 0
    private var skeletonBytes = [UInt8](repeating: 0, count: messageBytesMax)
    private var skeletonCount = 0

    package init() {}

    /// Normalises the first line of `message`, from which the header (time, level, logger …) has been cut. The bytes
    /// are read during the call only.
    package mutating func normalise(_ message: UnsafeRawBufferPointer) {
        textCount = text.withUnsafeMutableBufferPointer { LineCleaner.clean(message, into: $0) }
        split()
        if mayHoldSecret && scrub() { split() }
        var constants = 0
        skeletonCount = text.withUnsafeBytes { text in
            tokens.withUnsafeMutableBufferPointer { tokens in
                TokenJudge.judge(tokens, count: tokenCount, in: text)
                return skeletonBytes.withUnsafeMutableBufferPointer { target in
                    var writer = SkeletonWriter(text: text, target: target)
                    let first = writer.write(tokens, count: tokenCount)
                    constants = first.constantWords
                    tokenCount = first.tokens
                    if constants < 2 && TokenJudge.keepKeys(of: tokens, count: tokenCount, in: text) {
                        tokenCount = writer.write(tokens, count: tokenCount).tokens
                    }
                    return writer.count
                }
            }
        }
        constantWords = constants
    }

    /// Lends the skeleton as it is hashed: words and `<*>` with one blank between them, at most 4 KiB.
    package func withSkeleton<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        try skeletonBytes.withUnsafeBytes { try body($0.cut(0..<skeletonCount)) }
    }

    /// Adds the skeleton to a key as one field.
    package func addFingerprint(to builder: inout FingerprintBuilder) {
        skeletonBytes.withUnsafeBytes { builder.add($0.cut(0..<skeletonCount)) }
    }

    /// The skeleton as text, for tests and explanations. Invalid UTF-8 is repaired.
    package var skeleton: String { withSkeleton { $0.string } }

    /// The message for people: typed placeholders (`<num>`, `<ip>`, `<path>`, `<uuid>`, `<time>` …) in place of what
    /// varies, control characters escaped, valid UTF-8, at most `displayBytesMax` bytes. Allocates: once an issue, not
    /// once an event.
    package func display() -> String {
        text.withUnsafeBytes { text in
            var writer = PlaceholderWriter(bytesMax: Normaliser.displayBytesMax)
            for token in tokens[0..<tokenCount] {
                writer.separate()
                let bytes = token.bytes(in: text)
                switch token.verdict {
                case .constant, .protocolName: writer.write(verbatim: bytes)
                case .absorbed: writer.write(absorbed: bytes)
                case .masked: writer.write(masked: bytes)
                case .prefix:
                    writer.write(verbatim: bytes.cut(0..<Int(token.kept)))
                    writer.write(masked: bytes.cut(Int(token.kept)..<bytes.count))
                }
                if writer.isFull { break }
            }
            return writer.finish()
        }
    }

    private mutating func split() {
        tokenCount = text.withUnsafeBytes { text in
            tokens.withUnsafeMutableBufferPointer { TokenJudge.split(text.cut(0..<textCount), into: $0) }
        }
    }

    /// Whether a search of those words that may announce a secret finds one. What lies behind `tokensMax` words counts
    /// as such a word.
    private var mayHoldSecret: Bool {
        text.withUnsafeBytes { all in
            let text = all.cut(0..<textCount)
            for token in tokens[..<tokenCount] {
                let word = Int(token.start)..<Int(token.end)
                guard SecretFinder.mayAnnounce(token.classes, length: word.count) else { continue }
                if SecretFinder.next(in: text, announcedIn: word, from: 0) != nil { return true }
            }
            return tokenCount == Normaliser.tokensMax
        }
    }

    /// Replaces the secrets of the text; false where there are none.
    private mutating func scrub() -> Bool {
        let found = text.withUnsafeBytes { text in
            spare.withUnsafeMutableBufferPointer { spare in
                Normaliser.scrub(text.cut(0..<textCount), into: spare)
            }
        }
        guard let found else { return false }
        swap(&text, &spare)
        textCount = found
        return true
    }

    /// Copies `text` with its secrets replaced, as far as it fits; nil, and nothing copied, if there are none.
    private static func scrub(_ text: UnsafeRawBufferPointer, into target: UnsafeMutableBufferPointer<UInt8>) -> Int? {
        guard var secret = SecretFinder.next(in: text, from: 0) else { return nil }
        var written = 0
        var position = 0
        func append(_ bytes: UnsafeRawBufferPointer) {
            for byte in bytes.prefix(target.count - written) {
                target[written] = byte
                written += 1
            }
        }
        while true {
            append(text.cut(position..<secret.lowerBound))
            SecretScrubber.placeholder.withUTF8Buffer { append(UnsafeRawBufferPointer($0)) }
            position = secret.upperBound
            guard let following = SecretFinder.next(in: text, from: position) else { break }
            secret = following
        }
        append(text.cut(position..<text.count))
        return written
    }
}
