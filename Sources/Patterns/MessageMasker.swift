import Events
import PCRE2

/// Replaces what a pack's masks match by placeholders that the normaliser knows.
///
/// The masks work one after the other in the order of the pack, each from left to right over what the one before left.
/// Owned by one interpreter; its two buffers keep their room, so that nothing is allocated for an event.
struct MessageMasker {
    /// Bytes of a message's first line that masks look at; the normaliser looks at half of it.
    static let bytesMax = 2 * Normaliser.messageBytesMax
    /// Places that one mask replaces in one message.
    static let replacementsMax = 256

    private var text: [UInt8] = []
    private var next: [UInt8] = []

    /// Takes the first line of `message`. Where a mask is given up at a match limit, the rest of its work is left out.
    mutating func mask(_ message: UnsafeRawBufferPointer, with masks: [Mask], _ scratch: MatchScratch) {
        let end = message.prefix(MessageMasker.bytesMax).firstIndex(of: UInt8(ascii: "\n"))
        text.removeAll(keepingCapacity: true)
        text.append(contentsOf: message[..<(end ?? min(message.count, MessageMasker.bytesMax))])
        for mask in masks where replace(mask, scratch) { swap(&text, &next) }
    }

    /// Lends the masked text.
    func withText<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result { text.withUnsafeBytes(body) }

    /// Writes `text` into `next` with what the mask matches replaced; false, and nothing of use written, where it does
    /// not match at all.
    private mutating func replace(_ mask: Mask, _ scratch: MatchScratch) -> Bool {
        var position = 0
        var count = 0
        next.removeAll(keepingCapacity: true)
        text.withUnsafeBytes { bytes in
            while count < MessageMasker.replacementsMax,
                scratch.match(mask.match.compiled, in: bytes, from: position) == .matched,
                let found = scratch.capture(0), found.lowerBound >= position, !found.isEmpty
            {
                next.append(contentsOf: bytes[position..<found.lowerBound])
                next.append(contentsOf: mask.placeholder)
                position = found.upperBound
                count += 1
            }
            if count > 0 { next.append(contentsOf: bytes[position...]) }
        }
        return count > 0
    }
}
