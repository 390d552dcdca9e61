/// Replaces what nobody may read in a log by `<secret>`: passwords, tokens, `Authorization` and cookie values, private
/// keys, access keys of cloud providers, card numbers, passwords in URLs.
///
/// Pure and deterministic; scrubbing twice changes nothing more. Run it on samples, on captured fields and on what is
/// hashed (`Normaliser` does so by itself). It errs on the side of hiding: a word after `password:` is taken for one.
/// It cannot know a secret that has neither a name nor a form.
package enum SecretScrubber {
    /// What stands in place of a secret.
    package static let placeholder: StaticString = "<secret>"

    /// `text` with its secrets replaced; the same string, without a copy, where there are none.
    package static func scrub(_ text: String) -> String {
        var text = text
        let scrubbed = text.withUTF8 { scrub(UnsafeRawBufferPointer($0)) }
        return scrubbed.map { String(decoding: $0, as: UTF8.self) } ?? text
    }

    /// Whether what stands under `name` is a secret, whatever it looks like: `password`, `api_key`.
    package static func isSecret(named name: String) -> Bool {
        var name = name
        return name.withUTF8 { bytes in
            SecretKeys.kind(in: UnsafeRawBufferPointer(bytes), endingAt: bytes.count, from: 0) != nil
        }
    }

    /// The bytes with their secrets replaced; nil where there are none. Time grows with the length, whatever the bytes.
    package static func scrub(_ bytes: UnsafeRawBufferPointer) -> [UInt8]? {
        guard var secret = SecretFinder.next(in: bytes, from: 0) else { return nil }
        var output = [UInt8]()
        output.reserveCapacity(bytes.count)
        var position = 0
        while true {
            output.append(contentsOf: bytes.cut(position..<secret.lowerBound))
            placeholder.withUTF8Buffer { output.append(contentsOf: $0) }
            position = secret.upperBound
            guard let following = SecretFinder.next(in: bytes, from: position) else { break }
            secret = following
        }
        output.append(contentsOf: bytes.cut(position..<bytes.count))
        return output
    }

    /// Whether there is anything to replace.
    package static func holdsSecret(_ bytes: UnsafeRawBufferPointer) -> Bool {
        SecretFinder.next(in: bytes, from: 0) != nil
    }
}
