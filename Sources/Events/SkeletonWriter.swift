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
        var index = 0
        while index < tokenCount {
            let token = tokens[index]
            if token.verdict == .constant {
                let end = endOfConstants(tokens, from: index, count: tokenCount)
                let span = Int(token.start)..<Int(tokens[end - 1].end)
                guard append(text.cut(span), placeholder: false) else { return (index, constantWords) }
                for constant in index..<end where tokens[constant].classes.contains(.letter) { constantWords += 1 }
                afterPlaceholder = false
                index = end
                continue
            }
            index += 1
            if token.isPlaceholder {
                if afterPlaceholder { continue }
                guard append(text.cut(0..<0), placeholder: true) else { return (index - 1, constantWords) }
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
            guard isWritten else { return (index - 1, constantWords) }
            afterPlaceholder = false
            if token.classes.contains(.letter) { constantWords += 1 }
        }
        return (tokenCount, constantWords)
    }

    /// Behind the constants from `first` on that have one blank between them and fit together: they are copied at once.
    private func endOfConstants(_ tokens: UnsafeMutableBufferPointer<Token>, from first: Int, count tokenCount: Int)
        -> Int
    {
        var end = first + 1
        while end < tokenCount, tokens[end].verdict == .constant, tokens[end].start == tokens[end - 1].end + 1,
            count + Int(tokens[end].end - tokens[first].start) < target.count
        {
            end += 1
        }
        return end
    }

    /// A blank if needed, `bytes`, and `<*>` if asked; false, and nothing written, where they do not fit.
    private mutating func append(_ bytes: UnsafeRawBufferPointer, placeholder: Bool) -> Bool {
        let blank = count > 0 ? 1 : 0
        guard count + blank + bytes.count + (placeholder ? 3 : 0) <= target.count else { return false }
        if blank == 1 {
            target[count] = 0x20
            count += 1
        }
        UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(target)[count...]).copyMemory(from: bytes)
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
