/// Writes judged words as a skeleton.
struct SkeletonWriter {
    let text: UnsafeRawBufferPointer
    let target: UnsafeMutableBufferPointer<UInt8>
    /// Bytes written by the last `write`.
    private(set) var count = 0

    init(text: UnsafeRawBufferPointer, target: UnsafeMutableBufferPointer<UInt8>) {
        self.text = text
        self.target = target
    }

    /// Writes the words that fit into `target` from its beginning. Returns how many were used, and how many of those
    /// are constant and hold a letter.
    mutating func write(
        _ tokens: UnsafeMutableBufferPointer<Token>, count tokenCount: Int
    ) -> (tokens: Int, constantWords: Int) {
        count = 0
        var constantWords = 0
        var afterPlaceholder = false
        for index in 0..<tokenCount {
            let token = tokens[index]
            if token.isPlaceholder {
                if afterPlaceholder { continue }
                guard append(text.cut(0..<0), placeholder: true) else { return (index, constantWords) }
                afterPlaceholder = true
                continue
            }
            let bytes = token.bytes(in: text)
            let isWritten =
                switch token.verdict {
                case .prefix: append(bytes.cut(0..<Int(token.kept)), placeholder: true)
                case .protocolName: append(bytes.cut(0..<(bytes.find("HTTP") ?? 0) + 4), placeholder: false)
                case .constant, .masked, .absorbed: append(bytes, placeholder: false)
                }
            guard isWritten else { return (index, constantWords) }
            afterPlaceholder = false
            if token.classes.contains(.letter) { constantWords += 1 }
        }
        return (tokenCount, constantWords)
    }

    /// A blank if needed, `bytes`, and `<*>` if asked; false, and nothing written, where they do not fit.
    private mutating func append(_ bytes: UnsafeRawBufferPointer, placeholder: Bool) -> Bool {
        let blank = count > 0 ? 1 : 0
        guard count + blank + bytes.count + (placeholder ? 3 : 0) <= target.count else { return false }
        if blank == 1 {
            target[count] = 0x20
            count += 1
        }
        for index in 0..<bytes.count { target[count &+ index] = bytes[index] }
        count += bytes.count
        if placeholder {
            target[count] = UInt8(ascii: "<")
            target[count + 1] = UInt8(ascii: "*")
            target[count + 2] = UInt8(ascii: ">")
            count += 3
        }
        return true
    }
}
